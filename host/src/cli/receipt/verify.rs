//! `concord receipt verify`: signatures, digests and the chain.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use super::documents;
use crate::cli::{ConfigArg, FAILURE, Failed, Outcome, input, output};
use crate::decide::receipt::{Link, Signed, Slip, chain, read};
use crate::domain::digest::sha256;
use crate::keys::{self, JwkSet, verify};

/// Check signatures, digests and the chain of receipts.
///
/// Each file holds a signed receipt, a JSON list of them, or one after the other (NDJSON). Of all that are given, those
/// of one program must follow each other: their numbers without a gap, and each naming the digest of the one before.
/// What came before the first and after the last is not asked for. Exit code 0: all hold; 1: one does not, or one is
/// missing between two.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Verify {
    /// Signed receipts; `-` for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The public keys, as a JSON Web Key Set; without it, those of the configuration's folder.
    #[arg(long, value_name = "JWKS-FILE")]
    keys: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

#[derive(Debug, Serialize)]
struct Report {
    holds: bool,
    receipts: Vec<Row>,
    slips: Vec<Said<Slip>>,
}

/// One receipt, as far as it can be read.
#[derive(Debug, Serialize)]
struct Row {
    file: String,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    faults: Vec<String>,
}

/// Something with a sentence for people.
#[derive(Debug, Serialize)]
struct Said<T> {
    #[serde(flatten)]
    what: T,
    message: String,
}

impl Verify {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let keys = self.keys()?;
        let (mut receipts, mut links) = (Vec::new(), Vec::new());
        for file in &self.files {
            for document in documents(file)? {
                let (row, link) = check(&document, &keys, file.display().to_string());
                receipts.push(row);
                links.extend(link);
            }
        }
        let said = |slip: Slip| Said { message: slip.to_string(), what: slip };
        let slips: Vec<_> = chain(&links).into_iter().map(said).collect();
        let holds = slips.is_empty() && receipts.iter().all(|row| row.holds);
        let report = Report { holds, receipts, slips };
        if self.json {
            output::say_json(&report)?;
        } else {
            output::say(&write_out(&report));
        }
        Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
    }

    fn keys(&self) -> Result<JwkSet, Failed> {
        let Some(file) = &self.keys else {
            let config = input::config(&self.config.config)?;
            return keys::public(&config.host.keys).map_err(Failed::usage);
        };
        let keys = serde_json::from_str(&input::text(file)?);
        let keys = keys.with_context(|| format!("{} is no JSON Web Key Set", file.display()));
        keys.map_err(Failed::usage)
    }
}

fn check(document: &Signed, keys: &JwkSet, file: String) -> (Row, Option<Link>) {
    let digest = sha256(document.body.as_bytes());
    let mut faults = Vec::new();
    let key = verify(&digest, &document.signature, keys);
    let key = key.map_err(|error| faults.push(error.to_string())).ok();
    let body = read(&document.body);
    let body = body.map_err(|error| faults.push(format!("it is not a receipt: {error}"))).ok();
    let row = Row {
        file,
        holds: faults.is_empty(),
        id: body.as_ref().map(|body| body.id.clone()),
        program: body.as_ref().map(|body| body.program.to_string()),
        number: body.as_ref().map(|body| body.number),
        key,
        faults,
        digest: digest.clone(),
    };
    (row, body.map(|body| Link::of(&body, &digest)))
}

fn write_out(report: &Report) -> String {
    let mut lines = Vec::new();
    for row in &report.receipts {
        let verdict = if row.holds { "holds" } else { "DOES NOT HOLD" };
        let name = match (&row.program, row.number, &row.id) {
            (Some(program), Some(number), Some(id)) => format!("{program} {number} ({id})"),
            _ => row.file.clone(),
        };
        lines.push(format!("{name}: {verdict}"));
        lines.push(format!("  {}", row.digest));
        lines.extend(row.faults.iter().map(|fault| format!("  {fault}")));
    }
    lines.extend(report.slips.iter().map(|slip| format!("CHAIN {}", slip.message)));
    lines.join("\n")
}
