//! What a Concord host and its policies agree on, in one place for both.
//!
//! - [`truth`]: three-valued logic.
//! - [`money`]: money in minor units.
//! - [`subject`], [`kind`]: the closed lists of the contract.
//! - With the feature `manifest`: [`raw`] (untyped input), [`value`] (typed input), [`language`] (texts in
//!   three languages) and [`manifest`] (the file `policy.toml`).
//!
//! It does no I/O and knows neither the engine nor the guest.

pub mod kind;
pub mod money;
pub mod subject;
pub mod truth;

#[cfg(feature = "manifest")]
mod column;
#[cfg(feature = "manifest")]
pub mod dates;
#[cfg(feature = "manifest")]
pub mod language;
#[cfg(feature = "manifest")]
pub mod manifest;
#[cfg(feature = "manifest")]
pub mod place;
#[cfg(feature = "manifest")]
pub mod raw;
#[cfg(feature = "manifest")]
pub mod value;

pub use iso_currency::Currency;
pub use jiff::civil::Date;
pub use kind::Kind;
pub use money::Money;
pub use rust_decimal::Decimal;
pub use subject::Subject;
pub use truth::Truth;

/// The version of the contract that this crate speaks, as in the WIT package `concord:policy`.
pub const CONTRACT: &str = "0.1.0";

/// The custom section that holds a policy's `policy.toml`.
pub const MANIFEST_SECTION: &str = "concord:policy-toml";

/// The custom section that holds the contract version a policy was built for.
pub const CONTRACT_SECTION: &str = "concord:contract";
