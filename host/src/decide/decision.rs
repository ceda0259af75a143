//! Rulings and decisions, with all that they rest on.

use std::sync::Arc;

use concord_contract::value::{Cell, Value};
use concord_contract::{Date, Money, Subject};

use super::bound::Bound;
use super::combine::{Award, Combined, Voice};
use super::fold::{FoldedClause, Known, fold};
use super::payment::{Payer, exhausted};
use super::programs::Program;
use crate::domain::application::Part;
use crate::domain::ids::CityId;
use crate::domain::outcome::Outcome;
use crate::domain::purse::Purse;
use crate::engine::{Cause, Dossier, Limits, Read, Report};

/// What a program says of a case.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The program.
    pub program: Arc<Program>,
    /// The date that the case was judged on.
    pub as_of: Date,
    /// What each run was held to.
    pub limits: Limits,
    /// The city that the lead party is from, where the program asks who leads and it is known.
    pub lead: Option<CityId>,
    /// The city that pays all of it, where the program says by which fact that is known.
    pub payer: Option<CityId>,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The award, if there is one to be had.
    pub award: Option<Award>,
    /// What each city awards by itself, where the program says so.
    pub awards: Vec<(CityId, Money)>,
    /// Who pays what it grants.
    pub payers: Vec<Payer>,
    /// What it grants, by who pays it; where it is withheld, what would have to be paid.
    pub parts: Vec<Part>,
    /// What each of these purses had available.
    pub available: Vec<(Purse, Money)>,
    /// Why an eligible case has no award although the policies proposed one.
    pub withheld: Option<Withheld>,
    /// The rulings, in the order of the program file.
    pub rulings: Vec<Ruling>,
}

/// Why an award is withheld.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// The fund does not have so much left.
    FundExhausted,
}

/// What one policy says of a case.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The policy and its binding.
    pub bound: Arc<Bound>,
    /// What the policy could know.
    pub dossier: Arc<Dossier>,
    /// What it reported and read.
    pub report: Report,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The clauses, in the order of the manifest.
    pub clauses: Vec<FoldedClause>,
}

/// Withholds what is awarded where a purse is exhausted.
pub(super) fn withhold(
    combined: &mut Combined,
    parts: &[Part],
    available: &[(Purse, Money)],
) -> Option<Withheld> {
    if !exhausted(parts, available) {
        return None;
    }
    combined.award = None;
    combined.awards.clear();
    Some(Withheld::FundExhausted)
}

impl Decision {
    /// Whether it grants anything now.
    #[must_use]
    pub fn grants(&self) -> bool {
        self.outcome == Outcome::Eligible && self.withheld.is_none()
    }

    /// Whether purses stand behind all that it grants.
    #[must_use]
    pub fn funded(&self) -> bool {
        let met = self.rulings.iter().filter(|ruling| ruling.outcome == Outcome::Eligible);
        let award = self.award.iter().map(|award| award.amount);
        let own = self.awards.iter().map(|(_, amount)| *amount);
        let granted = award.chain(own).chain(met.flat_map(Ruling::worths));
        let granted: i128 = granted.map(|amount| i128::from(amount.minor)).sum();
        let paid: i128 = self.parts.iter().map(|part| i128::from(part.awarded.minor)).sum();
        granted == paid
    }
}

impl Ruling {
    pub(super) fn new(bound: Arc<Bound>, dossier: Arc<Dossier>, report: Report) -> Ruling {
        let manifest = &bound.policy.manifest;
        let folded = fold(manifest, &report, &Case { bound: &bound, dossier: &dossier });
        let (outcome, cause, clauses) = (folded.truth.into(), folded.cause, folded.clauses);
        Ruling { bound, dossier, report, outcome, cause, clauses }
    }

    pub(super) fn voice(&self) -> Voice<'_> {
        Voice {
            city: self.bound.city.as_ref(),
            outcome: self.outcome,
            cause: self.cause,
            amount: self.report.grant.amount.flatten(),
        }
    }

    /// The worths of the entitlements that it grants.
    pub(super) fn worths(&self) -> impl Iterator<Item = Money> {
        self.report.grant.entitled_to.values().copied().flatten()
    }

    /// The value that a fact had when it was read.
    #[must_use]
    pub fn fact(&self, item: u32, fact: u32, row: u32) -> Option<&Value> {
        Case { bound: &self.bound, dossier: &self.dossier }.fact(item, fact, row)
    }

    /// How many rows a fact had when it was read.
    #[must_use]
    pub fn rows(&self, item: u32, fact: u32) -> Option<usize> {
        Case { bound: &self.bound, dossier: &self.dossier }.cell(item, fact).map(Cell::rows)
    }

    /// Whether what was read was known.
    #[must_use]
    pub fn known(&self, read: &Read) -> bool {
        Case { bound: &self.bound, dossier: &self.dossier }.known(read)
    }
}

/// A case as one policy sees it.
struct Case<'a> {
    bound: &'a Bound,
    dossier: &'a Dossier,
}

impl<'a> Case<'a> {
    fn fact(&self, item: u32, fact: u32, row: u32) -> Option<&'a Value> {
        self.dossier.fact(self.bound.policy.fact_subject(fact)?, item, fact, row)
    }

    fn cell(&self, item: u32, fact: u32) -> Option<&'a Cell> {
        let place = self.dossier.slots.get(fact as usize)?.place;
        self.dossier.cell(self.bound.policy.fact_subject(fact)?, item, place)
    }
}

impl Known for Case<'_> {
    fn count(&self, subject: Subject) -> Option<usize> {
        self.dossier.facts.items(subject).map(<[_]>::len)
    }

    fn known(&self, read: &Read) -> bool {
        match *read {
            Read::Fact { item, fact, row } => self.fact(item, fact, row).is_some(),
            Read::Rows { item, fact } => self.cell(item, fact).is_some(),
            Read::Count(subject) => self.count(subject).is_some(),
            Read::Available(fund) => {
                self.dossier.funds.get(fund as usize).is_some_and(Option::is_some)
            }
            Read::Awards(subject, item)
            | Read::Listed(subject, item)
            | Read::Agreed(subject, item) => {
                self.dossier.item(subject, item).is_some_and(|item| item.standing.is_some())
            }
            Read::Parameter { .. } | Read::AsOf => true,
        }
    }
}
