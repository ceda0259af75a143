//! `concord key`: the keys that receipts are signed with.

mod rotate;
mod show;

use clap::Subcommand;

use super::Outcome;

// What each command does stands with its arguments, at length.
#[derive(Debug, Subcommand)]
pub(super) enum Key {
    Show(show::Show),
    Rotate(rotate::Rotate),
}

impl Key {
    pub(super) fn run(self) -> Outcome {
        match self {
            Key::Show(show) => show.run(),
            Key::Rotate(rotate) => rotate.run(),
        }
    }
}
