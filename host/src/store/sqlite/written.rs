//! What units write: gathered in memory, and put into the database together, in a few statements.

use std::collections::BTreeMap;

use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{applications, ledger};
use crate::domain::application::{Application, Event};
use crate::domain::ids::ApplicationId;
use crate::domain::purse::Transfer;
use crate::store::{Answer, DecisionRecord, Posting, StoreError};

/// How many rows go into one statement.
const ROWS: usize = 500;

/// What was written, and the applications that were read on the way.
#[derive(Default)]
pub(super) struct Written {
    pub(super) applications: BTreeMap<ApplicationId, Kept>,
    pub(super) events: Vec<Done>,
    pub(super) entries: Vec<Entry>,
    pub(super) transfers: Vec<(i64, Transfer)>,
    pub(super) decisions: Vec<DecisionRecord>,
    pub(super) answers: BTreeMap<(String, String), Answer>,
}

/// An application as it stands.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) application: Application,
    /// How many events it has.
    pub(super) events: i64,
    /// Whether it is otherwise than in the database.
    pub(super) changed: bool,
}

/// An event of an application, with its number and the entry of the ledger that belongs to it.
pub(super) struct Done {
    pub(super) application: ApplicationId,
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
    pub(super) application: Option<ApplicationId>,
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
        self.decisions.extend(later.decisions);
        self.answers.extend(later.answers);
    }

    /// Books an entry under its number.
    pub(super) fn post(&mut self, number: i64, posting: &Posting<'_>) {
        self.entries.push(Entry {
            number,
            at: posting.at.to_string(),
            by: posting.by.to_owned(),
            what: posting.what.to_owned(),
            application: posting.application.cloned(),
        });
        self.transfers.extend(posting.transfers.iter().map(|transfer| (number, transfer.clone())));
    }

    /// Puts all of it into the database. What is referred to goes first: SQLite looks through a whole table for what
    /// may have waited for a row.
    pub(super) async fn flush(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let changed: Vec<_> = self.applications.values().filter(|kept| kept.changed).collect();
        applications::write(connection, &changed).await?;
        ledger::insert(connection, &self.entries, &self.transfers).await?;
        applications::add_events(connection, &self.events).await?;
        applications::record(connection, &self.decisions).await?;
        let answers: Vec<_> = self.answers.iter().collect();
        applications::answer(connection, &answers).await
    }
}

/// Inserts rows, many with one statement.
pub(super) async fn insert<T>(
    connection: &mut SqliteConnection,
    into: &str,
    rows: &[T],
    conflict: &str,
    mut row: impl FnMut(Separated<'_, Sqlite, &'static str>, &T),
) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(format!("INSERT INTO {into} "));
        query.push_values(rows, &mut row).push(conflict);
        // Each number of rows makes a statement of its own: none is worth keeping.
        query.build().persistent(false).execute(&mut *connection).await?;
    }
    Ok(())
}
