//! A unit of work on applications and money: all of it is kept, or none.

use std::sync::Arc;

use concord_contract::language::Language;

use super::{Draft, StoreError, Text};
use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::purse::Transfer;

/// What a unit of work sees and does. What it did, it sees; nobody else does before it is kept.
pub trait Unit {
    /// The entities and books as they stand.
    fn entities(&self) -> &Entities;

    /// An application as it stands.
    fn application(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError>;

    /// The place of the next application: among all, and among those of the program.
    fn next(&mut self, program: &ProgramId) -> Result<(i64, i64), StoreError>;

    /// The number of a program's next decision.
    fn next_decision(&mut self, program: &ProgramId) -> Result<i64, StoreError>;

    /// What was answered to a request before.
    fn answered(&mut self, request: &RequestKey) -> Result<Option<Answer>, StoreError>;

    /// Records what is answered to a request about an application that was read or written here.
    fn answer(&mut self, request: &RequestKey, answer: Answer) -> Result<(), StoreError>;

    /// Records a decision behind the newest of its program.
    fn record(&mut self, decision: Draft) -> Result<(), StoreError>;

    /// Writes an application as something that was done has left it, and moves the money. Where there is not so
    /// much, nothing is written: [`StoreError::Short`].
    fn write(
        &mut self,
        application: Arc<Application>,
        event: Event,
        transfers: &[Transfer],
    ) -> Result<(), StoreError>;

    /// Moves money of which no application is the reason.
    fn post(&mut self, posting: &Posting<'_>) -> Result<(), StoreError>;
}

/// Transfers that belong together, with who made them and why.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'a> {
    /// When.
    pub at: jiff::Timestamp,
    /// Who.
    pub by: &'a str,
    /// What for, in a word.
    pub what: &'a str,
    /// The transfers.
    pub transfers: &'a [Transfer],
}

/// By what a request is known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestKey {
    /// The caller's key. It stands first, so that two are told apart by it: few routes differ.
    pub key: String,
    /// The route that it came by.
    pub scope: String,
}

/// What was answered to a request that had an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The application that it is about.
    pub application: ApplicationId,
    /// The digest of the request's body.
    pub digest: String,
    /// The status of the answer.
    pub status: u16,
    /// The language of its body.
    pub language: Language,
    /// Its body.
    pub body: Text,
    /// When it was given.
    pub at: jiff::Timestamp,
}

/// Why nothing of a unit is kept.
#[derive(Debug)]
pub enum Undo {
    /// The one who asked said so.
    Refused,
    /// The store failed.
    Failed(StoreError),
}

impl From<StoreError> for Undo {
    fn from(error: StoreError) -> Undo {
        Undo::Failed(error)
    }
}

/// Work to be done as a unit.
pub type Work = Box<dyn FnOnce(&mut dyn Unit) -> Result<(), Undo> + Send>;
