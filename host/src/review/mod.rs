//! The reviewer's tools, on top of `decide`: sample cases with what is expected of them.
//!
//! [`case_file`] reads a file of cases, [`expect`] holds a decision or ruling against what was expected,
//! [`suite`] runs all cases of a program or policy, [`promise`] holds a policy's promises against made-up
//! cases, [`lint`] says what the cases of a policy leave open, [`report`] writes results out. [`generate`]
//! makes entries to try a round out with.

pub mod case_file;
pub mod expect;
pub mod generate;
pub mod lint;
pub mod promise;
pub mod report;
pub mod suite;
