//! Write a Concord policy: one city's or one program's rules.
//!
//! A policy is a crate with a `policy.toml`, which declares what it reads and what it reports, and one
//! function, which reports it:
//!
//! ```ignore
//! concord_policy::policy!("policy.toml");
//!
//! fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
//!     ruling.clause(Clause::Maturity, case.project().trl().between(p.min_trl(), p.max_trl()));
//!     ruling.award(case.project().requested().min(p.cap()));
//! }
//! ```
//!
//! [`policy!`] reads `policy.toml` and makes of it:
//!
//! - `Case`, with an accessor for each subject and fact. An accessor gives a [`Fact`], which is pulled from
//!   the host when it is asked about and not before: ask about a fact inside the clause that needs it, and
//!   the host's record says which facts each clause used.
//! - `Params`, with an accessor for each parameter.
//! - `Clause`, `Note`, `Fund`, `Tier`, `Entitlement`, `Criterion`: a constant for each that is declared. One
//!   that the code never uses is a compile error.
//! - an enum for each list of choices.
//! - `Ruling`, with what this kind of policy may grant.
//! - in tests, `Case::on(year, month, day)`: a builder, to run `decide` as plain Rust.
//!
//! What is not known stays unknown: conditions are [`Truth`]s of three values, and sums of unknown amounts
//! are unknown ([`Maybe`]).
//!
//! Newcomers read [`fact`] first, then [`ruling`]. [`dossier`] is the one door to the host; behind it stands
//! `guest` in a component and `native` in a test.

pub mod calendar;
pub mod fact;
pub mod maybe;
pub mod rows;

pub mod registry;
pub mod ruling;
pub mod weigh;

pub mod dossier;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod native;

#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use concord_contract::{Currency, Date, Decimal, Kind, Money, Subject, Truth};
pub use concord_policy_macro::policy;
pub use fact::Fact;
pub use maybe::{Maybe, Read};

/// The contract version, as it is embedded in a component.
#[doc(hidden)]
pub use concord_contract::CONTRACT;

/// What [`policy!`] brings into scope.
pub mod prelude {
    pub use crate::maybe::{Maybe, Read};
    pub use crate::{Date, Decimal, Fact, Money, Truth, calendar, registry, weigh};
}
