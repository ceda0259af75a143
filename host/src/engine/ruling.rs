//! The `ruling` interface: the truth of clauses, and remarks.

use concord_contract::Subject;

use super::report::{Cause, ClauseReport, Failure};
use super::state::{State, bad_index};
use super::wit::{ruling, types};

impl ruling::Host for State {
    fn clause(
        &mut self,
        clause: u32,
        item: Option<u32>,
        truth: types::Truth,
    ) -> wasmtime::Result<()> {
        let scope = self.tables.clauses.get(clause as usize).copied();
        let scope = scope.ok_or_else(|| bad_index("clause", clause, self.tables.clauses.len()))?;
        match (scope, item) {
            (None, None) => {}
            (Some(subject), Some(item)) => self.check_item(subject, item)?,
            (Some(_), None) | (None, Some(_)) => {
                let of = if scope.is_some() { "each item" } else { "the case as a whole" };
                let detail =
                    format!("clause {clause} is asked of {of}; the policy reported otherwise");
                return Err(Failure::new(Cause::BadIndex, detail).into());
            }
        }
        let reads = self.reads_since();
        Ok(self.report_clause(ClauseReport { clause, item, truth: truth.into(), reads })?)
    }

    fn note(&mut self, note: u32, item: Option<u32>) -> wasmtime::Result<()> {
        if note as usize >= self.tables.notes {
            return Err(bad_index("note", note, self.tables.notes).into());
        }
        if let Some(item) = item {
            self.check_item(Subject::Parties, item)?;
        }
        self.reads_since();
        if self.report.notes.contains(&(note, item)) {
            let detail = format!("the policy made remark {note} twice");
            return Err(Failure::new(Cause::GrantTwice, detail).into());
        }
        self.report.notes.push((note, item));
        Ok(())
    }
}
