//! A round of selection: every entry is judged by the policies in force, ranked, and told where it stands.

use std::borrow::Cow;
use std::sync::Arc;

use concord_contract::language::{Language, Texts};
use concord_contract::raw::Raw;
use concord_contract::{Date, Decimal, Subject, Truth, path};
use serde::Serialize;
use utoipa::ToSchema;

use super::decision::Decision;
use super::explain::missing;
use super::parallel;
use super::programs::{Program, Programs};
use super::rank::{Judged, Open, Placed, Ranking, mean_of_marks, rank};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::entry::Entry;
use crate::domain::fault::Fault;
use crate::domain::outcome::Outcome;
use crate::domain::round::Round;
use crate::domain::shapes::{TextsShape, TruthShape};
use crate::engine::Cause;

/// A round as it came out. Its texts are in every language: it is a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Selection {
    /// The program's id.
    pub program: String,
    /// The round's id.
    pub round: String,
    /// The date that the entries were judged on.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// Whether it can be said of every entry whether it goes on.
    pub settled: bool,
    /// How many can go on; none where a threshold decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seats: Option<usize>,
    /// How many do go on.
    pub going_on: usize,
    /// The lowest total that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lowest: Option<String>,
    /// The entries: by place, then those without one by name.
    pub entries: Vec<Selected>,
}

/// Where one entry stood, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Selected {
    /// What it is called.
    pub name: String,
    /// Whether it goes on.
    #[schema(value_type = TruthShape)]
    pub goes_on: Truth,
    /// Why that is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
    /// What the program says of it.
    pub outcome: Outcome,
    /// Why the outcome is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Its place among the eligible entries, from 1; equal ones share the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub place: Option<usize>,
    /// The weighted mean of its scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<String>,
    /// Its value by each criterion; `null` while it is not known.
    pub scores: Vec<Scored>,
    /// The clauses that keep it out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Unmet>,
    /// Facts that are needed and not known, and `marks/…` where people have yet to mark.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// One criterion of an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Scored {
    /// The criterion.
    pub criterion: String,
    /// Its weight.
    pub weight: u32,
    /// The value, an exact decimal.
    pub value: Option<String>,
    /// The marks that it is the mean of, where people mark it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

/// A clause that an entry does not meet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unmet {
    /// The policy.
    pub policy: String,
    /// Its version.
    pub version: String,
    /// The clause.
    pub clause: String,
    /// The law or standard, and the place in it.
    pub citation: String,
    /// How it is unmet.
    #[schema(value_type = TextsShape)]
    pub message: Texts,
}

impl Programs {
    /// Judges the entries of a round and ranks them. Nothing is recorded.
    ///
    /// The faults are those of the entries; the path begins with `entries` and the position.
    pub fn select(
        &self,
        program: &Arc<Program>,
        round: &Round,
        entries: &[Entry],
        as_of: Date,
        entities: &Entities,
    ) -> Result<Selection, Vec<Fault>> {
        program.edition(as_of).map_err(|fault| vec![fault])?;
        let judge = |position: usize, entry: &Entry| {
            let under = |fault: Fault| {
                Fault::new([path!["entries", position], fault.path].concat(), fault.message)
            };
            let (case, mut faults) = in_round(program, round, entry, as_of);
            faults.extend(check_marks(round, entry));
            match self.decide(program, &case, as_of, entities) {
                Ok(decision) if faults.is_empty() => Ok(Found::of(round, entry, &decision)),
                decided => {
                    faults.extend(decided.err().unwrap_or_default());
                    Err(faults.into_iter().map(under).collect::<Vec<_>>())
                }
            }
        };
        let judged = parallel::each(entries, judge);
        let (mut found, mut faults) = (Vec::with_capacity(entries.len()), Vec::new());
        for one in judged {
            match one {
                Ok(one) => found.push(one),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let judged: Vec<_> = found.iter().map(|one| one.judged.clone()).collect();
        Ok(write(program, round, as_of, rank(round, &judged), &found))
    }
}

/// The fact by which a policy can ask which round it is.
const ROUND: &str = "round";

/// The entry's case in a round: where a policy reads which round it is, the host says so.
fn in_round<'a>(
    program: &Program,
    round: &Round,
    entry: &'a Entry,
    as_of: Date,
) -> (Cow<'a, Case>, Vec<Fault>) {
    let edition = program.edition(as_of).ok();
    let facts = edition.and_then(|edition| edition.vocabulary.facts(Subject::Entry));
    if !facts.is_some_and(|facts| facts.contains_key(ROUND)) {
        return (Cow::Borrowed(&entry.case), Vec::new());
    }
    let mut case = entry.case.clone();
    let here = Raw::Text(round.id.to_string());
    let mut faults = Vec::new();
    for (_, items) in case.subjects.iter_mut().filter(|(subject, _)| *subject == Subject::Entry) {
        for item in items {
            match item.facts.iter().find(|(name, _)| name == ROUND) {
                Some((_, given)) if *given != here => {
                    let message = format!("found {}, expected {}", given.describe(), round.id);
                    faults.push(Fault::new(path!["entry", ROUND], message));
                }
                Some(_) => {}
                None => item.facts.push((ROUND.to_owned(), here.clone())),
            }
        }
    }
    (Cow::Owned(case), faults)
}

/// What was found of one entry, before it is ranked.
struct Found {
    judged: Judged,
    scores: Vec<Scored>,
    cause: Option<Cause>,
    unmet: Vec<Unmet>,
    missing: Vec<String>,
}

impl Found {
    fn of(round: &Round, entry: &Entry, decision: &Decision) -> Found {
        let marks_of = |criterion: &str| entry.marks.get(criterion).map_or(&[][..], Vec::as_slice);
        let mut values = Vec::with_capacity(round.weights.len());
        let mut scores = Vec::with_capacity(round.weights.len());
        let mut missing: Vec<String> = Vec::new();
        for (criterion, weight) in &round.weights {
            let marks = marks_of(criterion);
            let value = match round.panel.get(criterion) {
                Some(panel) => mean_of_marks(panel, marks),
                None => score(decision, criterion),
            };
            if value.is_none() && round.panel.contains_key(criterion) {
                missing.push(format!("marks/{criterion}"));
            }
            values.push(value);
            scores.push(Scored {
                criterion: criterion.clone(),
                weight: *weight,
                value: value.map(|value| value.to_string()),
                marks: marks.iter().map(ToString::to_string).collect(),
            });
        }
        let facts = decision.rulings.iter().flat_map(self::missing).map(|label| label.to_string());
        for fact in facts {
            if !missing.contains(&fact) {
                missing.push(fact);
            }
        }
        let ineligible = decision.outcome == Outcome::Ineligible;
        Found {
            judged: Judged { name: entry.name.clone(), outcome: decision.outcome, scores: values },
            scores,
            cause: decision.cause,
            unmet: if ineligible { unmet(decision) } else { Vec::new() },
            missing: if ineligible { Vec::new() } else { missing },
        }
    }
}

/// What the one policy that scores by a criterion gave.
fn score(decision: &Decision, criterion: &str) -> Option<Decimal> {
    decision.rulings.iter().find_map(|ruling| {
        let criteria = &ruling.bound.policy.manifest.criteria;
        let index = criteria.iter().position(|one| one.name == criterion)?;
        *ruling.report.grant.scores.get(&u32::try_from(index).ok()?)?
    })
}

fn unmet(decision: &Decision) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    for ruling in decision.rulings.iter().filter(|one| one.outcome == Outcome::Ineligible) {
        let manifest = &ruling.bound.policy.manifest;
        let clauses = manifest.clauses.iter().zip(&ruling.clauses).enumerate();
        for (at, (declared, _)) in clauses.filter(|(_, (_, one))| one.truth == Truth::Unmet) {
            let said = |language: Language| {
                let texts = ruling.bound.messages.clause(language, at);
                texts.map(|texts| texts.unmet.clone()).unwrap_or_default()
            };
            unmet.push(Unmet {
                policy: manifest.id.clone(),
                version: manifest.version.clone(),
                clause: declared.id.clone(),
                citation: declared.citation.clone(),
                message: Texts {
                    zh_hans: said(Language::ZhHans),
                    zh_hant: said(Language::ZhHant),
                    en: said(Language::En),
                },
            });
        }
    }
    unmet
}

/// Marks that the round does not ask for, or that are not within its limits.
fn check_marks(round: &Round, entry: &Entry) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (criterion, marks) in &entry.marks {
        let Some(panel) = round.panel.get(criterion) else {
            let known: Vec<_> = round.panel.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "no marks".to_owned() } else { known.join(", ") };
            let message = format!("found marks by \"{criterion}\"; the round asks for {known}");
            faults.push(Fault::new(path!["marks", criterion], message));
            continue;
        };
        for (position, mark) in marks.iter().enumerate() {
            if *mark < Decimal::ZERO || *mark > panel.highest.0 {
                let message = format!("found {mark}, expected 0 to {}", panel.highest.0);
                faults.push(Fault::new(path!["marks", criterion, position], message));
            }
        }
    }
    faults
}

fn write(
    program: &Program,
    round: &Round,
    as_of: Date,
    ranking: Ranking,
    found: &[Found],
) -> Selection {
    let lowest = ranking.placed.iter().filter(|one| one.goes_on == Truth::Met);
    let lowest = lowest.filter_map(|one| one.total).min();
    let select = |placed: &Placed| {
        let one = found.get(placed.entry)?;
        Some(Selected {
            name: one.judged.name.clone(),
            goes_on: placed.goes_on,
            open: placed.open,
            outcome: one.judged.outcome,
            cause: one.cause,
            place: placed.place,
            total: placed.total.map(|total| total.to_string()),
            scores: one.scores.clone(),
            unmet: one.unmet.clone(),
            missing: one.missing.clone(),
        })
    };
    let going_on = |goes_on| ranking.placed.iter().filter(|one| one.goes_on == goes_on).count();
    Selection {
        program: program.laid_down.id.to_string(),
        round: round.id.to_string(),
        as_of: as_of.to_string(),
        settled: going_on(Truth::Undetermined) == 0,
        seats: ranking.seats,
        going_on: going_on(Truth::Met),
        lowest: lowest.map(|lowest| lowest.to_string()),
        entries: ranking.placed.iter().filter_map(select).collect(),
    }
}
