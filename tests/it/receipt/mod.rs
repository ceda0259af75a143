//! Receipts: what they hold, and that they can be run again.

mod canonical;
mod chain;
mod content;
mod host_reads;
mod replay;
