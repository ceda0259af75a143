//! What the cases of a policy leave open.

use std::collections::BTreeMap;

use concord_contract::Truth;
use concord_contract::manifest::Manifest;
use concord_contract::path;
use concord_contract::place;

use super::suite::SuiteResult;
use crate::decide::Ruling;
use crate::engine::Read;

/// One thing that the cases leave open, with its line in `policy.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// The line of `policy.toml`.
    pub line: usize,
    /// How bad it is.
    pub level: Level,
    /// What is open.
    pub message: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The policy is wrong.
    Error,
    /// The cases do not show that it is right.
    Warning,
}

/// What was seen of one clause over all cases.
#[derive(Default)]
struct Seen {
    reported: bool,
    read_anything: bool,
    truths: Vec<Truth>,
}

/// Finds what the cases leave open. `text` is the `policy.toml` that the lines are counted in.
#[must_use]
pub fn lint(manifest: &Manifest, text: &str, results: &SuiteResult) -> Vec<Lint> {
    let decisions = results.cases.iter().filter_map(|case| case.decision.as_ref());
    let rulings: Vec<_> = decisions.flat_map(|decision| &decision.rulings).collect();
    let mut lints = lint_clauses(manifest, text, &rulings);
    lints.extend(lint_facts(manifest, text, &rulings));
    if manifest.promises.is_empty() {
        let message =
            "it promises nothing: add [promises.ID], a property that holds whatever the case";
        lints.push(Lint { line: 1, level: Level::Warning, message: message.to_owned() });
    }
    lints
}

fn lint_clauses(manifest: &Manifest, text: &str, rulings: &[&Ruling]) -> Vec<Lint> {
    let mut seen: BTreeMap<usize, Seen> = BTreeMap::new();
    for ruling in rulings {
        for report in &ruling.report.clauses {
            let clause = seen.entry(report.clause as usize).or_default();
            clause.reported = true;
            clause.read_anything |= !report.reads.is_empty();
        }
        for (at, clause) in ruling.clauses.iter().enumerate() {
            seen.entry(at).or_default().truths.push(clause.truth);
        }
    }
    let mut lints = Vec::new();
    for (position, clause) in manifest.clauses.iter().enumerate() {
        let nothing = Seen::default();
        let seen = seen.get(&position).unwrap_or(&nothing);
        let at = path!["clauses", &clause.id];
        let line = place::line(text, &at);
        let mut add = |level, message: String| lints.push(Lint { line, level, message });
        if !seen.reported {
            add(Level::Error, format!("no case has the clause {} reported", clause.id));
            continue;
        }
        if !seen.read_anything {
            let message = format!(
                "the clause {} is reported without reading a fact: ask about facts where the clause is \
                 reported, so that its explanation shows them",
                clause.id
            );
            add(Level::Error, message);
        }
        for truth in [Truth::Met, Truth::Unmet, Truth::Undetermined] {
            if !seen.truths.contains(&truth) {
                let message = format!("no case has the clause {} {}", clause.id, truth.as_str());
                add(Level::Warning, message);
            }
        }
    }
    lints
}

fn lint_facts(manifest: &Manifest, text: &str, rulings: &[&Ruling]) -> Vec<Lint> {
    let mut read = vec![false; manifest.facts.len()];
    let mut missed = vec![false; manifest.facts.len()];
    for ruling in rulings {
        for one in &ruling.report.reads {
            let (Read::Fact { fact, .. } | Read::Rows { fact, .. }) = one else { continue };
            let Some(name) = ruling.bound.names.fact(*fact) else { continue };
            if let Some(read) = read.get_mut(name.position) {
                *read = true;
            }
            if let Some(missed) = missed.get_mut(name.position) {
                *missed |= !ruling.known(one);
            }
        }
    }
    let mut lints = Vec::new();
    for ((fact, read), missed) in manifest.facts.iter().zip(read).zip(missed) {
        let subject = fact.subject.as_str();
        let at = path!["facts", subject, &fact.name];
        let line = place::line(text, &at);
        let open = match (read, missed) {
            (false, _) => "no case has the fact {} read",
            (true, false) => "no case has the fact {} missing",
            (true, true) => continue,
        };
        let message = open.replace("{}", &format!("{subject}.{}", fact.name));
        lints.push(Lint { line, level: Level::Warning, message });
    }
    lints
}
