//! `concord receipt`: for whoever doubts a decision.

mod replay;
mod verify;

use std::path::Path;

use anyhow::Context;
use clap::Subcommand;

use super::{Failed, Outcome, input};
use crate::decide::receipt::Signed;

// What each command does stands with its arguments, at length.
#[derive(Debug, Subcommand)]
pub(super) enum Receipt {
    Verify(verify::Verify),
    Replay(replay::Replay),
}

impl Receipt {
    pub(super) fn run(self) -> Outcome {
        match self {
            Receipt::Verify(verify) => verify.run(),
            Receipt::Replay(replay) => replay.run(),
        }
    }
}

/// The signed receipts of a file: one, a list, or one after the other.
fn documents(file: &Path) -> Result<Vec<Signed>, Failed> {
    let text = input::text(file)?;
    let documents = Signed::read_all(&text);
    let documents = documents.with_context(|| format!("{} cannot be read", file.display()));
    documents.map_err(Failed::usage)
}
