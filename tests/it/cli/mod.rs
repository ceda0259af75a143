//! The command line: whole runs, with the exit code and both streams.

mod batch;
mod check;
mod help;
mod key;
mod new;
mod policy;
mod promise;
mod receipt;
mod review;
mod select;
mod serve;
mod store;
