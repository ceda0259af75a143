//! `concord check`: one case against a program, or a batch of them.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;

use concord_contract::language::Language;

use super::{ConfigArg, Failed, LanguageArg, Outcome, batch, input, output};
use crate::decide::body::{DecisionBody, ReadBody, ReadOf};
use crate::decide::explain::explain;
use crate::domain::ids::ProgramId;
use crate::domain::outcome;
use crate::review::case_file::read_case;

/// Check one case against a program, or with --batch a case in each line. Nothing is recorded.
///
/// Entities that the case names are looked up in the store if there is one, else in the entity files. A batch is
/// answered in lines of JSON, as HTTP answers it, and summed up on standard error; it exits with 0 where every
/// line could be judged, whatever the outcomes, and with 1 where one could not.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The program's id.
    program: ProgramId,
    /// The case, in TOML or JSON, or a file with a case in JSON in each line; `-` for standard input.
    case: PathBuf,
    /// Check a case for each line (NDJSON).
    #[arg(long)]
    batch: bool,
    /// Begin with this line of the batch, counted from 1, where an earlier run ended.
    #[arg(long, value_name = "LINE", default_value = "1", requires = "batch")]
    from: NonZeroU64,
    /// Print the whole decision as JSON, as HTTP answers it.
    #[arg(long)]
    json: bool,
    /// The language of messages.
    #[arg(long, value_enum, default_value = "en")]
    language: LanguageArg,
    #[command(flatten)]
    config: ConfigArg,
}

impl Check {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        if self.batch {
            let language = self.language.into();
            return batch::run(&config, &self.program, &self.case, self.from.get(), language);
        }
        let text = input::text(&self.case)?;
        let case = read_case(&self.case, &text).map_err(Failed::usage)?;
        let programs = input::programs(&config)?;
        let program = input::program(&programs, &self.program)?;
        let entities = input::entities(&config)?;
        let today = || program.today(&entities, jiff::Timestamp::now());
        let as_of = case.as_of.unwrap_or_else(today);
        let decided = programs.decide(program, &case, as_of, &entities);
        let decision = decided.map_err(|faults| input::faulty(&self.case, &faults))?;
        let language = Language::from(self.language);
        let body = explain(&decision, language);
        if self.json {
            output::say_json(&body)?;
        } else {
            output::say(&write_out(&body));
        }
        Ok(ExitCode::from(match decision.outcome {
            outcome::Outcome::Eligible => 0,
            outcome::Outcome::Ineligible => 10,
            outcome::Outcome::Undetermined => 11,
        }))
    }
}

fn write_out(body: &DecisionBody<'_>) -> String {
    let mut text = format!("{} on {}: {}", body.program, body.as_of, body.outcome.as_str());
    if let Some(cause) = body.cause {
        text.push_str(&format!(" ({})", cause.as_str()));
    }
    if let Some(award) = &body.award {
        text.push_str(&format!("\naward: {} {}", award.amount, award.currency));
        for share in &award.shares {
            text.push_str(&format!("\n  {} pays {}", share.city, share.amount));
        }
    }
    for award in &body.awards {
        text.push_str(&format!("\naward of {}: {} {}", award.city, award.amount, award.currency));
    }
    if body.withheld.is_some() {
        text.push_str("\naward: none, the fund does not have so much left");
    }
    for ruling in &body.rulings {
        let whose = ruling.city.map_or_else(String::new, |city| format!(" for {city}"));
        let (policy, version, outcome) = (ruling.policy, ruling.version, ruling.outcome.as_str());
        text.push_str(&format!("\n\n{policy} {version}{whose}: {outcome}"));
        if let Some(detail) = ruling.detail {
            text.push_str(&format!("\n  {detail}"));
        }
        for clause in &ruling.clauses {
            let truth = clause.truth.as_str();
            let group = String::from(clause.group.clone());
            let group = if group == "all" { String::new() } else { format!(" ({group})") };
            text.push_str(&format!(
                "\n  {truth:<12} {}{group}\n{:15}{}",
                clause.message, "", clause.citation
            ));
            let items = clause.items.iter().flat_map(|item| &item.read);
            for read in clause.read.iter().chain(items) {
                text.push_str(&format!("\n{:17}{}", "", write_read(read)));
            }
        }
        // What an ineligible ruling proposed is due to nobody.
        let refused = ruling.outcome == outcome::Outcome::Ineligible;
        if let Some(grant) = ruling.grant.as_ref().filter(|_| !refused) {
            let tier = grant.tier.map(|tier| format!("\n  tier {tier}"));
            text.push_str(&tier.unwrap_or_default());
            for one in &grant.entitlements {
                let amount = one.amount.map(|money| format!(": {money} {}", money.currency.code()));
                let (label, due) = (one.label, one.due.as_str());
                text.push_str(&format!(
                    "\n  entitled ({due}) {label}{}",
                    amount.unwrap_or_default()
                ));
            }
        }
        if !ruling.missing.is_empty() {
            let missing: Vec<_> = ruling.missing.iter().map(ToString::to_string).collect();
            text.push_str(&format!("\n  not known: {}", missing.join(", ")));
        }
    }
    text
}

fn write_read(read: &ReadBody<'_>) -> String {
    let name = match read.what {
        ReadOf::Fact(label) | ReadOf::Registry(label) => label.to_string(),
        ReadOf::Parameter(label) => format!("parameter {label}"),
        ReadOf::Fund(fund) => format!("fund {fund}"),
    };
    let value = serde_json::to_value(read.value).unwrap_or_default();
    let value = match &value {
        serde_json::Value::Null => "not known".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(money) => {
            let part =
                |key: &str| money.get(key).and_then(|part| part.as_str()).unwrap_or_default();
            format!("{} {}", part("amount"), part("currency"))
        }
        other => other.to_string(),
    };
    format!("{name} = {value}")
}
