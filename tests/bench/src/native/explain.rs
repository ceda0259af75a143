//! The decision written out: the same JSON as Concord's, from typed structs.

use std::fmt;

use anyhow::{Context, Result};
use concord::decide;
use concord_contract::Truth;
use concord_contract::language::Language;
use serde::{Serialize, Serializer};

use super::case::{Case, Day, Kind, Percent, Role, Yuan};
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
}

impl Policy {
    /// As a ruling of Concord says it.
    pub(super) fn of(ruling: &decide::Ruling, language: Language) -> Result<Policy> {
        let bound = &ruling.bound;
        let manifest = &bound.policy.manifest;
        let texts = |(at, clause): (usize, &concord_contract::manifest::Clause)| {
            let said = bound.messages.clause(language, at)?;
            let (title, unmet) = (said.title.clone(), said.unmet.clone());
            Some(Texts { id: clause.id.clone(), title, unmet, citation: clause.citation.clone() })
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
    pub(super) truth: Truth,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
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

/// What was read for a clause.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "named as in the answer")]
pub enum Read<'a> {
    Fact { fact: Name, value: Shown<'a> },
    Parameter { parameter: Name, value: Shown<'a> },
    Fund { fund: &'static str, value: Shown<'a> },
    Registry { registry: &'static str, value: Shown<'a> },
}

/// What a value is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// By one name.
    Of(&'static str),
    /// A fact of a party.
    Party(usize, &'static str),
    /// A row of a list.
    Row(&'static str, usize),
    /// A party.
    Item(usize),
}

/// A value.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "named as what they are")]
pub enum Shown<'a> {
    Unknown,
    Count(usize),
    Flag(bool),
    Integer(i64),
    Text(&'a str),
    Role(Role),
    Kind(Kind),
    Day(Day),
    Percent(Percent),
    Yuan(Yuan),
}

macro_rules! shown {
    ($($ty:ty => $variant:ident),*) => {$(
        impl<'a> From<$ty> for Shown<'a> {
            fn from(value: $ty) -> Shown<'a> {
                Shown::$variant(value)
            }
        }
    )*};
}

shown! {
    usize => Count, bool => Flag, i64 => Integer, &'a str => Text, Role => Role, Kind => Kind, Day => Day,
    Percent => Percent, Yuan => Yuan
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Name {
        Name::Of(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Of(name) => f.write_str(name),
            Name::Party(party, name) => write!(f, "parties/{party}/{name}"),
            Name::Row(name, row) => write!(f, "{name}/{row}"),
            Name::Item(party) => write!(f, "parties/{party}"),
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Name::Of(name) => serializer.serialize_str(name),
            name => serializer.collect_str(name),
        }
    }
}

impl<'a> Read<'a> {
    /// A fact.
    pub(super) fn fact<T: Into<Shown<'a>>>(fact: impl Into<Name>, value: Option<T>) -> Read<'a> {
        Read::Fact { fact: fact.into(), value: value.map_or(Shown::Unknown, Into::into) }
    }

    /// A parameter.
    pub(super) fn parameter(parameter: &'static str, value: impl Into<Shown<'a>>) -> Read<'a> {
        Read::Parameter { parameter: parameter.into(), value: value.into() }
    }

    /// What a fund has left.
    pub(super) fn fund(fund: &'static str, available: Option<Yuan>) -> Read<'a> {
        Read::Fund { fund, value: available.map_or(Shown::Unknown, Shown::Yuan) }
    }

    /// A shared record of a thing that no record is kept of.
    pub(super) fn unknown_record(registry: &'static str) -> Read<'a> {
        Read::Registry { registry, value: Shown::Unknown }
    }

    fn known(&self) -> bool {
        let (Read::Fact { value, .. }
        | Read::Parameter { value, .. }
        | Read::Fund { value, .. }
        | Read::Registry { value, .. }) = self;
        !matches!(value, Shown::Unknown)
    }
}

const NO_TEXTS: &Texts = &Texts {
    id: String::new(),
    title: String::new(),
    unmet: String::new(),
    citation: String::new(),
};

impl<'a> ClauseBody<'a> {
    /// A clause that is asked once.
    pub(super) fn of_case(texts: Option<&'a Texts>, truth: Truth, read: Vec<Read<'a>>) -> Self {
        let cause = cause(truth, &read);
        ClauseBody { read, cause, ..ClauseBody::of(texts, truth) }
    }

    /// A clause that is asked of each party.
    pub(super) fn of_parties(texts: Option<&'a Texts>, items: Vec<ItemBody<'a>>) -> Self {
        let truth = Truth::every(items.iter().map(|item| item.truth));
        let undetermined = truth == Truth::Undetermined;
        let cause = items.iter().find_map(|item| item.cause).filter(|_| undetermined);
        ClauseBody { items, cause, ..ClauseBody::of(texts, truth) }
    }

    fn of(texts: Option<&'a Texts>, truth: Truth) -> Self {
        let texts = texts.unwrap_or(NO_TEXTS);
        let message = if truth == Truth::Unmet { &texts.unmet } else { &texts.title };
        let (clause, citation) = (&texts.id, &texts.citation);
        ClauseBody {
            clause,
            truth,
            cause: None,
            message,
            citation,
            read: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<'a> ItemBody<'a> {
    /// The answer for one party.
    pub(super) fn of_party(at: usize, truth: Truth, read: Vec<Read<'a>>) -> Self {
        ItemBody { item: Name::Item(at), truth, cause: cause(truth, &read), read }
    }
}

fn cause(truth: Truth, reads: &[Read<'_>]) -> Option<&'static str> {
    let cause = if reads.iter().all(Read::known) { "undecided" } else { "missing-fact" };
    (truth == Truth::Undetermined).then_some(cause)
}

/// A ruling.
pub(super) fn ruling<'a>(
    policy: &'a Policy,
    truth: Truth,
    clauses: Vec<ClauseBody<'a>>,
    read: Vec<Read<'a>>,
    award: Option<Yuan>,
) -> RulingBody<'a> {
    let truth = if truth == Truth::Met && award.is_none() { Truth::Undetermined } else { truth };
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

fn missing(clauses: &[ClauseBody<'_>]) -> Vec<Name> {
    let mut missing = Vec::new();
    let of_case = clauses.iter().map(|clause| (clause.truth, &clause.read));
    let of_items =
        clauses.iter().flat_map(|clause| &clause.items).map(|item| (item.truth, &item.read));
    let undetermined = of_case.chain(of_items).filter(|(truth, _)| *truth == Truth::Undetermined);
    for read in undetermined.flat_map(|(_, reads)| reads) {
        if let Read::Fact { fact, value: Shown::Unknown } = read
            && !missing.contains(fact)
        {
            missing.push(*fact);
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
