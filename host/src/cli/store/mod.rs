//! `concord store`: what a store holds, proved, copied and moved.

mod backup;
mod check;
mod export;
mod import;

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Subcommand;
use indicatif::ProgressBar;

use super::{ConfigArg, Failed, Outcome, input, output};
use crate::decide::receipt;
use crate::domain::digest::sha256;
use crate::keys::{self, JwkSet, KeysError, VerifyError};
use crate::store::StoreError;
use crate::store::sqlite::check::{Report, Unproved, Watch};

// What each command does stands with its arguments, at length.
#[derive(Debug, Subcommand)]
pub(super) enum Store {
    Check(check::Check),
    Backup(backup::Backup),
    Export(export::Export),
    Import(import::Import),
}

impl Store {
    pub(super) fn run(self) -> Outcome {
        match self {
            Store::Check(check) => check.run(),
            Store::Backup(backup) => backup.run(),
            Store::Export(export) => export.run(),
            Store::Import(import) => import.run(),
        }
    }
}

/// Where the store stands.
#[derive(Debug, clap::Args)]
struct DataArg {
    /// The data folder, instead of the configuration's; the keys are then in its folder `keys`.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArg,
}

/// The folder of the store, and that of the keys.
struct Folders {
    data: PathBuf,
    keys: PathBuf,
}

impl DataArg {
    fn folders(&self) -> Result<Folders, Failed> {
        if let Some(data) = &self.data {
            return Ok(Folders { data: data.clone(), keys: data.join("keys") });
        }
        let host = input::config(&self.config.config)?.host;
        Ok(Folders { data: host.data, keys: host.keys })
    }
}

impl Folders {
    /// The public keys. Where no host was started yet there are none, and nothing is signed.
    fn public_keys(&self) -> Result<JwkSet, Failed> {
        match keys::public(&self.keys) {
            Err(KeysError::None { .. }) => Ok(JwkSet::default()),
            keys => keys.map_err(Failed::usage),
        }
    }
}

/// What is wrong with a receipt and its signature.
fn prover(keys: JwkSet) -> impl Fn(&str, &str) -> Vec<Unproved> + Sync {
    move |text, signature| {
        let signature = keys::verify(&sha256(text.as_bytes()), signature, &keys).err();
        let signature = signature.map(|error| match error {
            VerifyError::UnknownKey(key) => Unproved::NoKey(key),
            error => Unproved::Wrong(error.to_string()),
        });
        let receipt = receipt::read(text).err();
        let receipt = receipt.map(|error| Unproved::Wrong(error.to_string()));
        signature.into_iter().chain(receipt).collect()
    }
}

/// Does something that waits, to its end.
fn wait<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work))
}

/// A store that is not there, or not of this version, is for the caller to mend.
fn failed(error: StoreError) -> Failed {
    match error {
        StoreError::Missing(_) | StoreError::Layout(_) | StoreError::File { .. } => {
            Failed::usage(error)
        }
        error => error.into(),
    }
}

/// The faults of a store, as an error that names them.
fn faulty(report: &Report) -> Failed {
    let lines: Vec<_> = report.flaws.iter().map(|flaw| format!("  {flaw}")).collect();
    anyhow!("what it holds does not agree with itself:\n{}", lines.join("\n")).into()
}

/// Rows are counted on a bar.
struct Bar(ProgressBar);

impl Bar {
    fn new(what: &str) -> Bar {
        Bar(output::progress(0, what))
    }
}

impl Watch for Bar {
    fn begin(&self, rows: u64) {
        self.0.set_length(rows);
        self.0.set_position(0);
    }

    fn advance(&self, rows: u64) {
        self.0.inc(rows);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
