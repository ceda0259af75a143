//! `concord review`: for reviewers.

mod entries;
mod matrix;
mod test;

use clap::Subcommand;

use super::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Review {
    /// Check one case against every program that it fits.
    Matrix(matrix::Matrix),
    /// Make entries to try a round out with.
    Entries(entries::Entries),
    /// Run all sample cases of all programs.
    Test(test::Test),
}

impl Review {
    pub(super) fn run(self) -> Outcome {
        match self {
            Review::Matrix(matrix) => matrix.run(),
            Review::Entries(entries) => entries.run(),
            Review::Test(test) => test.run(),
        }
    }
}
