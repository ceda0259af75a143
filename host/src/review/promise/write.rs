//! Promises and what came of them, written out.

use std::fmt;

use comfy_table::{CellAlignment, Table, presets};
use concord_contract::Subject;
use concord_contract::language::Language;
use concord_contract::raw::Raw;
use serde_json::{Value, json};

use super::{Counterexample, PromiseResult, change};
use crate::decide::Ruling;
use crate::domain::case::{Case, Item};

/// A table for people: a row for each promise, then how each one fails.
#[must_use]
pub fn table(results: &[PromiseResult], language: Language) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["promise", "held", "determined", "eligible", ""]);
    for result in results {
        let verdict = match (&result.broken, result.passed()) {
            (Some(_), _) => "BROKEN",
            (None, false) => "NOT TESTED",
            (None, true) => "held",
        };
        let count = |number: u32| number.to_string();
        table.add_row([
            result.promise.id.clone(),
            count(result.held),
            count(result.determined),
            count(result.eligible),
            verdict.to_owned(),
        ]);
    }
    for column in table.column_iter_mut().skip(1).take(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = table.to_string();
    for result in results {
        let (id, says) = (&result.promise.id, result.promise.text.get(language));
        if let Some(broken) = &result.broken {
            text.push_str(&format!("\n\nBROKEN {id} · {says}\n  {}\n\n{broken}", broken.why));
        } else if !result.passed() {
            text.push_str(&format!("\n\nNOT TESTED {id} · {says}\n  {}", not_tested(result)));
        }
    }
    text
}

/// Why a promise that nothing broke does not count.
fn not_tested(result: &PromiseResult) -> String {
    format!(
        "only {} of {} cases were eligible, expected {} at least: add eligible cases that have the fact, \
         for others to be made from",
        result.eligible, result.held, result.least
    )
}

/// The same as JSON.
#[must_use]
pub fn as_json(results: &[PromiseResult]) -> Vec<Value> {
    let ruling = |case: &Case, ruling: &Ruling| json!({ "case": case_as_raw(case), "outcome": ruling.outcome });
    let counterexample = |broken: &Counterexample| {
        let changed = change::changed(&broken.case, &broken.changes);
        json!({
            "why": broken.why,
            "before": ruling(&broken.case, &broken.before),
            "after": broken.after.as_ref().map(|after| ruling(&changed, after)),
            "toml": broken.to_string(),
        })
    };
    let row = |result: &PromiseResult| {
        let untested = result.broken.is_none() && !result.passed();
        json!({
            "promise": result.promise.id,
            "text": result.promise.text,
            "passed": result.passed(),
            "held": result.held,
            "determined": result.determined,
            "eligible": result.eligible,
            "not_tested": untested.then(|| not_tested(result)),
            "counterexample": result.broken.as_ref().map(|broken| counterexample(broken)),
        })
    };
    results.iter().map(row).collect()
}

fn case_as_raw(case: &Case) -> Raw {
    let as_of = case.as_of.map(|as_of| ("as_of".to_owned(), Raw::Date(as_of)));
    let subjects = case.subjects.iter().filter_map(|(subject, items)| {
        let mut items: Vec<Raw> = items.iter().map(|item| Raw::Map(entries(item))).collect();
        let raw = if subject.is_many() { Raw::List(items) } else { items.pop()? };
        Some((subject.as_str().to_owned(), raw))
    });
    Raw::Map(as_of.into_iter().chain(subjects).collect())
}

fn entries(item: &Item) -> Vec<(String, Raw)> {
    let id = item.id.iter().map(|id| ("id".to_owned(), Raw::Text(id.clone())));
    // What is said to be unknown is left out: TOML has no word for it.
    let known = item.facts.iter().filter(|(_, raw)| *raw != Raw::Null);
    id.chain(known.cloned()).collect()
}

/// A sample case in TOML, to be kept as it is: the case with its outcome, and the change as a variant.
impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(as_of) = self.case.as_of {
            writeln!(f, "as_of = {as_of}")?;
        }
        let none = |(subject, items): &&(Subject, Vec<Item>)| subject.is_many() && items.is_empty();
        for (subject, _) in self.case.subjects.iter().filter(none) {
            writeln!(f, "{} = []", subject.as_str())?;
        }
        if !self.funds.is_empty() {
            writeln!(f, "\n[funds]")?;
            for (name, money) in &self.funds {
                writeln!(f, "{name} = {}", money_in_toml(money))?;
            }
        }
        for (subject, items) in &self.case.subjects {
            let name = subject.as_str();
            for item in items {
                let (open, close) = if subject.is_many() { ("[[", "]]") } else { ("[", "]") };
                writeln!(f, "\n{open}{name}{close}")?;
                for (key, raw) in entries(item) {
                    writeln!(f, "{key} = {}", in_toml(&raw))?;
                }
            }
        }
        writeln!(f, "\n[expect]")?;
        for (key, value) in expected(&self.before) {
            writeln!(f, "{key} = {value}")?;
        }
        let Some(after) = &self.after else { return Ok(()) };
        let set = |one: &change::Change| format!("\"{}\" = {}", one.path(), in_toml(&one.to));
        let set: Vec<_> = self.changes.iter().map(set).collect();
        let expect: Vec<_> =
            expected(after).iter().map(|(key, value)| format!("{key} = {value}")).collect();
        writeln!(f, "\n[[variants]]\nname = \"changed\"\nset = {{ {} }}", set.join(", "))?;
        writeln!(f, "expect = {{ {} }}", expect.join(", "))
    }
}

/// What a ruling says, as a sample case expects it.
fn expected(ruling: &Ruling) -> Vec<(&'static str, String)> {
    let mut expected = vec![("outcome", format!("\"{}\"", ruling.outcome.as_str()))];
    if let Some(amount) = ruling.report.grant.amount.flatten() {
        expected.push(("award", money_in_toml(&amount)));
    }
    let entitlements = &ruling.bound.policy.manifest.entitlements;
    let worths: Vec<_> = ruling
        .report
        .grant
        .entitled_to
        .iter()
        .filter_map(|(at, worth)| {
            let name = &entitlements.get(*at as usize)?.name;
            Some(format!("{name} = {}", money_in_toml(worth.as_ref()?)))
        })
        .collect();
    if !worths.is_empty() {
        expected.push(("entitled_to", format!("{{ {} }}", worths.join(", "))));
    }
    expected
}

fn money_in_toml(money: &concord_contract::Money) -> String {
    format!("{{ amount = \"{money}\", currency = \"{}\" }}", money.currency.code())
}

/// A value on one line.
fn in_toml(raw: &Raw) -> String {
    match raw {
        Raw::Null => String::new(),
        Raw::Flag(flag) => flag.to_string(),
        Raw::Integer(number) => number.to_string(),
        Raw::Inexact(number) => number.to_string(),
        Raw::Text(text) => toml::Value::String(text.clone()).to_string(),
        Raw::Date(date) => date.to_string(),
        Raw::List(list) => {
            let list: Vec<_> = list.iter().map(in_toml).collect();
            format!("[{}]", list.join(", "))
        }
        Raw::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, raw)| format!("{key} = {}", in_toml(raw))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}
