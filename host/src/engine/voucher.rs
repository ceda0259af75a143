//! The `voucher` interface: what a voucher pays of an order.

use super::state::State;
use super::wit::{types, voucher};

impl voucher::Host for State {
    fn cover(&mut self, amount: Option<types::Money>) -> wasmtime::Result<()> {
        Ok(self.grant_amount("a cover", amount)?)
    }
}
