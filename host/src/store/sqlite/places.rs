//! Where the record has got to: the numbers that were given last.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sqlx::SqliteConnection;

use super::{applications, ledger};
use crate::domain::application::Application;
use crate::domain::ids::ProgramId;
use crate::store::{DecisionRecord, Link, StoreError};

/// Where the record has got to, as one unit sees it.
#[derive(Clone)]
pub(super) struct Places {
    sequence: i64,
    entry: i64,
    programs: BTreeMap<ProgramId, Place>,
}

/// Where a program has got to.
#[derive(Clone)]
struct Place {
    number: i64,
    decision: Option<Link>,
}

impl Places {
    /// Where everything has got to; programs are looked up when they are asked for.
    pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Places, StoreError> {
        let sequence = applications::last(connection).await?;
        let entry = ledger::last(connection).await?;
        Ok(Places { sequence, entry, programs: BTreeMap::new() })
    }

    /// The place of the next application: among all, and among those of the program.
    pub(super) async fn next(
        &mut self,
        connection: &mut SqliteConnection,
        program: &ProgramId,
    ) -> Result<(i64, i64), StoreError> {
        let sequence = self.sequence + 1;
        Ok((sequence, self.of(connection, program).await?.number + 1))
    }

    /// The newest decision of a program.
    pub(super) async fn decision(
        &mut self,
        connection: &mut SqliteConnection,
        program: &ProgramId,
    ) -> Result<Option<Link>, StoreError> {
        Ok(self.of(connection, program).await?.decision.clone())
    }

    /// Gives an entry of the ledger its number.
    pub(super) fn entry(&mut self) -> i64 {
        self.entry += 1;
        self.entry
    }

    /// An application was written.
    pub(super) fn written(&mut self, application: &Application) {
        self.sequence = self.sequence.max(application.sequence);
        if let Some(place) = self.programs.get_mut(&application.program) {
            place.number = place.number.max(application.number);
        }
    }

    /// A decision was recorded.
    pub(super) fn decided(&mut self, decision: &DecisionRecord) {
        if let Some(place) = self.programs.get_mut(&decision.program) {
            place.decision = Some(decision.link.clone());
        }
    }

    async fn of(
        &mut self,
        connection: &mut SqliteConnection,
        program: &ProgramId,
    ) -> Result<&mut Place, StoreError> {
        match self.programs.entry(program.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let number = applications::last_of(connection, program).await?;
                let decision = applications::newest(connection, program).await?;
                Ok(new.insert(Place { number, decision }))
            }
        }
    }
}
