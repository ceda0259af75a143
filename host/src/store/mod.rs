//! Layer 4: remembers the shared entities, the money, applications with their decisions, and rounds.
//!
//! [`Store`] is what the layers above see; [`sqlite`] is the one that keeps a file on this machine. What a
//! check needs is in memory ([`Store::entities`]); a write is on the disk before it is there. A store
//! knows no HTTP, judges nothing, and reads no clock. What a file holds is proved by [`sqlite::check`], and copied and
//! moved by [`sqlite::copy`].

mod draft;
mod error;
mod memory;
pub mod sqlite;
mod unit;

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::application::{Application, Event, State};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind, Stored};
use crate::domain::grants::Grants;
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId, RoundId};
use crate::domain::program::Program;

pub use draft::{DecisionRecord, Draft, Paper, Sign, Text};
pub use error::{Source, StoreError};
pub use sqlite::SqliteStore;
pub use unit::{Answer, Posting, RequestKey, Undo, Unit, Work};

/// Where shared entities are kept.
///
/// A write is finished even if the caller stops waiting for it: memory and disk never part.
#[async_trait]
pub trait Store: Send + Sync {
    /// All entities, as they are now. Cheap: it reads no disk, and what it gives does not change.
    fn entities(&self) -> Arc<Entities>;

    /// What applications are granted now. Cheap, too.
    fn grants(&self) -> Grants;

    /// One entity and its version.
    async fn get(&self, kind: EntityKind, id: &str) -> Result<Option<Stored>, StoreError>;

    /// A page of the entities of a kind that a filter lets through, by id.
    async fn list(
        &self,
        kind: EntityKind,
        filter: &Filter,
        page: &Page,
    ) -> Result<Listing, StoreError>;

    /// Writes an entity, if there is what was expected and nothing is wrong with it. What a fund or voucher
    /// states of money is booked with it.
    async fn put(
        &self,
        entity: Entity,
        expect: Expect,
        now: jiff::Timestamp,
    ) -> Result<Stored, StoreError>;

    /// Puts the first entities into a fresh store, all or none. A store is fresh until it is seeded or
    /// anything but a program is put there; one that was emptied since is not.
    async fn seed(
        &self,
        entities: Vec<Entity>,
        now: jiff::Timestamp,
    ) -> Result<Seeding, StoreError>;

    /// Takes over a program as its file lays it down. An unchanged one keeps its version.
    async fn mirror(&self, program: Program) -> Result<Stored, StoreError>;

    /// Records a round as it came out, behind what was recorded of it before. What is the same as the last
    /// record is not recorded again. Says whether the record is new.
    async fn record_round(
        &self,
        program: &ProgramId,
        round: &RoundId,
        body: String,
        now: jiff::Timestamp,
    ) -> Result<(RoundRecord, bool), StoreError>;

    /// A round as it was recorded last.
    async fn round(
        &self,
        program: &ProgramId,
        round: &RoundId,
    ) -> Result<Option<RoundRecord>, StoreError>;

    /// Does work on applications and money as a unit: what it did is on the disk when this gives back `true`, and
    /// none of it is done where it gives back `false` or an error.
    async fn work(&self, work: Work) -> Result<bool, StoreError>;

    /// An application as it stands, with what was done to it.
    async fn application(
        &self,
        id: &ApplicationId,
    ) -> Result<Option<(Application, Vec<Event>)>, StoreError>;

    /// A page of a program's applications, in the order of submission, and the id to go on behind.
    async fn applications(
        &self,
        program: &ProgramId,
        filter: &ApplicationFilter,
        page: &Page,
    ) -> Result<(Vec<Application>, Option<String>), StoreError>;

    /// A recorded decision.
    async fn decision(&self, id: &DecisionId) -> Result<Option<DecisionRecord>, StoreError>;

    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what is under way and lets go of the files. The store answers nothing after.
    async fn close(&self);
}

/// Which applications to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// Those in this state.
    pub state: Option<State>,
}

/// What a writer expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No entity with this id.
    New,
    /// The entity at this version.
    Version(i64),
    /// Whatever is there, or nothing.
    Anything,
}

/// A recorded round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRecord {
    /// Its number among the records of the round, from 1.
    pub number: i64,
    /// When it was recorded.
    pub recorded: jiff::Timestamp,
    /// What came out, as JSON.
    pub body: String,
}

/// Which entities to list. An entity that has no city, or no sort, passes no filter by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this city; a program or fund is of every city that takes part in it.
    pub city: Option<String>,
    /// Of this sort, such as `enterprise`.
    pub sort: Option<String>,
    /// With this in the name, in any language, in small or capital letters.
    pub text: Option<String>,
}

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Begin behind this id.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A part of a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The entities, by id.
    pub items: Vec<Stored>,
    /// The id to go on behind; none at the end.
    pub next: Option<String>,
}

/// Whether a store was seeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeding {
    /// It was fresh, and is no more.
    Done,
    /// It was not fresh; nothing was written.
    NotFresh,
}
