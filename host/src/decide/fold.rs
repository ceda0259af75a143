//! From what a policy reported to a ruling: Kleene's three-valued logic over the clauses. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use concord_contract::manifest::{Clause, Group, Manifest, Scope};
use concord_contract::{Kind, Subject, Truth};

use crate::engine::{Cause, ClauseReport, Grant, Read, Report};

/// One clause of a ruling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedClause {
    /// Its truth over all parts.
    pub truth: Truth,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The answer for the case, or for each item.
    pub parts: Vec<Part>,
}

/// One answer to a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The item that it is about.
    pub item: Option<u32>,
    /// The answer.
    pub truth: Truth,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// What was read for it: a range of the report's reads.
    pub reads: Range<usize>,
}

/// The clauses folded, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The truth of the whole.
    pub truth: Truth,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The clauses, in the order of the manifest.
    pub clauses: Vec<FoldedClause>,
}

/// What the fold must know of the case.
pub trait Known {
    /// How many items a subject has; `None` where the case does not mention it.
    fn count(&self, subject: Subject) -> Option<usize>;
    /// Whether what was read was known.
    fn known(&self, read: &Read) -> bool;
}

/// Folds a report. A run that failed is undetermined as a whole, whatever it had reported by then.
#[must_use]
pub fn fold(manifest: &Manifest, report: &Report, case: &impl Known) -> Folded {
    let clauses: Vec<_> = (0_u32..)
        .zip(&manifest.clauses)
        .map(|(index, clause)| fold_clause(index, clause, report, case))
        .collect();
    let truth = fold_groups(manifest, &clauses);
    let (truth, cause) = match &report.failure {
        Some(failure) => (Truth::Undetermined, Some(failure.cause)),
        None => match truth {
            Truth::Met => granted(manifest, &report.grant),
            Truth::Unmet => (Truth::Unmet, None),
            Truth::Undetermined => (Truth::Undetermined, first_cause(manifest, &clauses)),
        },
    };
    Folded { truth, cause, clauses }
}

fn fold_clause(index: u32, clause: &Clause, report: &Report, case: &impl Known) -> FoldedClause {
    let part = |item: Option<u32>| {
        let found = report.clauses.iter().find(|said| said.clause == index && said.item == item);
        match found {
            Some(said) => {
                let cause =
                    (said.truth == Truth::Undetermined).then(|| cause_of(said, report, case));
                Part { item, truth: said.truth, cause, reads: said.reads.clone() }
            }
            None => {
                let cause = Some(Cause::Unreported);
                Part { item, truth: Truth::Undetermined, cause, reads: 0..0 }
            }
        }
    };
    let subject = match clause.scope {
        Scope::Case => {
            let part = part(None);
            return FoldedClause { truth: part.truth, cause: part.cause, parts: vec![part] };
        }
        Scope::Each(subject) | Scope::Some(subject) => subject,
    };
    let Some(count) = case.count(subject) else {
        let cause = Some(Cause::MissingFact);
        return FoldedClause { truth: Truth::Undetermined, cause, parts: Vec::new() };
    };
    let parts: Vec<_> =
        (0..u32::try_from(count).unwrap_or(u32::MAX)).map(|item| part(Some(item))).collect();
    let truths = parts.iter().map(|part| part.truth);
    let truth = match clause.scope {
        Scope::Some(_) => Truth::some(truths),
        _ => Truth::every(truths),
    };
    let cause = parts.iter().find_map(|part| part.cause).filter(|_| truth == Truth::Undetermined);
    FoldedClause { truth, cause, parts }
}

fn cause_of(said: &ClauseReport, report: &Report, case: &impl Known) -> Cause {
    let reads = report.reads.get(said.reads.clone()).unwrap_or_default();
    match reads.iter().all(|read| case.known(read)) {
        true => Cause::Undecided,
        false => Cause::MissingFact,
    }
}

fn fold_groups(manifest: &Manifest, clauses: &[FoldedClause]) -> Truth {
    let mut all = Truth::Met;
    let mut any: BTreeMap<&str, Truth> = BTreeMap::new();
    for (clause, folded) in manifest.clauses.iter().zip(clauses) {
        match &clause.group {
            Group::All => all = all & folded.truth,
            Group::Any(name) => {
                let group = any.entry(name).or_insert(Truth::Unmet);
                *group = *group | folded.truth;
            }
            Group::Advisory => {}
        }
    }
    any.into_values().fold(all, |all, group| all & group)
}

fn first_cause(manifest: &Manifest, clauses: &[FoldedClause]) -> Option<Cause> {
    let counted = manifest.clauses.iter().zip(clauses);
    let counted = counted.filter(|(clause, _)| clause.group != Group::Advisory);
    counted.filter_map(|(_, folded)| folded.cause).next()
}

/// Whether a policy whose clauses are all met has said what it grants. Eligible for nobody knows what is
/// not an answer.
fn granted(manifest: &Manifest, grant: &Grant) -> (Truth, Option<Cause>) {
    let in_kind = grant.entitled.values().copied();
    let of_worth = grant.entitled_to.values().map(|worth| match worth {
        Some(_) => Truth::Met,
        None => Truth::Undetermined,
    });
    let entitled = Truth::some(in_kind.chain(of_worth));
    let said = match manifest.kind {
        Kind::Funding | Kind::Voucher => grant.amount.map(|amount| amount.is_some()),
        Kind::Talent => grant.tier.map(|tier| tier.is_some()),
        Kind::Matching => grant.affinity.map(|affinity| affinity.is_some()),
        Kind::Selection => (grant.scores.len() == manifest.criteria.len())
            .then(|| grant.scores.values().all(Option::is_some)),
    };
    match said {
        Some(true) => (Truth::Met, None),
        Some(false) => (Truth::Undetermined, Some(Cause::MissingFact)),
        None => match entitled {
            Truth::Met => (Truth::Met, None),
            Truth::Undetermined => (Truth::Undetermined, Some(Cause::MissingFact)),
            Truth::Unmet => (Truth::Undetermined, Some(Cause::NoGrant)),
        },
    }
}
