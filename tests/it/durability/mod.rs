//! What was acknowledged stays, whatever happens to the process or the disk below it.

mod client;
mod disk;
mod kill;
mod moving;
