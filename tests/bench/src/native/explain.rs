//! The decision written out: the same JSON as Concord's, from typed structs.

use anyhow::{Context, Result};
use concord::decide;
use concord_contract::Truth;
use concord_contract::language::Language;
use concord_contract::manifest::Clause;
use serde::{Serialize, Serializer};

use super::case::{Case, Day, Yuan};
use super::read::{Name, Read, What};
use super::rule::Watch;
use crate::fixture::PROGRAM;

/// What is the same in every ruling of a policy.
pub struct Policy {
    city: String,
    id: String,
    version: String,
    digest: String,
    fuel: u64,
    /// The clauses' texts, in the order of `policy.toml`.
    pub clauses: Vec<Texts>,
}

/// The texts of a clause.
pub struct Texts {
    id: String,
    title: String,
    unmet: String,
    citation: String,
    group: Option<String>,
}

impl Policy {
    /// As a ruling of Concord says it.
    pub(super) fn of(ruling: &decide::Ruling, language: Language) -> Result<Policy> {
        let bound = &ruling.bound;
        let manifest = &bound.policy.manifest;
        let texts = |(at, clause): (usize, &Clause)| {
            let said = bound.messages.clause(language, at)?;
            let (title, unmet) = (said.title.clone(), said.unmet.clone());
            let (id, citation) = (clause.id.clone(), clause.citation.clone());
            let group = Some(String::from(clause.group.clone())).filter(|group| group != "all");
            Some(Texts { id, title, unmet, citation, group })
        };
        Ok(Policy {
            city: bound.city.as_ref().context("a city's policy")?.to_string(),
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            digest: bound.policy.digest.clone(),
            fuel: ruling.report.fuel,
            clauses: manifest.clauses.iter().enumerate().filter_map(texts).collect(),
        })
    }
}

/// A decision.
#[derive(Serialize)]
pub struct Body<'a> {
    program: &'static str,
    as_of: Day,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    award: Option<Award<'a>>,
    rulings: [RulingBody<'a>; 2],
}

#[derive(Serialize)]
struct Award<'a> {
    #[serde(flatten)]
    amount: Yuan,
    shares: [Share<'a>; 2],
}

#[derive(Serialize)]
struct Share<'a> {
    city: &'a str,
    amount: Plain,
}

/// An amount without its currency.
struct Plain(Yuan);

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A ruling.
#[derive(Serialize)]
pub struct RulingBody<'a> {
    city: &'a str,
    policy: &'a str,
    version: &'a str,
    digest: &'a str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    fuel: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<Grant<'a>>,
    clauses: Vec<ClauseBody<'a>>,
    #[serde(skip)]
    truth: Truth,
}

#[derive(Serialize)]
struct Grant<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Yuan>,
    read: Vec<Read<'a>>,
}

/// A clause.
#[derive(Serialize)]
pub struct ClauseBody<'a> {
    clause: &'a str,
    truth: Truth,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    message: &'a str,
    citation: &'a str,
    read: Vec<Read<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemBody<'a>>,
}

/// A clause's answer for one party.
#[derive(Serialize)]
pub struct ItemBody<'a> {
    item: Name,
    truth: Truth,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    read: Vec<Read<'a>>,
}

/// What a rule says and reads, as it is told.
pub struct Told<'a> {
    policy: &'a Policy,
    clauses: Vec<ClauseBody<'a>>,
    reads: Vec<Read<'a>>,
}

impl<'a> Watch<'a> for Told<'a> {
    /// Each thing is shown once.
    fn read(&mut self, read: Read<'a>) {
        let same = |before: &Read<'_>| before.name == read.name && before.what == read.what;
        if !self.reads.iter().any(same) {
            self.reads.push(read);
        }
    }

    fn clause(&mut self, clause: u32, party: Option<u32>, truth: Truth) {
        let read = std::mem::take(&mut self.reads);
        let Some(body) = self.clauses.get_mut(clause as usize) else { return };
        let cause = cause(truth, &read);
        match party {
            Some(party) => {
                body.items.push(ItemBody { item: Name::Item(party), truth, cause, read });
            }
            None => (body.truth, body.cause, body.read) = (truth, cause, read),
        }
    }
}

impl<'a> Told<'a> {
    /// Nothing yet.
    pub(super) fn new(policy: &'a Policy) -> Told<'a> {
        let clause = |texts: &'a Texts| ClauseBody {
            clause: &texts.id,
            truth: Truth::Met,
            cause: None,
            group: texts.group.as_deref(),
            message: &texts.title,
            citation: &texts.citation,
            read: Vec::new(),
            items: Vec::new(),
        };
        let clauses = policy.clauses.iter().map(clause).collect();
        Told { policy, clauses, reads: Vec::new() }
    }

    /// The ruling that it comes to.
    pub(super) fn ruling(
        self,
        award: Option<Yuan>,
        fold: impl FnOnce(&[Truth]) -> Truth,
    ) -> RulingBody<'a> {
        let Told { policy, mut clauses, reads: read } = self;
        for (clause, texts) in clauses.iter_mut().zip(&policy.clauses) {
            if !clause.items.is_empty() {
                clause.truth = Truth::every(clause.items.iter().map(|item| item.truth));
                let open = clause.truth == Truth::Undetermined;
                clause.cause = clause.items.iter().find_map(|item| item.cause).filter(|_| open);
            }
            if clause.truth == Truth::Unmet {
                clause.message = &texts.unmet;
            }
        }
        let truths: Vec<_> = clauses.iter().map(|clause| clause.truth).collect();
        let folded = fold(&truths);
        let nothing = folded == Truth::Met && award.is_none();
        let truth = if nothing { Truth::Undetermined } else { folded };
        let first = clauses.iter().find_map(|clause| clause.cause).or(Some("missing-fact"));
        RulingBody {
            city: &policy.city,
            policy: &policy.id,
            version: &policy.version,
            digest: &policy.digest,
            outcome: outcome(truth),
            cause: first.filter(|_| truth == Truth::Undetermined),
            fuel: policy.fuel,
            missing: missing(&clauses),
            grant: Some(Grant { amount: award, read }),
            clauses,
            truth,
        }
    }
}

fn cause(truth: Truth, reads: &[Read<'_>]) -> Option<&'static str> {
    let cause = if reads.iter().all(Read::known) { "undecided" } else { "missing-fact" };
    (truth == Truth::Undetermined).then_some(cause)
}

fn missing(clauses: &[ClauseBody<'_>]) -> Vec<Name> {
    let mut missing = Vec::new();
    let of_case = clauses.iter().map(|clause| (clause.truth, &clause.read));
    let items = clauses.iter().flat_map(|clause| &clause.items);
    let of_items = items.map(|item| (item.truth, &item.read));
    let open = of_case.chain(of_items).filter(|(truth, _)| *truth == Truth::Undetermined);
    for read in open.flat_map(|(_, reads)| reads) {
        let unknown = read.what == What::Fact && !read.known();
        if unknown && !missing.contains(&read.name) {
            missing.push(read.name);
        }
    }
    missing
}

/// The decision: both cities must agree, the lowest award counts, and they share it 60 to 40.
pub(super) fn decision<'a>(case: &Case, rulings: [RulingBody<'a>; 2]) -> Body<'a> {
    let [guangzhou, foshan] = &rulings;
    let truth = guangzhou.truth & foshan.truth;
    let lowest = rulings.iter().filter_map(|ruling| ruling.grant.as_ref()?.amount).min();
    let award = lowest.filter(|_| truth == Truth::Met).map(|amount| {
        let second = Yuan(amount.0 * 40 / 100);
        let first = Yuan(amount.0 - second.0);
        let share =
            |ruling: &RulingBody<'a>, amount| Share { city: ruling.city, amount: Plain(amount) };
        Award { amount, shares: [share(guangzhou, first), share(foshan, second)] }
    });
    let cause = rulings.iter().find_map(|ruling| ruling.cause);
    Body {
        program: PROGRAM,
        as_of: case.as_of,
        outcome: outcome(truth),
        cause: cause.filter(|_| truth == Truth::Undetermined),
        award,
        rulings,
    }
}

fn outcome(truth: Truth) -> &'static str {
    match truth {
        Truth::Met => "eligible",
        Truth::Unmet => "ineligible",
        Truth::Undetermined => "undetermined",
    }
}
