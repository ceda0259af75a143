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

/// The allocator that the host is shipped with, for all that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use anyhow::{Result, bail};
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

/// Holds two answers against each other; where they part, the error shows a little of both.
pub fn alike(concord: &[u8], native: &[u8]) -> Result<()> {
    let differ = |(one, other): (&u8, &u8)| one != other;
    let lengths = (concord.len() != native.len()).then(|| concord.len().min(native.len()));
    let Some(at) = concord.iter().zip(native).position(differ).or(lengths) else { return Ok(()) };
    let around = |text: &[u8]| {
        let start = at.saturating_sub(100);
        String::from_utf8_lossy(text.get(start..text.len().min(at + 100)).unwrap_or_default())
            .into_owned()
    };
    bail!(
        "the answers part at byte {at}.\nConcord: {}\nnative: {}",
        around(concord),
        around(native)
    )
}
