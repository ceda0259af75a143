//! The `funding` interface: awards and entitlements of a fund.

use super::state::State;
use super::wit::{funding, types};

impl funding::Host for State {
    fn award(&mut self, amount: Option<types::Money>) -> wasmtime::Result<()> {
        Ok(self.grant_amount("an award", amount)?)
    }

    fn entitle(&mut self, entitlement: u32, due: types::Truth) -> wasmtime::Result<()> {
        Ok(self.entitle_in_kind(entitlement, due)?)
    }

    fn entitle_to(
        &mut self,
        entitlement: u32,
        amount: Option<types::Money>,
    ) -> wasmtime::Result<()> {
        Ok(self.entitle_amount(entitlement, amount)?)
    }
}
