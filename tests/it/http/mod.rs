//! The host over HTTP: a real server, the real policies, a real store, and callers of every kind.

mod applications;
mod bad_input;
mod batch;
pub mod check;
mod crowd;
mod entities;
mod hostile;
mod operations;
mod records;
mod rounds;
