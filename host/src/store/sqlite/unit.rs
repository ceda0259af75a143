//! A unit of work, as the store of one file does it: what it reads was committed, or stands among what is about to be.

use std::sync::Arc;

use rusqlite::Connection;

use super::applications;
use super::places::Places;
use super::queue::failed;
use super::written::{Answered, Done, Kept, Written};
use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::purse::Transfer;
use crate::store::{Answer, Draft, Posting, RequestKey, StoreError, Unit};

/// What a unit goes by, and what it leaves to the next one if it is kept.
#[derive(Clone)]
pub(super) struct State {
    pub(super) entities: Entities,
    pub(super) places: Places,
}

/// What is about to be committed before a unit: by those that are committed with it, and those before, oldest first.
pub(super) struct Before<'t> {
    pub(super) together: &'t Written,
    pub(super) under_way: &'t [Arc<Written>],
}

/// A unit.
pub(super) struct SqliteUnit<'t> {
    pub(super) reading: &'t Connection,
    pub(super) before: Before<'t>,
    pub(super) state: State,
    pub(super) written: Written,
}

impl Unit for SqliteUnit<'_> {
    fn entities(&self) -> &Entities {
        &self.state.entities
    }

    fn application(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError> {
        if self.known(id).is_none() {
            let found = applications::kept(self.reading, id)?;
            let Some(kept) = found else { return Ok(None) };
            self.written.applications.insert(id.clone(), kept);
        }
        Ok(self.known(id).map(|kept| Application::clone(&kept.application)))
    }

    fn next(&mut self, program: &ProgramId) -> Result<(i64, i64), StoreError> {
        self.state.places.next(self.reading, program)
    }

    fn next_decision(&mut self, program: &ProgramId) -> Result<i64, StoreError> {
        self.state.places.next_decision(self.reading, program)
    }

    fn answered(&mut self, request: &RequestKey) -> Result<Option<Answer>, StoreError> {
        if let Some(told) = self.written().find_map(|written| written.answers.get(request)) {
            return Ok(Some(told.answer.clone()));
        }
        applications::answered(self.reading, request)
    }

    fn answer(&mut self, request: &RequestKey, answer: Answer) -> Result<(), StoreError> {
        let about = self.known(&answer.application).map(|kept| kept.application.clone());
        let about = about.ok_or_else(|| {
            failed(format!("an answer about \"{}\", which was not read", answer.application))
        })?;
        self.written.answers.insert(request.clone(), Answered { answer, about });
        Ok(())
    }

    fn record(&mut self, decision: Draft) -> Result<(), StoreError> {
        let newest = self.state.places.decided(self.reading, &decision)?;
        self.written.drafts.push((decision, newest));
        Ok(())
    }

    fn write(
        &mut self,
        application: Arc<Application>,
        event: Event,
        transfers: &[Transfer],
    ) -> Result<(), StoreError> {
        let entry = match transfers {
            [] => None,
            transfers => {
                let posting =
                    Posting { at: event.at, by: &event.by, what: event.what.as_str(), transfers };
                Some(self.book(&posting, Some(application.sequence))?)
            }
        };
        // Whatever was not read before is new.
        let number = self.known(&application.id).map_or(0, |kept| kept.events) + 1;
        let id = application.id.clone();
        self.written.events.push(Done { application: application.sequence, number, entry, event });
        self.state.places.written(&application);
        self.state.entities.books_mut().take_over(&application);
        self.written.applications.insert(id, Kept { application, events: number, changed: true });
        Ok(())
    }

    fn post(&mut self, posting: &Posting<'_>) -> Result<(), StoreError> {
        self.book(posting, None).map(drop)
    }
}

impl SqliteUnit<'_> {
    /// All that is not yet on the disk, newest first.
    fn written(&self) -> impl Iterator<Item = &Written> {
        let under_way = self.before.under_way.iter().rev().map(AsRef::as_ref);
        [&self.written, self.before.together].into_iter().chain(under_way)
    }

    /// An application, where it was read or written and that is not yet on the disk.
    fn known(&self, id: &ApplicationId) -> Option<&Kept> {
        self.written().find_map(|written| written.applications.get(id))
    }

    fn book(&mut self, posting: &Posting<'_>, application: Option<i64>) -> Result<i64, StoreError> {
        let books = self.state.entities.books_mut();
        books.apply(posting.transfers).map_err(StoreError::Short)?;
        let number = self.state.places.entry();
        self.written.post(number, posting, application);
        Ok(number)
    }
}
