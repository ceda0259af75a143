//! `concord key rotate`: a new key to sign with.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{ConfigArg, Failed, Outcome, input, output};
use crate::keys::Keys;

/// Make a new key to sign with from now on, or the first one.
///
/// Of the key before it, only the public half is kept: it signs no more, and what it has signed still verifies. A
/// host that is running takes the new key when it starts again.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Rotate {
    /// Print the new key's id and the set of all public keys as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

impl Rotate {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let now = jiff::Timestamp::now();
        let keys = Keys::rotate(&config.host.keys, now).map_err(Failed::usage)?;
        if self.json {
            output::say_json(&json!({ "key": keys.id(), "public": keys.public() }))?;
        } else {
            output::say(&format!("new key: {}", keys.id()));
            output::tell("a running host takes it when it starts again");
        }
        Ok(ExitCode::SUCCESS)
    }
}
