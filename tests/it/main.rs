//! The integration tests, by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect ends there"
)]
// A guest that no test runs is dead code.
#![deny(dead_code)]

mod support;

mod engine;
mod laws;
