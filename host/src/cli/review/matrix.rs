//! `concord review matrix`: one case against every program.

use std::path::PathBuf;
use std::process::ExitCode;

use concord_contract::language::Language;

use crate::cli::{ConfigArg, Failed, LanguageArg, Outcome, input, output};
use crate::decide::matrix::{FitBody, MatrixBody, explain_matrix};
use crate::review::case_file::read_case;

/// Check one case against every program that it fits. Nothing is recorded.
///
/// A program takes of the case the facts that its policies read. It fits where the case mentions every subject
/// that they read something of.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Matrix {
    /// The case, in TOML or JSON; `-` for standard input.
    case: PathBuf,
    /// Print it as JSON, as HTTP answers it.
    #[arg(long)]
    json: bool,
    /// The language of messages.
    #[arg(long, value_enum, default_value = "en")]
    language: LanguageArg,
    #[command(flatten)]
    config: ConfigArg,
}

impl Matrix {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let text = input::text(&self.case)?;
        let case = read_case(&self.case, &text).map_err(Failed::usage)?;
        let programs = input::programs(&config)?;
        let entities = input::entities(&config)?;
        let matrix = programs.matrix(&case, jiff::Timestamp::now(), &entities);
        let matrix = matrix.map_err(|faults| input::faulty(&self.case, &faults))?;
        let body = explain_matrix(&matrix, Language::from(self.language));
        if self.json {
            output::say_json(&body)?;
        } else {
            output::say(&write_out(&body));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write_out(body: &MatrixBody<'_>) -> String {
    let mut lines: Vec<String> = body.fits.iter().map(write_fit).collect();
    if body.fits.is_empty() {
        lines.push("The case fits no program.".to_owned());
    }
    if !body.double_funding.is_empty() {
        lines.push(format!(
            "\ndouble funding: each of these would fund it: {}",
            body.double_funding.join(", ")
        ));
    }
    for stools in &body.between_stools {
        let ([one, other], [first, second]) = (stools.cities, stools.programs);
        lines.push(format!(
            "\nbetween two stools: {one} ({first}) and {other} ({second}) refuse it, each only because of \
             the other"
        ));
    }
    if !body.unfit.is_empty() {
        lines.push("\nit does not fit:".to_owned());
    }
    lines.extend(
        body.unfit
            .iter()
            .map(|unfit| format!("  {}: {}: {}", unfit.program, unfit.pointer, unfit.message)),
    );
    lines.join("\n")
}

fn write_fit(fit: &FitBody<'_>) -> String {
    let mut text = format!("{:<14} {} ({})", fit.outcome.as_str(), fit.program, fit.name);
    if let Some(award) = &fit.award {
        text.push_str(&format!(": {} {}", award.amount, award.currency));
    }
    for award in &fit.awards {
        text.push_str(&format!("\n{:15}{}: {} {}", "", award.city, award.amount, award.currency));
    }
    for one in &fit.entitled {
        let amount = one.amount.map(|money| format!("{money} {}", money.currency.code()));
        text.push_str(&format!("\n{:15}{}: {}", "", one.label, amount.unwrap_or_default()));
    }
    if let Some(first) = &fit.first {
        let city = first.city.map_or_else(String::new, |city| format!("{city}, "));
        text.push_str(&format!("\n{:15}{city}{}: {}", "", first.clause, first.message));
        text.push_str(&format!("\n{:15}{}", "", first.citation));
    }
    if !fit.missing.is_empty() {
        let missing: Vec<_> = fit.missing.iter().map(ToString::to_string).collect();
        text.push_str(&format!("\n{:15}not known: {}", "", missing.join(", ")));
    }
    text
}
