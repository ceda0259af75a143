//! `concord store check`: proves what a store holds.

use std::process::ExitCode;

use serde::Serialize;

use super::{Bar, DataArg, failed, prover, wait};
use crate::cli::{FAILURE, Outcome, output};
use crate::store::sqlite::check::{Flaw, Report, check};

/// Prove that everything in the store agrees with itself.
///
/// It proves what SQLite can of the file and its foreign keys, and that no table, index or trigger is otherwise than a
/// host makes it; that every balance is the sum of its transfers, and all that applications hold is in the ledger and
/// nothing else; that applications agree with their events, and have the answer by which they came; that the receipts
/// of each program are one chain, signed, and moved what they say; and that every document reads and leads to what
/// exists. The wording of an answer that was kept is not signed, and not proved: a receipt is. It changes nothing, sees
/// one moment, and may run beside a host. Exit code 0: clean; 1: not, and every fault is named with its table and key,
/// what was found and what was expected.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Check {
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArg,
}

#[derive(Serialize)]
struct Said<'a> {
    clean: bool,
    #[serde(flatten)]
    report: &'a Report,
}

impl Check {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let folders = self.data.folders()?;
        let prove = prover(folders.public_keys()?);
        let bar = Bar::new("checking");
        let report = wait(check(&folders.data, &prove, &bar))?.map_err(failed)?;
        drop(bar);
        let clean = report.flaws.is_empty();
        if self.json {
            output::say_json(&Said { clean, report: &report })?;
        } else {
            output::say(&write_out(&report));
        }
        Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
    }
}

fn write_out(report: &Report) -> String {
    let mut lines: Vec<_> = report.flaws.iter().map(Flaw::to_string).collect();
    let counted: Vec<_> =
        report.counted.iter().map(|(table, rows)| format!("{rows} {table}")).collect();
    lines.push(match lines.len() {
        0 => format!("clean: {}", counted.join(", ")),
        1 => "1 fault".to_owned(),
        faults => format!("{faults} faults"),
    });
    lines.join("\n")
}
