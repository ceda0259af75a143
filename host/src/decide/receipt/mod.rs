//! Receipts: a decision as a text that can be signed, kept, and run again by anyone who has the policies.
//!
//! [`write()`] makes a [`Receipt`] of a decision and what the record adds to it; [`read`] is its converse.
//! [`Replayer`] runs the policies again from a receipt alone and tells the same bytes from others. [`chain`]
//! holds receipts against each other, and [`Signed`] is the document that leaves the host. `body` has the
//! shape. A receipt holds what was read and nothing else of the case, and never why a run failed in words:
//! these may name what nobody else is to see.

pub mod body;
mod canonical;
mod chain;
mod components;
mod difference;
mod read;
mod rebuild;
mod replay;
mod signed;
mod whole;
mod write;

use jiff::Timestamp;

pub use body::{Body, Transfer};
pub use canonical::{Uncanonical, canonical};
pub use chain::{Link, Slip, chain};
pub use components::Components;
pub use difference::Difference;
pub use read::{Unreadable, read};
pub use replay::{Replayed, Replayer, Unreplayable};
pub use signed::{BadDocument, Signed};
pub(super) use write::lay_out;
pub use write::write;

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its text: canonical JSON (RFC 8785).
    pub body: String,
    /// Its digest, `sha256:` and 64 hexadecimal digits: what is signed, and what the next receipt names as the one before.
    pub digest: String,
}

/// What the record adds to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The decision's id.
    pub id: String,
    /// Its number among the decisions of its program, from 1.
    pub number: i64,
    /// The digest of the receipt before it; none of the first.
    pub previous: Option<String>,
    /// The application that it was made on, if it was.
    pub application: Option<String>,
    /// When.
    pub decided: Timestamp,
}
