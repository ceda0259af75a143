//! What units write: gathered in memory, to be put into the database together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::application::{Application, Event};
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::purse::Transfer;
use crate::store::{Answer, Draft, Paper, Posting, RequestKey, Sign};

/// What was written, and the applications that were read on the way.
#[derive(Default)]
pub(super) struct Written {
    pub(super) applications: BTreeMap<ApplicationId, Kept>,
    pub(super) events: Vec<Done>,
    pub(super) entries: Vec<Entry>,
    pub(super) transfers: Vec<(i64, Transfer)>,
    /// Decisions, each with the digest of the newest receipt that was there when its program was first asked for.
    pub(super) drafts: Vec<(Draft, Option<String>)>,
    pub(super) answers: BTreeMap<RequestKey, Answered>,
}

/// An application as it stands.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) application: Arc<Application>,
    /// How many events it has.
    pub(super) events: i64,
    /// Whether it is otherwise than in the database.
    pub(super) changed: bool,
}

/// What is answered to a request, and the application that it is about.
pub(super) struct Answered {
    pub(super) answer: Answer,
    pub(super) about: Arc<Application>,
}

/// A decision whose receipt is written, and not signed yet.
pub(super) struct Decided {
    pub(super) program: ProgramId,
    pub(super) number: i64,
    pub(super) application: i64,
    pub(super) paper: Paper,
}

/// Units that were done together, with all that is to be put down of them.
pub(super) struct Ready {
    pub(super) written: Arc<Written>,
    pub(super) decisions: Vec<Decided>,
    /// Signs the receipts of the decisions; none where there are none.
    pub(super) signer: Option<Arc<dyn Sign>>,
}

/// An event of an application, with its number and the entry of the ledger that belongs to it. The application is named
/// by its place among all, here and wherever something is put down beside it.
pub(super) struct Done {
    pub(super) application: i64,
    pub(super) number: i64,
    pub(super) entry: Option<i64>,
    pub(super) event: Event,
}

/// An entry of the ledger.
pub(super) struct Entry {
    pub(super) number: i64,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) what: String,
    pub(super) application: Option<i64>,
}

impl Written {
    /// Takes over what another unit wrote after this.
    pub(super) fn take_over(&mut self, later: Written) {
        for (id, kept) in later.applications {
            let changed = self.applications.get(&id).is_some_and(|before| before.changed);
            let changed = changed || kept.changed;
            self.applications.insert(id, Kept { changed, ..kept });
        }
        self.events.extend(later.events);
        self.entries.extend(later.entries);
        self.transfers.extend(later.transfers);
        self.drafts.extend(later.drafts);
        self.answers.extend(later.answers);
    }

    /// Books an entry under its number.
    pub(super) fn post(&mut self, number: i64, posting: &Posting<'_>, application: Option<i64>) {
        self.entries.push(Entry {
            number,
            at: posting.at.to_string(),
            by: posting.by.to_owned(),
            what: posting.what.to_owned(),
            application,
        });
        self.transfers.extend(posting.transfers.iter().map(|transfer| (number, transfer.clone())));
    }

    /// The applications that are otherwise than in the database.
    pub(super) fn changed(&self) -> impl Iterator<Item = &Application> {
        let changed = self.applications.values().filter(|kept| kept.changed);
        changed.map(|kept| kept.application.as_ref())
    }
}

impl Ready {
    /// Whether there is nothing to be put down.
    pub(super) fn is_empty(&self) -> bool {
        let Written { events, entries, answers, .. } = &*self.written;
        events.is_empty() && entries.is_empty() && answers.is_empty() && self.decisions.is_empty()
    }
}
