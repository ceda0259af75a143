//! `concord review`: for reviewers.

mod test;

use clap::Subcommand;

use super::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Review {
    /// Run all sample cases of all programs.
    Test(test::Test),
}

impl Review {
    pub(super) fn run(self) -> Outcome {
        match self {
            Review::Test(test) => test.run(),
        }
    }
}
