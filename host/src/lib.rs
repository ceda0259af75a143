//! Concord: a host for regional cooperation programs, whose cities' rules run as sandboxed policies.
//!
//! Where a newcomer finds what, from the outside to the inside. A layer imports only what stands below it.
//!
//! - [`cli`]: the command line, a file for each command.
//! - [`http`]: layer 1, bytes ⇄ domain. Every route is a line in `http/router.rs`.
//! - [`review`]: the reviewer's tools, on top of `decide`.
//! - [`config`]: from files to checked configuration.
//! - [`apply`]: applications, decided and recorded, with their money moved, all of it or nothing.
//! - [`decide`]: layer 2, which bindings, run each, combine. Pure but for the call into the engine.
//! - [`engine`]: layer 3, runs one policy on one dossier, in a fresh, sealed instance.
//! - [`store`]: layer 4, remembers.
//! - [`keys`]: beside the store, what the host signs with.
//! - [`domain`]: the nouns. It knows nobody.
//!
//! A check opens `http/check.rs`, then `decide/mod.rs`, then `engine/mod.rs`.
//!
//! The contract with policies is in `wit/`; what both sides read alike (`policy.toml`, values, three-valued
//! truth) is the crate `concord-contract`.

// From the outside …
pub mod cli;
pub mod http;

// … through what decides …
pub mod apply;
pub mod config;
pub mod decide;
pub mod review;

// … to what runs and remembers …
pub mod engine;
pub mod keys;
pub mod store;

// … and what everything is about.
pub mod domain;
