//! The shape of a decision that is written out.

use concord_contract::manifest::Group;
use concord_contract::value::Value;
use concord_contract::{Date, Money, Truth};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::decision::Withheld;
use super::names::Label;
use crate::domain::facts::PriorAward;
use crate::domain::outcome::Outcome;
use crate::domain::shapes::{MoneyShape, TruthShape};
use crate::engine::Cause;

/// What a program says of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionBody<'a> {
    /// The program's id.
    pub program: &'a str,
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
    /// Why there is no award although the case is eligible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// What each policy in force said.
    pub rulings: Vec<RulingBody<'a>>,
}

/// An award.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AwardDecided)]
pub struct AwardBody<'a> {
    /// In major units of the currency.
    pub amount: String,
    /// By ISO 4217.
    pub currency: &'static str,
    /// What each city pays, in the order of the program file; the first takes what cannot be divided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<ShareBody<'a>>,
}

/// What one city awards by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CityAward)]
pub struct CityAwardBody<'a> {
    /// The city's id.
    pub city: &'a str,
    /// In major units of the currency.
    pub amount: String,
    /// By ISO 4217.
    pub currency: &'static str,
}

/// One city's share of an award.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub struct ShareBody<'a> {
    /// The city's id.
    pub city: &'a str,
    /// In major units of the award's currency.
    pub amount: String,
}

/// What one policy says of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ruling)]
pub struct RulingBody<'a> {
    /// The city whose rules these are; none where they are the whole program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'a str>,
    /// The policy's id.
    pub policy: &'a str,
    /// The policy's version.
    pub version: &'a str,
    /// The digest of its component.
    pub digest: &'a str,
    /// The outcome.
    pub outcome: Outcome,
    /// Why the outcome is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What happened, where the policy failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// Units of work done.
    pub fuel: u64,
    /// Facts that undetermined clauses asked for and that are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub missing: Vec<Label<'a>>,
    /// What the policy proposes to grant; nothing where the case is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantBody<'a>>,
    /// The clauses, in the order of `policy.toml`.
    pub clauses: Vec<ClauseBody<'a>>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteBody<'a>>,
}

/// What a policy proposed to grant.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantBody<'a> {
    /// An award, or what a voucher pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    pub amount: Option<Money>,
    /// The tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<&'a str>,
    /// Entitlements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<EntitlementBody<'a>>,
    /// Marks by criterion.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoreBody<'a>>,
    /// How well supply and demand fit; an exact decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<String>,
    /// What was read for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<ReadShape>)]
    pub read: Vec<ReadBody<'a>>,
}

/// One entitlement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entitlement)]
pub struct EntitlementBody<'a> {
    /// Its id in `policy.toml`.
    pub entitlement: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// Whether it is due.
    #[schema(value_type = TruthShape)]
    pub due: Truth,
    /// Its worth, where it has one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    pub amount: Option<Money>,
}

/// One mark.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Score)]
pub struct ScoreBody<'a> {
    /// The criterion's id in `policy.toml`.
    pub criterion: &'a str,
    /// The mark, an exact decimal; `null` while it is not known.
    pub value: Option<String>,
}

/// One clause of a ruling.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clause)]
pub struct ClauseBody<'a> {
    /// Its id in `policy.toml`.
    pub clause: &'a str,
    /// Its truth.
    #[schema(value_type = TruthShape)]
    pub truth: Truth,
    /// Why it is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// How it counts, where it need not be met: `any`, `any:NAME` (one of these is enough) or `advisory`.
    #[serde(skip_serializing_if = "is_all")]
    #[schema(value_type = Option<String>)]
    pub group: &'a Group,
    /// What it demands, or how it is unmet.
    pub message: &'a str,
    /// The law or standard, and the place in it.
    pub citation: &'a str,
    /// What was read for it.
    #[schema(value_type = Vec<ReadShape>)]
    pub read: Vec<ReadBody<'a>>,
    /// The answers for single items, where it is asked of each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemBody<'a>>,
}

/// The answer to a clause for one item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClauseItem)]
pub struct ItemBody<'a> {
    /// The item, such as `parties/0`.
    #[schema(value_type = String)]
    pub item: Label<'a>,
    /// Its truth.
    #[schema(value_type = TruthShape)]
    pub truth: Truth,
    /// Why it is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What was read for it.
    #[schema(value_type = Vec<ReadShape>)]
    pub read: Vec<ReadBody<'a>>,
}

/// One thing that was read, as the host observed it.
#[derive(Debug)]
pub struct ReadBody<'a> {
    /// What was read.
    pub what: ReadOf<'a>,
    /// The value.
    pub value: Shown<'a>,
}

/// What was read.
#[derive(Clone, Copy, Debug)]
pub enum ReadOf<'a> {
    /// A fact of the case, by its path.
    Fact(Label<'a>),
    /// A parameter of the binding.
    Parameter(Label<'a>),
    /// What a fund has available.
    Fund(&'a str),
    /// A shared record of an item: `awards`, `listed` or `agreed`.
    Registry(Label<'a>),
}

/// How [`ReadBody`] looks. Exactly one of the names is given.
#[derive(ToSchema)]
#[schema(as = Read)]
pub struct ReadShape {
    /// A fact of the case: its path, such as `parties/0/city`; a subject alone stands for its count.
    #[schema(nullable = false)]
    pub fact: Option<String>,
    /// A parameter of the binding.
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// A fund, by id: what it has available.
    #[schema(nullable = false)]
    pub fund: Option<String>,
    /// A shared record of the item behind the slash: its `awards`, oldest first, or whether it is `listed` or has
    /// `agreed`.
    #[schema(nullable = false)]
    pub registry: Option<String>,
    /// The value; `null` if it is not known.
    pub value: serde_json::Value,
}

impl Serialize for ReadBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut read = serializer.serialize_struct("Read", 2)?;
        match &self.what {
            ReadOf::Fact(path) => read.serialize_field("fact", path)?,
            ReadOf::Parameter(name) => read.serialize_field("parameter", name)?,
            ReadOf::Fund(fund) => read.serialize_field("fund", fund)?,
            ReadOf::Registry(record) => read.serialize_field("registry", record)?,
        }
        read.serialize_field("value", &self.value)?;
        read.end()
    }
}

/// A remark.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
pub struct NoteBody<'a> {
    /// Its id in `policy.toml`.
    pub note: &'a str,
    /// The item that it is about, such as `parties/0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub item: Option<Label<'a>>,
    /// What it says.
    pub message: &'a str,
}

/// A value as JSON.
#[derive(Clone, Copy, Debug, Default)]
pub enum Shown<'a> {
    /// Not known.
    #[default]
    Unknown,
    /// A value of a fact or parameter, with its unit.
    Value(&'a Value, Option<&'a str>),
    /// Money.
    Money(Money),
    /// A count.
    Count(usize),
    /// Yes or no.
    Flag(bool),
    /// A date.
    Date(Date),
    /// Prior awards.
    Awards(&'a [PriorAward]),
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Shown::Unknown => serializer.serialize_none(),
            Shown::Value(Value::Flag(flag), _) | Shown::Flag(flag) => {
                serializer.serialize_bool(*flag)
            }
            Shown::Value(Value::Integer(number), _) => serializer.serialize_i64(*number),
            Shown::Value(Value::Amount(money), _) | Shown::Money(money) => {
                money.serialize(serializer)
            }
            Shown::Value(Value::Text(text) | Value::Choice(text), _) => {
                serializer.serialize_str(text)
            }
            Shown::Value(Value::Date(date), _) | Shown::Date(date) => serializer.collect_str(date),
            Shown::Value(other, unit) => serializer.collect_str(&other.text(*unit)),
            Shown::Count(count) => serializer.serialize_u64(*count as u64),
            Shown::Awards(awards) => serializer.collect_seq(awards.iter()),
        }
    }
}

/// Most clauses must be met, and say no more of it.
fn is_all(group: &&Group) -> bool {
    **group == Group::All
}
