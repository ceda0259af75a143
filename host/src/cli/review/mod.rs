//! `concord review`: for reviewers.

mod matrix;
mod test;

use clap::Subcommand;

use super::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Review {
    /// Check one case against every program that it fits.
    Matrix(matrix::Matrix),
    /// Run all sample cases of all programs.
    Test(test::Test),
}

impl Review {
    pub(super) fn run(self) -> Outcome {
        match self {
            Review::Matrix(matrix) => matrix.run(),
            Review::Test(test) => test.run(),
        }
    }
}
