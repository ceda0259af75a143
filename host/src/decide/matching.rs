//! For each demand the supplies that fit it best, and what joined or parted them.

use std::collections::HashSet;
use std::sync::Arc;

use concord_contract::language::Language;
use concord_contract::manifest::Group;
use concord_contract::place::Step;
use concord_contract::{Date, Decimal, Subject, Truth, path};
use serde::Serialize;
use utoipa::ToSchema;

use super::decision::Decision;
use super::explain::missing;
use super::parallel;
use super::programs::{Program, Programs};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::entry::{Entry, Pairing};
use crate::domain::fault::Fault;
use crate::domain::outcome::Outcome;
use crate::domain::shapes::TruthShape;
use crate::engine::Cause;

/// Every demand with its supplies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matches {
    /// The program's id.
    pub program: String,
    /// The date that the pairs were judged on.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// The demands, in the order in which they came.
    pub demands: Vec<Matched>,
}

/// A demand with its supplies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matched {
    /// What the demand is called.
    pub demand: String,
    /// The supplies that fit best, by place; those that are equal to the last are among them.
    pub best: Vec<Fitting>,
    /// How many fit in all.
    pub fitting: usize,
    /// The supplies that do not fit, by name.
    pub parted: Vec<Parted>,
    /// The supplies of which it cannot be said, by name.
    pub open: Vec<OpenPair>,
}

/// A supply that fits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fitting {
    /// What it is called.
    pub supply: String,
    /// Its place among those that fit, from 1; equal ones share the best.
    pub place: usize,
    /// How well it fits, an exact decimal.
    pub affinity: String,
    /// The clauses that joined the two.
    pub joined_by: Vec<Told>,
    /// The clauses that only advise, and how each stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Told>,
}

/// A supply that does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Parted {
    /// What it is called.
    pub supply: String,
    /// The clauses that parted the two.
    pub parted_by: Vec<Told>,
}

/// A supply of which it cannot be said whether it fits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenPair {
    /// What it is called.
    pub supply: String,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Facts that are needed and not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// A clause, and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Told {
    /// Its id in `policy.toml`.
    pub clause: String,
    /// Its truth.
    #[schema(value_type = TruthShape)]
    pub truth: Truth,
    /// What it demands, or how it is unmet.
    pub message: String,
    /// The law or standard, and the place in it.
    pub citation: String,
}

/// What was found of one pair.
enum Pair {
    Fits { supply: usize, affinity: Decimal, joined_by: Vec<Told>, advice: Vec<Told> },
    Parted(Parted),
    Open(OpenPair),
}

impl Programs {
    /// Judges every pair of demand and supply. Nothing is recorded.
    ///
    /// The faults are those of the demands and supplies; a fault of a pair is told at its demand or supply
    /// where one of them alone has it.
    pub fn matches(
        &self,
        program: &Arc<Program>,
        pairing: &Pairing,
        as_of: Date,
        entities: &Entities,
        language: Language,
    ) -> Result<Matches, Vec<Fault>> {
        program.edition(as_of).map_err(|fault| vec![fault])?;
        let supplies = 0..pairing.supplies.len();
        let pairs: Vec<(usize, usize)> = (0..pairing.demands.len())
            .flat_map(|demand| supplies.clone().map(move |supply| (demand, supply)))
            .collect();
        let judge = |_: usize, &(demand, supply): &(usize, usize)| {
            let (asked, offered) = (pairing.demands.get(demand), pairing.supplies.get(supply));
            let (Some(asked), Some(offered)) = (asked, offered) else { return Err(Vec::new()) };
            let parties = asked.case.items(Subject::Parties).map_or(0, <[_]>::len);
            let (case, kept) = together(asked, offered);
            let at = |fault| of_side(fault, demand, supply, parties, &kept);
            let decided = self.decide(program, &case, as_of, entities);
            match decided {
                Ok(decision) => Ok(pair(&decision, supply, &offered.name, language)),
                Err(faults) => Err(faults.into_iter().map(at).collect::<Vec<_>>()),
            }
        };
        let mut found: Vec<Vec<Pair>> = pairing.demands.iter().map(|_| Vec::new()).collect();
        let (mut faults, mut told): (Vec<Fault>, HashSet<String>) = Default::default();
        for ((demand, _), judged) in pairs.iter().zip(parallel::each(&pairs, judge)) {
            match (judged, found.get_mut(*demand)) {
                (Ok(pair), Some(of_demand)) => of_demand.push(pair),
                (Err(wrong), _) => {
                    faults.extend(wrong.into_iter().filter(|one| told.insert(one.to_string())));
                }
                (Ok(_), None) => {}
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let demands = pairing.demands.iter().zip(found);
        Ok(Matches {
            program: program.laid_down.id.to_string(),
            as_of: as_of.to_string(),
            demands: demands.map(|(demand, pairs)| matched(demand, pairs, pairing)).collect(),
        })
    }
}

/// The case of a pair: what both say, with the parties of the demand before those of the supply. A party that
/// both sides name alike stands once; which of the supply's are kept is given too.
fn together(demand: &Entry, supply: &Entry) -> (Case, Vec<usize>) {
    let mut subjects = [&demand.case, &supply.case].map(|case| case.subjects.clone()).concat();
    let parties = |entry: &Entry| entry.case.items(Subject::Parties).unwrap_or_default().to_vec();
    let mentioned = subjects.iter().any(|(subject, _)| *subject == Subject::Parties);
    subjects.retain(|(subject, _)| *subject != Subject::Parties);
    let (mut all, asked) = (parties(demand), parties(demand));
    let mut kept = Vec::new();
    for (at, party) in parties(supply).into_iter().enumerate() {
        if party.id.is_none() || !asked.contains(&party) {
            all.push(party);
            kept.push(at);
        }
    }
    if mentioned {
        subjects.push((Subject::Parties, all));
    }
    (Case { as_of: None, subjects }, kept)
}

/// The fault of a pair, told at the side that it comes from. The first `parties` are the demand's, those after
/// them the supply's that were `kept`.
fn of_side(fault: Fault, demand: usize, supply: usize, parties: usize, kept: &[usize]) -> Fault {
    let Fault { mut path, message } = fault;
    let of_supply = match path.as_mut_slice() {
        [Step::Key(subject), Step::Index(item), ..] if subject == "parties" => {
            let of_supply = *item >= parties;
            if of_supply {
                *item = kept.get(*item - parties).copied().unwrap_or_default();
            }
            of_supply
        }
        [Step::Key(subject), ..] => subject == "supply",
        _ => false,
    };
    let side = if of_supply { path!["supplies", supply] } else { path!["demands", demand] };
    Fault::new([side, path].concat(), message)
}

fn pair(decision: &Decision, supply: usize, name: &str, language: Language) -> Pair {
    let affinities = decision.rulings.iter().map(|ruling| ruling.report.grant.affinity.flatten());
    // Several policies agree on no more than the least of them.
    let affinity = affinities.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().min());
    match (decision.outcome, affinity) {
        (Outcome::Eligible, Some(affinity)) => {
            let joined_by = told(decision, Truth::Met, language);
            Pair::Fits { supply, affinity, joined_by, advice: advice(decision, language) }
        }
        (Outcome::Ineligible, _) => {
            let parted_by = told(decision, Truth::Unmet, language);
            Pair::Parted(Parted { supply: name.to_owned(), parted_by })
        }
        _ => {
            let missing = decision.rulings.iter().flat_map(missing).map(|label| label.to_string());
            let (supply, missing) = (name.to_owned(), missing.collect());
            Pair::Open(OpenPair { supply, cause: decision.cause, missing })
        }
    }
}

/// The clauses of a truth, but for those that only advise.
fn told(decision: &Decision, truth: Truth, language: Language) -> Vec<Told> {
    clauses(decision, language, |group, folded| folded == truth && *group != Group::Advisory)
}

/// The clauses that only advise.
fn advice(decision: &Decision, language: Language) -> Vec<Told> {
    clauses(decision, language, |group, _| *group == Group::Advisory)
}

fn clauses(
    decision: &Decision,
    language: Language,
    wanted: impl Fn(&Group, Truth) -> bool,
) -> Vec<Told> {
    let mut told = Vec::new();
    for ruling in &decision.rulings {
        let declared = &ruling.bound.policy.manifest.clauses;
        for (at, (clause, folded)) in declared.iter().zip(&ruling.clauses).enumerate() {
            let truth = folded.truth;
            let texts = ruling.bound.messages.clause(language, at);
            let Some(texts) = texts.filter(|_| wanted(&clause.group, truth)) else { continue };
            let message = if truth == Truth::Unmet { &texts.unmet } else { &texts.title };
            let (clause, citation) = (clause.id.clone(), clause.citation.clone());
            told.push(Told { clause, truth, message: message.clone(), citation });
        }
    }
    told
}

fn matched(demand: &Entry, pairs: Vec<Pair>, pairing: &Pairing) -> Matched {
    let (mut fits, mut parted, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for pair in pairs {
        match pair {
            Pair::Fits { supply, affinity, joined_by, advice } => {
                let name = pairing.supplies.get(supply).map_or("", |supply| &supply.name);
                fits.push((affinity, name, joined_by, advice));
            }
            Pair::Parted(pair) => parted.push(pair),
            Pair::Open(pair) => open.push(pair),
        }
    }
    fits.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    parted.sort_by(|one, other| one.supply.cmp(&other.supply));
    open.sort_by(|one, other| one.supply.cmp(&other.supply));
    let fitting = fits.len();
    let mut best: Vec<Fitting> = Vec::new();
    let mut last = None;
    for (position, (affinity, supply, joined_by, advice)) in fits.into_iter().enumerate() {
        let equal = last == Some(affinity);
        if best.len() >= pairing.best && !equal {
            break;
        }
        let place = if equal { best.last().map_or(1, |last| last.place) } else { position + 1 };
        last = Some(affinity);
        let (supply, affinity) = (supply.to_owned(), affinity.normalize().to_string());
        best.push(Fitting { supply, place, affinity, joined_by, advice });
    }
    Matched { demand: demand.name.clone(), best, fitting, parted, open }
}
