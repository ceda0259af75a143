//! The sandbox: what it refuses, what it survives, and that nothing is left behind.

mod fresh;
mod hostile;
mod refused;
