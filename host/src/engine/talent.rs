//! The `talent` interface: tiers and entitlements of a person.

use super::grants::once;
use super::state::{State, bad_index};
use super::wit::{talent, types};

impl talent::Host for State {
    fn tier(&mut self, tier: Option<u32>) -> wasmtime::Result<()> {
        self.read_for_grant();
        if let Some(tier) = tier.filter(|tier| *tier as usize >= self.tables.tiers) {
            return Err(bad_index("tier", tier, self.tables.tiers).into());
        }
        Ok(once(&mut self.report.grant.tier, tier, "a tier")?)
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
