//! Holds the rounds of a program's file against its policies.

use std::collections::BTreeSet;

use concord_contract::{Decimal, Kind, path};

use super::programs::Edition;
use crate::domain::fault::Fault;
use crate::domain::program::Program;
use crate::domain::round::Round;

/// What is wrong with the rounds of a program, whose policies score by these criteria.
pub(super) fn check(program: &Program, editions: &[Edition]) -> Vec<Fault> {
    if program.rounds.is_empty() {
        return Vec::new();
    }
    if program.kind != Kind::Selection {
        let message = format!("found rounds in a {} program", program.kind.as_str());
        return vec![Fault::new(path!["rounds"], message)];
    }
    let mut faults = scored_twice(editions);
    // What the policies score on every day; a round is not of one edition alone.
    let scored = editions.iter().map(criteria).reduce(|one, other| &one & &other);
    let scored = scored.unwrap_or_default();
    for (position, round) in program.rounds.iter().enumerate() {
        if program.rounds.iter().take(position).any(|before| before.id == round.id) {
            let message = format!("found \"{}\" a second time", round.id);
            faults.push(Fault::new(path!["rounds", position, "id"], message));
        }
        faults.extend(check_round(round, &scored).into_iter().map(|fault| {
            Fault::new([path!["rounds", position], fault.path].concat(), fault.message)
        }));
    }
    faults
}

fn criteria(edition: &Edition) -> BTreeSet<&str> {
    let policies = edition.rules.iter().map(|bound| &bound.policy.manifest);
    policies.flat_map(|manifest| &manifest.criteria).map(|one| one.name.as_str()).collect()
}

/// Two values for one criterion would leave open which counts.
fn scored_twice(editions: &[Edition]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for edition in editions {
        let mut seen = BTreeSet::new();
        for bound in &edition.rules {
            for criterion in &bound.policy.manifest.criteria {
                if !seen.insert(&criterion.name) {
                    let message = format!("two policies score \"{}\"", criterion.name);
                    faults.push(Fault::new(path!["bindings"], message));
                }
            }
        }
    }
    faults.dedup();
    faults
}

fn check_round(round: &Round, scored: &BTreeSet<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let ways = [round.quota.is_some(), round.share.is_some(), round.threshold.is_some()];
    let ways = ways.into_iter().filter(|given| *given).count();
    if ways != 1 {
        let message = format!("found {ways} of quota, share and threshold, expected one");
        faults.push(Fault::new(path![], message));
    }
    if round.share.is_some_and(|share| share.0 > Decimal::ONE) {
        faults.push(Fault::new(path!["share"], "found more than the whole"));
    }
    if round.weights.values().all(|weight| *weight == 0) {
        faults.push(Fault::new(path!["weights"], "found nothing that counts"));
    }
    for criterion in round.weights.keys() {
        if !round.panel.contains_key(criterion) && !scored.contains(criterion.as_str()) {
            let known: Vec<_> = scored.iter().copied().collect();
            let message = format!(
                "found \"{criterion}\", which no panel marks and not every policy version scores; they \
                 score: {}",
                known.join(", ")
            );
            faults.push(Fault::new(path!["weights", criterion], message));
        }
    }
    for (criterion, panel) in &round.panel {
        let mut wrong = |message: &str| {
            faults.push(Fault::new(path!["panel", criterion], message));
        };
        if scored.contains(criterion.as_str()) {
            wrong("found a criterion that a policy scores");
        }
        if !round.weights.contains_key(criterion) {
            wrong("found a criterion that has no weight");
        }
        if panel.marks == 0 || panel.highest.0.is_zero() {
            wrong("expected at least one mark, and a highest one above nought");
        }
    }
    for (position, criterion) in round.ties.iter().enumerate() {
        if !round.weights.contains_key(criterion) {
            let message = format!("found \"{criterion}\", which is not among the weights");
            faults.push(Fault::new(path!["ties", position], message));
        }
    }
    faults
}
