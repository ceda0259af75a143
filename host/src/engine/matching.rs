//! The `matching` interface: how well a supply fits a demand.

use super::grants::once;
use super::state::State;
use super::wit::{matching, types};

impl matching::Host for State {
    fn affinity(&mut self, value: Option<types::Decimal>) -> wasmtime::Result<()> {
        self.read_for_grant();
        let value = value.map(TryInto::try_into).transpose()?;
        Ok(once(&mut self.report.grant.affinity, value, "an affinity")?)
    }
}
