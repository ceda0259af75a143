//! Concord.
pub mod decide;
pub mod domain;
pub mod engine;
