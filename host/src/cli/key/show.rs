//! `concord key show`: the public halves of all keys.

use std::process::ExitCode;

use crate::cli::{ConfigArg, Failed, Outcome, input, output};
use crate::keys;

/// Print the public halves of all keys, newest first, as a JSON Web Key Set (RFC 7517).
///
/// This is what others verify receipts with: `concord receipt verify --keys FILE`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    /// As JSON, as it is without this too.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

impl Show {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let keys = keys::public(&config.host.keys).map_err(Failed::usage)?;
        output::say_json(&keys)?;
        Ok(ExitCode::SUCCESS)
    }
}
