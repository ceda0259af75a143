//! The sandbox: what it refuses, what it survives, and that nothing is left behind.

mod cache;
mod fresh;
mod hostile;
mod refused;
