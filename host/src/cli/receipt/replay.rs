//! `concord receipt replay`: the policies again, from the receipt alone.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use super::documents;
use crate::cli::{ConfigArg, FAILURE, Failed, Outcome, input, output};
use crate::decide::receipt::{Components, Difference, Replayed, Replayer};
use crate::domain::digest::sha256;

/// Run the policies of receipts again, from the receipts alone, and compare what comes of it.
///
/// The file holds a signed receipt, a JSON list of them, or one after the other (NDJSON). The components are found by
/// their digests, whatever their files are called; neither store nor network is asked. Signatures are for `concord
/// receipt verify`. Fuel is compared only where the receipt names this host's version of the engine. Exit code 0: the
/// same to the byte; 1: another result, or a run that failed for a reason of the machine and cannot be repeated.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Replay {
    /// Signed receipts; `-` for standard input.
    file: PathBuf,
    /// A folder of components; without it, that of the configuration. May be given again.
    #[arg(long, value_name = "FOLDER")]
    policies: Vec<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

/// What came of one receipt.
#[derive(Debug, Serialize)]
struct Row {
    digest: String,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fuel_compared: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Difference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
}

impl Replay {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let documents = documents(&self.file)?;
        let (folders, cache) = self.folders()?;
        let components = Components::of(&folders);
        let components = components.context("cannot read the folders of policies");
        let components = components.map_err(Failed::usage)?;
        let mut replayer = Replayer::new(|digest: &str| components.find(digest), cache);
        let mut rows = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            let replayed = replayer.replay(&document.body);
            let replayed =
                replayed.with_context(|| format!("document {} cannot be replayed", at + 1));
            rows.push(row(&document.body, replayed.map_err(Failed::usage)?));
        }
        if self.json {
            output::say_json(&rows)?;
        } else {
            output::say(&rows.iter().map(write_out).collect::<Vec<_>>().join("\n"));
        }
        let same = rows.iter().all(|row| row.result == "same");
        Ok(if same { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
    }

    /// Where components are found, and where compiled ones are kept. With folders of its own, a replay needs no
    /// configuration.
    fn folders(&self) -> Result<(Vec<PathBuf>, Option<PathBuf>), Failed> {
        if !self.policies.is_empty() {
            return Ok((self.policies.clone(), None));
        }
        let host = input::config(&self.config.config)?.host;
        Ok((vec![host.policies], Some(host.cache)))
    }
}

fn row(body: &str, replayed: Replayed) -> Row {
    let row = Row {
        digest: sha256(body.as_bytes()),
        result: "same",
        fuel_compared: None,
        differences: Vec::new(),
        policy: None,
        cause: None,
    };
    match replayed {
        Replayed::Same { fuel_compared } => Row { fuel_compared: Some(fuel_compared), ..row },
        Replayed::Different { fuel_compared, differences } => {
            Row { result: "different", fuel_compared: Some(fuel_compared), differences, ..row }
        }
        Replayed::NotRepeatable { policy, cause } => {
            let (policy, cause) = (Some(policy.to_string()), Some(cause.as_str()));
            Row { result: "not-repeatable", policy, cause, ..row }
        }
    }
}

fn write_out(row: &Row) -> String {
    let mut lines = vec![match (row.result, &row.policy, row.cause) {
        ("same", ..) => format!("the same to the byte: {}", row.digest),
        (_, Some(policy), Some(cause)) => format!(
            "not repeatable: a run of {policy} failed for a reason of the machine ({cause}): {}",
            row.digest
        ),
        _ => format!("DIFFERENT: {}", row.digest),
    }];
    lines.extend(row.differences.iter().map(|difference| format!("  {difference}")));
    if row.fuel_compared == Some(false) {
        lines.push("  the fuel was not compared: the receipt names another engine".to_owned());
    }
    lines.join("\n")
}
