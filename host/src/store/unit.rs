//! A unit of work on applications and money: all of it is kept, or none.

use std::pin::Pin;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId};
use crate::domain::purse::Transfer;

/// What a unit of work sees and does. What it did, it sees; nobody else does before it is kept.
#[async_trait]
pub trait Unit: Send {
    /// The entities and books as they stand.
    fn entities(&self) -> &Entities;

    /// An application as it stands.
    async fn application(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError>;

    /// The place of the next application: among all, and among those of the program.
    async fn next(&mut self, program: &ProgramId) -> Result<(i64, i64), StoreError>;

    /// The newest decision of a program, if there is one.
    async fn newest_decision(&mut self, program: &ProgramId) -> Result<Option<Link>, StoreError>;

    /// What was answered to a request before.
    async fn answered(&mut self, scope: &str, key: &str) -> Result<Option<Answer>, StoreError>;

    /// Records what is answered to a request.
    async fn answer(&mut self, scope: &str, key: &str, answer: &Answer) -> Result<(), StoreError>;

    /// Records a decision behind the newest of its program.
    async fn record(&mut self, decision: &DecisionRecord) -> Result<(), StoreError>;

    /// Writes an application as something that was done has left it, and moves the money. Where there is not so
    /// much, nothing is written: [`StoreError::Short`].
    async fn write(
        &mut self,
        application: &Application,
        event: &Event,
        transfers: &[Transfer],
    ) -> Result<(), StoreError>;

    /// Moves money of which no application is the reason.
    async fn post(&mut self, posting: &Posting<'_>) -> Result<(), StoreError>;
}

/// A link of a program's chain of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 1.
    pub number: i64,
    /// The digest of its receipt.
    pub digest: String,
}

/// A decision, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Its id.
    pub id: DecisionId,
    /// The program.
    pub program: ProgramId,
    /// Its place in the program's chain.
    pub link: Link,
    /// The application that it decides.
    pub application: ApplicationId,
    /// The receipt: canonical JSON (RFC 8785).
    pub receipt: String,
    /// Its signature: a detached JWS.
    pub signature: String,
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
    /// The application that it is for.
    pub application: Option<&'a ApplicationId>,
    /// The transfers.
    pub transfers: &'a [Transfer],
}

/// What was answered to a request that had an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The digest of the request's body.
    pub digest: String,
    /// The status of the answer.
    pub status: u16,
    /// Its body.
    pub body: String,
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

/// What a unit of work comes to, when it is done.
pub type Working<'u> = Pin<Box<dyn Future<Output = Result<(), Undo>> + Send + 'u>>;

/// Work to be done as a unit.
pub type Work = Box<dyn for<'u> FnOnce(&'u mut dyn Unit) -> Working<'u> + Send>;
