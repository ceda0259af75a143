//! Concord.
pub mod cli;
pub mod config;
pub mod decide;
pub mod domain;
pub mod engine;
pub mod review;
pub mod store;
