//! `concord store import`: begins with what another host has exported.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::{Bar, DataArg, Folders, failed, faulty, prover, wait};
use crate::cli::{Failed, Outcome, output};
use crate::keys::{self, JwkSet};
use crate::store::sqlite::check::Report;
use crate::store::sqlite::copy::{self, ImportError};

/// Make a store of an export.
///
/// The data folder must be empty or not there yet. All of the export is read, its digest compared, and everything
/// checked as `concord store check` does, before any of it is put in place: a file that was cut or changed leaves
/// nothing behind. Receipts verify by the public keys that come with it; who sent it is for you to know.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Import {
    /// The export; `-` for standard input.
    file: PathBuf,
    /// Print what was imported as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArg,
}

impl Import {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let folders = self.data.folders()?;
        let report = if self.file == Path::new("-") {
            import(&folders, &mut io::stdin().lock())
        } else {
            let file = File::open(&self.file);
            let file = file.with_context(|| format!("cannot read {}", self.file.display()));
            import(&folders, &mut BufReader::new(file.map_err(Failed::usage)?))
        };
        let counted = report?.counted;
        if self.json {
            output::say_json(&json!({ "data": folders.data, "counted": counted }))?;
        } else {
            let rows: u64 = counted.values().sum();
            output::say(&format!("{rows} rows are in {}", folders.data.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn import(folders: &Folders, from: &mut dyn BufRead) -> Result<Report, Failed> {
    let bar = Bar::new("importing");
    wait(async {
        let import = copy::Import::read(from, &folders.data, &bar).await.map_err(refused)?;
        let keys = public_keys(import.keys())?;
        let report = import.check(&prover(keys.clone()), &bar).await.map_err(failed)?;
        if !report.flaws.is_empty() {
            return Err(faulty(&report));
        }
        // First, so that no receipt is ever there without its key.
        keys::add(&folders.keys, &keys)?;
        import.put_in_place().await.map_err(failed)?;
        Ok(report)
    })?
}

fn public_keys(keys: &[Value]) -> Result<JwkSet, Failed> {
    let read = serde_json::from_value(json!({ "keys": keys }));
    read.context("what stands there as a key is none").map_err(Failed::from)
}

fn refused(error: ImportError) -> Failed {
    match error {
        ImportError::Store(error) => failed(error),
        error => Failed::usage(error),
    }
}
