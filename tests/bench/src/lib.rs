//! Benchmarks of Concord, beside its peers. Built by `make bench` alone.
//!
//! [`fixture`] has what is measured: one case ([`fixture::CASE`]) and the program that judges it. The same
//! rule, Guangzhou's, stands beside it in three further forms: [`bare`] calls the same component with
//! wasmtime and a host written by hand, [`native`] is the rule in Rust, [`zen`] is the rule as a decision of
//! GoRules ZEN. [`Answer`] is what all of them must agree on before anything is measured.

pub mod bare;
pub mod fixture;
pub mod native;
pub mod results;
pub mod server;
pub mod zen;

use concord_contract::Truth;

/// What a ruling says, in one form for all that are measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// By clause, in the order of `policy.toml`, and by item where the clause is asked of each.
    pub clauses: Vec<(u32, Option<u32>, Truth)>,
    /// The award, in minor units.
    pub award: Option<i64>,
}

impl Answer {
    /// An answer whose clauses came in any order.
    #[must_use]
    pub fn new(mut clauses: Vec<(u32, Option<u32>, Truth)>, award: Option<i64>) -> Answer {
        clauses.sort_by_key(|(clause, item, _)| (*clause, *item));
        Answer { clauses, award }
    }
}
