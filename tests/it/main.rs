//! The integration tests, by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect ends there"
)]

mod support;

mod cli;
mod durability;
mod engine;
mod house;
mod http;
mod keys;
mod laws;
mod matrix;
mod mistakes;
mod model;
mod promise;
mod receipt;
