//! `concord store backup`: a copy of the database.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::{DataArg, failed, wait};
use crate::cli::{Outcome, output};
use crate::store::sqlite::copy::backup;

/// Copy the store into one file, as it is at one moment.
///
/// A host may go on writing meanwhile. The file is for its owner alone; it is synced and checked before it gets its
/// name, and takes the place of no other. To begin with it, put it into an empty data folder as `concord.sqlite`. Keys
/// are not in it: keep a copy of their folder too.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Backup {
    /// The file to make.
    file: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArg,
}

impl Backup {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let folders = self.data.folders()?;
        let bar = output::busy("copying");
        let copied = wait(backup(&folders.data, &self.file))?;
        bar.finish_and_clear();
        copied.map_err(failed)?;
        let bytes = std::fs::metadata(&self.file)?.len();
        if self.json {
            output::say_json(&json!({ "file": self.file, "bytes": bytes }))?;
        } else {
            output::say(&format!("{}: {bytes} bytes", self.file.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
