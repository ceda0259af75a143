//! What a run gives back: what the policy reported, what it read on the way, and how it ended.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use concord_contract::{Decimal, Money, Subject, Truth};
use serde::{Deserialize, Serialize};

/// The whole of what was observed in one run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The clauses in the order in which they were reported.
    pub clauses: Vec<ClauseReport>,
    /// Everything that was read, in order.
    pub reads: Vec<Read>,
    /// Remarks, with the item that each is about.
    pub notes: Vec<(u32, Option<u32>)>,
    /// What the policy proposed to grant.
    pub grant: Grant,
    /// What was read for the grants: ranges of [`Report::reads`].
    pub grant_reads: Vec<Range<usize>>,
    /// Units of work done.
    pub fuel: u64,
    /// Why the run did not end as it should.
    pub failure: Option<Failure>,
}

/// One clause as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseReport {
    /// Its position in the manifest.
    pub clause: u32,
    /// The item that it is about.
    pub item: Option<u32>,
    /// What the policy said.
    pub truth: Truth,
    /// What was read since the report before: a range of [`Report::reads`].
    pub reads: Range<usize>,
}

/// One thing that a policy asked the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Read {
    /// A fact, by the contract's index.
    Fact {
        /// Which item of its subject.
        item: u32,
        /// The contract's index.
        fact: u32,
        /// Which row.
        row: u32,
    },
    /// How many rows a fact has.
    Rows {
        /// Which item of its subject.
        item: u32,
        /// The contract's index.
        fact: u32,
    },
    /// How many items a subject has.
    Count(Subject),
    /// A parameter, by the contract's index.
    Parameter {
        /// The contract's index.
        parameter: u32,
        /// Which row.
        row: u32,
    },
    /// The date of the case.
    AsOf,
    /// What a fund still has to give, by its position in the manifest.
    Available(u32),
    /// The prior awards of the entity behind an item.
    Awards(Subject, u32),
    /// Whether the entity behind an item is on a shared list.
    Listed(Subject, u32),
    /// Whether the entity behind an item has signed an agreement.
    Agreed(Subject, u32),
}

/// What a policy proposed to grant. `Some(None)` is "reported, but not known".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The award of a funding policy, or the cover of a voucher policy.
    pub amount: Option<Option<Money>>,
    /// The tier.
    pub tier: Option<Option<u32>>,
    /// Entitlements in kind.
    pub entitled: BTreeMap<u32, Truth>,
    /// Entitlements of some worth.
    pub entitled_to: BTreeMap<u32, Option<Money>>,
    /// Marks.
    pub scores: BTreeMap<u32, Option<Decimal>>,
    /// How well supply and demand fit.
    pub affinity: Option<Option<Decimal>>,
}

/// Why something is undetermined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cause {
    /// A fact that is needed is not known.
    MissingFact,
    /// The policy did not report a clause.
    Unreported,
    /// The policy said of a clause that it cannot be said, though nothing that it read was missing.
    Undecided,
    /// The policy granted nothing although every clause was met.
    NoGrant,
    /// The policy trapped.
    Trap,
    /// The policy used up its fuel.
    Fuel,
    /// The policy used up its time.
    Deadline,
    /// The policy asked for more memory than it may have.
    Memory,
    /// The policy called itself too deeply.
    Stack,
    /// The policy used an index that it did not declare, or read a fact as another type.
    BadIndex,
    /// The policy asked for a shared entity that it was not granted.
    NotGranted,
    /// The policy reported a clause twice.
    ClauseTwice,
    /// The policy granted the same thing twice.
    GrantTwice,
    /// The policy granted an amount below nought.
    NegativeAmount,
    /// The policy granted money in another currency than the fund's, or two policies in unlike ones.
    Currency,
    /// The host could not run the policy.
    Host,
}

impl Cause {
    /// The word for it in JSON, logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::MissingFact => "missing-fact",
            Cause::Unreported => "unreported",
            Cause::Undecided => "undecided",
            Cause::NoGrant => "no-grant",
            Cause::Trap => "trap",
            Cause::Fuel => "fuel",
            Cause::Deadline => "deadline",
            Cause::Memory => "memory",
            Cause::Stack => "stack",
            Cause::BadIndex => "bad-index",
            Cause::NotGranted => "not-granted",
            Cause::ClauseTwice => "clause-twice",
            Cause::GrantTwice => "grant-twice",
            Cause::NegativeAmount => "negative-amount",
            Cause::Currency => "currency",
            Cause::Host => "host",
        }
    }
}

/// A run that did not end as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub cause: Cause,
    /// What happened, as a sentence.
    pub detail: String,
}

impl Failure {
    /// A failure with its cause.
    #[must_use]
    pub fn new(cause: Cause, detail: impl Into<String>) -> Failure {
        Failure { cause, detail: detail.into() }
    }

    /// The failure behind an error of the engine, if it says.
    pub(super) fn of(error: &wasmtime::Error) -> Option<Failure> {
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return Some(failure.clone());
        }
        Some(match error.downcast_ref::<wasmtime::Trap>()? {
            wasmtime::Trap::OutOfFuel => Failure::new(Cause::Fuel, "the policy used up its fuel"),
            wasmtime::Trap::Interrupt => {
                Failure::new(Cause::Deadline, "the policy used up its time")
            }
            wasmtime::Trap::StackOverflow => {
                Failure::new(Cause::Stack, "the policy called itself too deeply")
            }
            other => Failure::new(Cause::Trap, format!("the policy trapped: {other}")),
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Failure {}
