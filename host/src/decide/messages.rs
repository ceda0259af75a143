//! What clauses say, in each language: Fluent patterns over the parameters, made into text once for each
//! binding.

use concord_contract::language::{Language, Texts};
use concord_contract::manifest::{Manifest, Parameter};
use concord_contract::place::Path;
use concord_contract::value::{Cell, Column, Value};
use concord_contract::{Money, path};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::domain::fault::Fault;

/// The texts of a policy's clauses under one binding.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// By language, then by clause.
    clauses: [Vec<ClauseTexts>; 3],
}

/// The texts of one clause in one language.
#[derive(Clone, Debug, Default)]
pub struct ClauseTexts {
    /// What it demands.
    pub title: String,
    /// What to say when it is unmet.
    pub unmet: String,
}

impl Messages {
    /// Makes the texts. A pattern that cannot be read, or names no parameter, is a fault in `policy.toml`.
    pub fn make(manifest: &Manifest, parameters: &[Cell]) -> Result<Messages, Vec<Fault>> {
        let mut messages = Messages::default();
        let mut faults = Vec::new();
        for (language, texts) in Language::ALL.into_iter().zip(&mut messages.clauses) {
            let args = arguments(manifest, parameters, language);
            for clause in &manifest.clauses {
                let mut text = |key: &str, texts: &Texts| {
                    format(texts.get(language), language, &args).unwrap_or_else(|reason| {
                        let at: Path = path!["clauses", &clause.id, key, language.tag()];
                        faults.push(Fault::new(at, reason));
                        String::new()
                    })
                };
                let title = text("title", &clause.title);
                let unmet = text("unmet", &clause.unmet);
                texts.push(ClauseTexts { title, unmet });
            }
        }
        if faults.is_empty() { Ok(messages) } else { Err(faults) }
    }

    /// The texts of a clause.
    #[must_use]
    pub fn clause(&self, language: Language, clause: usize) -> Option<&ClauseTexts> {
        self.clauses.get(language.index())?.get(clause)
    }
}

fn format(pattern: &str, language: Language, args: &FluentArgs<'_>) -> Result<String, String> {
    let resource =
        FluentResource::try_new(format!("message = {}\n", pattern.replace('\n', "\n    ")));
    let resource = resource.map_err(|(_, errors)| {
        format!("\"{pattern}\" is not a Fluent pattern: {}", list(&errors))
    })?;
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![identifier]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|errors| list(&errors))?;
    let message = bundle.get_message("message").and_then(|message| message.value());
    let message = message.ok_or_else(|| format!("\"{pattern}\" is not a Fluent pattern"))?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(message, Some(args), &mut errors).into_owned();
    if errors.is_empty() {
        return Ok(text);
    }
    let known: Vec<_> = args.iter().map(|(name, _)| format!("${name}")).collect();
    Err(format!("\"{pattern}\": {}; the parameters are {}", list(&errors), known.join(", ")))
}

fn list<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The parameters as a reader of this language writes them.
fn arguments<'a>(
    manifest: &'a Manifest,
    parameters: &[Cell],
    language: Language,
) -> FluentArgs<'a> {
    let mut args = FluentArgs::new();
    for (parameter, cell) in manifest.parameters.iter().zip(parameters) {
        args.set(parameter.name.as_str(), written(manifest, parameter, cell, language));
    }
    args
}

fn written(manifest: &Manifest, parameter: &Parameter, cell: &Cell, language: Language) -> String {
    let columns = parameter.shape.columns();
    let row = |row: usize| {
        let values = columns.iter().enumerate().filter_map(|(position, column)| {
            Some(write_value(manifest, column, cell.get(row, position)?, language))
        });
        values.collect::<Vec<_>>().join(" / ")
    };
    let joiner = if language == Language::En { ", " } else { "、" };
    (0..cell.rows()).map(row).collect::<Vec<_>>().join(joiner)
}

fn write_value(manifest: &Manifest, column: &Column, value: &Value, language: Language) -> String {
    match value {
        Value::Amount(money) => write_money(*money, language),
        Value::Choice(option) => {
            let label = manifest.options(column).and_then(|choices| choices.options.get(option));
            label.map_or_else(|| option.clone(), |label| label.get(language).to_owned())
        }
        Value::Date(date) if language != Language::En => {
            format!("{}年{}月{}日", date.year(), date.month(), date.day())
        }
        other => other.text(column.unit.as_deref()).to_string(),
    }
}

/// `CNY 2,000,000`, 人民币2,000,000元.
fn write_money(money: Money, language: Language) -> String {
    let text = money.to_string();
    let (major, minor) = text.split_once('.').unwrap_or((&text, ""));
    let mut amount = grouped(major);
    if minor.bytes().any(|digit| digit != b'0') {
        amount.extend([".", minor]);
    }
    let code = money.currency.code();
    match (language, code) {
        (Language::En, _) => format!("{code} {amount}"),
        (Language::ZhHans, "CNY") => format!("人民币{amount}元"),
        (Language::ZhHant, "CNY") => format!("人民幣{amount}元"),
        (Language::ZhHans, "HKD") => format!("港币{amount}元"),
        (Language::ZhHant, "HKD") => format!("港幣{amount}元"),
        (Language::ZhHans, "MOP") => format!("澳门币{amount}元"),
        (Language::ZhHant, "MOP") => format!("澳門幣{amount}元"),
        _ => format!("{amount} {code}"),
    }
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
