//! The `selection` interface: marks of an entry.

use super::report::{Cause, Failure};
use super::state::{State, bad_index};
use super::wit::{selection, types};

impl selection::Host for State {
    fn score(&mut self, criterion: u32, value: Option<types::Decimal>) -> wasmtime::Result<()> {
        self.read_for_grant();
        if criterion as usize >= self.tables.criteria {
            return Err(bad_index("criterion", criterion, self.tables.criteria).into());
        }
        let value = value.map(TryInto::try_into).transpose()?;
        if self.report.grant.scores.insert(criterion, value).is_some() {
            let detail = format!("the policy marked criterion {criterion} twice");
            return Err(Failure::new(Cause::GrantTwice, detail).into());
        }
        Ok(())
    }
}
