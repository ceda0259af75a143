//! Where the record has got to: the numbers that were given last.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::Connection;

use super::{applications, ledger};
use crate::domain::application::Application;
use crate::domain::ids::ProgramId;
use crate::store::{Draft, StoreError};

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
    decision: i64,
    /// The digest of the newest receipt on the disk when the program was first asked for.
    newest: Option<String>,
}

impl Places {
    /// Where everything has got to; programs are looked up when they are asked for.
    pub(super) fn read(reading: &Connection) -> Result<Places, StoreError> {
        let sequence = applications::last(reading)?;
        let entry = ledger::last(reading)?;
        Ok(Places { sequence, entry, programs: BTreeMap::new() })
    }

    /// The place of the next application: among all, and among those of the program.
    pub(super) fn next(
        &mut self,
        reading: &Connection,
        program: &ProgramId,
    ) -> Result<(i64, i64), StoreError> {
        let sequence = self.sequence + 1;
        Ok((sequence, self.of(reading, program)?.number + 1))
    }

    /// The number of a program's next decision.
    pub(super) fn next_decision(
        &mut self,
        reading: &Connection,
        program: &ProgramId,
    ) -> Result<i64, StoreError> {
        Ok(self.of(reading, program)?.decision + 1)
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

    /// A decision was recorded. Gives the digest of the newest receipt that was on the disk when the program was first
    /// asked for.
    pub(super) fn decided(
        &mut self,
        reading: &Connection,
        decision: &Draft,
    ) -> Result<Option<String>, StoreError> {
        let place = self.of(reading, &decision.program)?;
        place.decision = decision.number;
        Ok(place.newest.clone())
    }

    fn of(&mut self, reading: &Connection, program: &ProgramId) -> Result<&mut Place, StoreError> {
        match self.programs.entry(program.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let number = applications::last_of(reading, program)?;
                let newest = applications::newest(reading, program)?;
                let (decision, newest) =
                    newest.map_or((0, None), |(number, digest)| (number, Some(digest)));
                Ok(new.insert(Place { number, decision, newest }))
            }
        }
    }
}
