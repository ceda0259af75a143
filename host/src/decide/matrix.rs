//! One case against every program that it fits: who would fund it, who would not, and where cities part.

use std::sync::Arc;

use concord_contract::language::Language;
use concord_contract::manifest::Group;
use concord_contract::raw::Raw;
use concord_contract::{Date, Subject, Truth, path};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{AwardBody, CityAwardBody, EntitlementBody};
use super::decision::{Decision, Ruling, Withheld};
use super::explain::{award_body, awards_body, grant};
use super::programs::{Program, Programs};
use crate::domain::case::{Case, Item, item_path};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::fault::Fault;
use crate::domain::ids::{CityId, ProgramId};
use crate::domain::outcome::Outcome;
use crate::domain::shapes::TruthShape;
use crate::engine::Cause;

/// A case against every program.
#[derive(Debug)]
pub struct Matrix {
    /// What each program that it fits says.
    pub decisions: Vec<Decision>,
    /// The programs that it does not fit, with the reason.
    pub unfit: Vec<(ProgramId, Fault)>,
    /// Pairs of cities that each refuse it only because of the other.
    pub stools: Vec<Stools>,
}

/// Two cities that each refuse a case only because of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stools {
    /// The one, with the program that it refuses in.
    pub one: (CityId, ProgramId),
    /// The other.
    pub other: (CityId, ProgramId),
}

impl Programs {
    /// Judges a case by every program. A program takes of it what its policies read; it fits where the case
    /// mentions every subject that they read something of, and what it says is of the types that they read.
    ///
    /// The faults are facts that no program reads.
    pub fn matrix(
        &self,
        case: &Case,
        now: jiff::Timestamp,
        entities: &Entities,
    ) -> Result<Matrix, Vec<Fault>> {
        let unread = self.unread(case);
        if !unread.is_empty() {
            return Err(unread);
        }
        let mut matrix = Matrix { decisions: Vec::new(), unfit: Vec::new(), stools: Vec::new() };
        for program in self.all() {
            let as_of = case.as_of.unwrap_or_else(|| program.today(entities, now));
            match self.fit(program, case, as_of, entities) {
                Ok(decision) => matrix.decisions.push(decision),
                Err(fault) => matrix.unfit.push((program.laid_down.id.clone(), fault)),
            }
        }
        matrix.stools = self.stools(&matrix.decisions, case, entities);
        Ok(matrix)
    }

    /// The facts that no program has ever read: most likely misspelt.
    fn unread(&self, case: &Case) -> Vec<Fault> {
        let read = |subject: Subject, name: &str| {
            let mut editions = self.all().flat_map(|program| program.editions());
            editions.any(|edition| {
                edition.vocabulary.facts(subject).is_some_and(|facts| facts.contains_key(name))
            })
        };
        let mut faults = Vec::new();
        for (subject, items) in &case.subjects {
            for (position, item) in items.iter().enumerate() {
                for (name, _) in item.facts.iter().filter(|(name, _)| !read(*subject, name)) {
                    let mut at = item_path(*subject, position);
                    at.push(name.as_str().into());
                    let message = format!("found the fact \"{name}\", which no program reads");
                    faults.push(Fault::new(at, message));
                }
            }
        }
        faults
    }

    fn fit(
        &self,
        program: &Arc<Program>,
        case: &Case,
        as_of: Date,
        entities: &Entities,
    ) -> Result<Decision, Fault> {
        let case = read_by(program, case, as_of)?;
        let decided = self.decide(program, &case, as_of, entities);
        let first = |faults: Vec<Fault>| {
            let nothing = || Fault::new(Vec::new(), "the case cannot be judged");
            faults.into_iter().next().unwrap_or_else(nothing)
        };
        decided.map_err(first)
    }

    /// The pairs of rulings, each by a city, that refuse the case, and would each let it pass if the other
    /// city's were its own.
    fn stools(&self, decisions: &[Decision], case: &Case, entities: &Entities) -> Vec<Stools> {
        let refusals: Vec<_> = decisions
            .iter()
            .flat_map(|decision| decision.rulings.iter().map(move |ruling| (decision, ruling)))
            .filter(|(_, ruling)| ruling.outcome == Outcome::Ineligible)
            .filter_map(|(decision, ruling)| Some((decision, ruling.bound.city.as_ref()?)))
            .collect();
        let mut stools: Vec<Stools> = Vec::new();
        for (at, (one, city)) in refusals.iter().enumerate() {
            for (other, other_city) in refusals.iter().skip(at + 1) {
                if city != other_city
                    && self.only_because_of(one, city, other_city, case, entities)
                    && self.only_because_of(other, other_city, city, case, entities)
                {
                    let of = |decision: &Decision, city: &CityId| {
                        (city.clone(), decision.program.laid_down.id.clone())
                    };
                    let found = Stools { one: of(one, city), other: of(other, other_city) };
                    if !stools.contains(&found) {
                        stools.push(found);
                    }
                }
            }
        }
        stools
    }

    /// Whether a city would let the case pass if what is another city's were its own.
    fn only_because_of(
        &self,
        decision: &Decision,
        city: &CityId,
        other: &CityId,
        case: &Case,
        entities: &Entities,
    ) -> bool {
        let moved = moved(case, other, city, entities);
        let again = self.fit(&decision.program, &moved, decision.as_of, entities);
        let ruling_of = |decision: &Decision| {
            let mut rulings = decision.rulings.iter();
            rulings.find(|ruling| ruling.bound.city.as_ref() == Some(city)).map(|one| one.outcome)
        };
        again.is_ok_and(|again| ruling_of(&again) == Some(Outcome::Eligible))
    }
}

/// What a program's policies read of a case; a fault where it is not for them.
fn read_by(program: &Program, case: &Case, as_of: Date) -> Result<Case, Fault> {
    let vocabulary = &program.edition(as_of)?.vocabulary;
    let mut subjects = Vec::with_capacity(case.subjects.len());
    for subject in Subject::ALL {
        let declared = vocabulary.facts(subject).filter(|facts| !facts.is_empty());
        let Some(declared) = declared else { continue };
        let items = case.items(subject).ok_or_else(|| {
            let subject = subject.as_str();
            Fault::new(path![subject], format!("found nothing of {subject}, which it asks about"))
        })?;
        let read = |item: &Item| {
            let known = item.facts.iter().filter(|(name, _)| declared.contains_key(name));
            Item { id: item.id.clone(), facts: known.cloned().collect() }
        };
        subjects.push((subject, items.iter().map(read).collect()));
    }
    Ok(Case { as_of: case.as_of, subjects })
}

/// The case with everything of one city moved to another.
fn moved(case: &Case, from: &CityId, to: &CityId, entities: &Entities) -> Case {
    let mut case = case.clone();
    for (subject, items) in &mut case.subjects {
        let kind = EntityKind::behind(*subject);
        for item in items {
            for (_, raw) in &mut item.facts {
                if matches!(raw, Raw::Text(text) if text == from.as_str()) {
                    *raw = Raw::Text(to.to_string());
                }
            }
            let stored = item.id.as_deref().and_then(|id| entities.get(kind, id));
            let given = |name: &str| item.facts.iter().any(|(given, _)| given == name);
            let of_city = stored.into_iter().flat_map(|stored| names_of(stored, from));
            let moved: Vec<_> = of_city.filter(|name| !given(name)).map(str::to_owned).collect();
            item.facts.extend(moved.into_iter().map(|name| (name, Raw::Text(to.to_string()))));
        }
    }
    case
}

/// The stored facts that name a city.
fn names_of<'a>(stored: &'a Entity, city: &'a CityId) -> impl Iterator<Item = &'a str> {
    let of_city = |raw: &Raw| matches!(raw, Raw::Text(text) if text == city.as_str());
    let own = (stored.city() == Some(city)).then_some("city");
    let further = stored.fact_map().into_iter().flatten();
    own.into_iter()
        .chain(further.filter(move |(_, raw)| of_city(raw)).map(|(name, _)| name.as_str()))
}

/// Writes a matrix out in a language.
#[must_use]
pub fn explain_matrix(matrix: &Matrix, language: Language) -> MatrixBody<'_> {
    let funds = |decision: &&Decision| {
        let one = decision.award.iter().map(|award| award.amount);
        let mut awards = one.chain(decision.awards.iter().map(|(_, amount)| *amount));
        let awarded = awards.any(|amount| amount.minor > 0)
            || entitled(decision, Language::En).iter().any(|one| one.amount.is_some());
        decision.outcome == Outcome::Eligible && awarded
    };
    let funding: Vec<_> = matrix.decisions.iter().filter(funds).map(id).collect();
    let stools = matrix.stools.iter().map(|stools| StoolsBody {
        cities: [stools.one.0.as_str(), stools.other.0.as_str()],
        programs: [stools.one.1.as_str(), stools.other.1.as_str()],
    });
    let unfit = matrix.unfit.iter().map(|(program, fault)| UnfitBody {
        program: program.as_str(),
        pointer: fault.pointer(),
        message: &fault.message,
    });
    MatrixBody {
        fits: matrix.decisions.iter().map(|decision| fit_body(decision, language)).collect(),
        double_funding: if funding.len() > 1 { funding } else { Vec::new() },
        between_stools: stools.collect(),
        unfit: unfit.collect(),
    }
}

fn id(decision: &Decision) -> &str {
    decision.program.laid_down.id.as_str()
}

fn fit_body(decision: &Decision, language: Language) -> FitBody<'_> {
    FitBody {
        program: id(decision),
        name: decision.program.laid_down.name.get(language),
        as_of: decision.as_of.to_string(),
        outcome: decision.outcome,
        cause: decision.cause,
        award: award_body(decision),
        awards: awards_body(decision),
        entitled: entitled(decision, language),
        withheld: decision.withheld,
        first: first(decision, language),
    }
}

/// The entitlements of some worth, where the case is eligible.
fn entitled(decision: &Decision, language: Language) -> Vec<EntitlementBody<'_>> {
    let met = |ruling: &&Ruling| ruling.outcome == Outcome::Eligible;
    let rulings = decision.rulings.iter().filter(|_| decision.outcome == Outcome::Eligible);
    let granted = rulings.filter(met).filter_map(|ruling| grant(ruling, language));
    let of_worth = |one: &EntitlementBody<'_>| one.amount.is_some_and(|amount| amount.minor > 0);
    granted.flat_map(|grant| grant.entitlements).filter(of_worth).collect()
}

/// The first clause that the outcome rests on, where it is not eligible.
fn first(decision: &Decision, language: Language) -> Option<DecidingClauseBody<'_>> {
    let truth = match decision.outcome {
        Outcome::Eligible => return None,
        Outcome::Ineligible => Truth::Unmet,
        Outcome::Undetermined => Truth::Undetermined,
    };
    let rulings = decision.rulings.iter().filter(|ruling| ruling.outcome == decision.outcome);
    rulings.flat_map(|ruling| first_of(ruling, truth, language)).next()
}

fn first_of(ruling: &Ruling, truth: Truth, language: Language) -> Option<DecidingClauseBody<'_>> {
    let declared = &ruling.bound.policy.manifest.clauses;
    let counted = declared.iter().zip(&ruling.clauses).enumerate();
    let mut counted = counted.filter(|(_, (clause, _))| clause.group != Group::Advisory);
    let (at, (clause, _)) = counted.find(|(_, (_, folded))| folded.truth == truth)?;
    let texts = ruling.bound.messages.clause(language, at)?;
    Some(DecidingClauseBody {
        city: ruling.bound.city.as_ref().map(CityId::as_str),
        clause: &clause.id,
        truth,
        message: if truth == Truth::Unmet { &texts.unmet } else { &texts.title },
        citation: &clause.citation,
    })
}

/// A case against every program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Matrix)]
pub struct MatrixBody<'a> {
    /// What each program says that the case fits.
    pub fits: Vec<FitBody<'a>>,
    /// The programs that would fund it at the same time, if there are two or more.
    pub double_funding: Vec<&'a str>,
    /// Pairs of cities that each refuse it only because of the other: each would let it pass if what is the
    /// other's were its own.
    pub between_stools: Vec<StoolsBody<'a>>,
    /// The programs that it does not fit.
    pub unfit: Vec<UnfitBody<'a>>,
}

/// What one program says of the case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fit)]
pub struct FitBody<'a> {
    /// The program's id.
    pub program: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The date that the case was judged on.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why the outcome is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The award and who pays it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<AwardBody<'a>>,
    /// What each city awards by itself, where the program says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<CityAwardBody<'a>>,
    /// The entitlements of some worth that it grants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entitled: Vec<EntitlementBody<'a>>,
    /// Why there is no award although the case is eligible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// The first clause that it rests on, where the outcome is not `eligible`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<DecidingClauseBody<'a>>,
}

/// The first clause that an outcome rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecidingClause)]
pub struct DecidingClauseBody<'a> {
    /// The city whose clause it is; none where it is the whole program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'a str>,
    /// Its id in `policy.toml`.
    pub clause: &'a str,
    /// Its truth.
    #[schema(value_type = TruthShape)]
    pub truth: Truth,
    /// What it demands, or how it is unmet.
    pub message: &'a str,
    /// The law or standard, and the place in it.
    pub citation: &'a str,
}

/// Two cities that each refuse the case only because of the other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stools)]
pub struct StoolsBody<'a> {
    /// The cities.
    pub cities: [&'a str; 2],
    /// The program in which each refuses it.
    pub programs: [&'a str; 2],
}

/// A program that the case does not fit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unfit)]
pub struct UnfitBody<'a> {
    /// The program's id.
    pub program: &'a str,
    /// What in the case does not fit, as a JSON pointer.
    pub pointer: String,
    /// Why.
    pub message: &'a str,
}
