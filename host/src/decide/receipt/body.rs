//! The shape of a receipt. What is not known or does not apply is left out, except where `null` says so. Fields are in
//! the order of their names, which is that of canonical JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use concord_contract::{Date, Money, Truth, dates, value};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::whole;
use crate::decide::body::Shown;
use crate::decide::decision::Withheld;
use crate::decide::names::Label;
use crate::domain::ids::{CityId, FundId, PolicyId, ProgramId};
use crate::domain::outcome::Outcome;
use crate::domain::program::{AwardRule, Combine, RulingsRule};
use crate::domain::purse::{self, Purse};
use crate::engine::Cause;

/// The name of the format.
pub const FORMAT: &str = "concord-receipt";

/// Its version.
pub const VERSION: u32 = 1;

/// A receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body<'a> {
    /// The application that it was made on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The date that the case was judged on.
    #[serde(with = "dates")]
    pub as_of: Date,
    /// The award and who pays it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<AwardBody>,
    /// What each city awards by itself.
    pub awards: Vec<CityAmount>,
    /// Why it is undetermined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// How the rulings combine.
    pub combine: CombineBody,
    /// When it was made.
    pub decided: Timestamp,
    /// [`FORMAT`].
    pub format: String,
    /// The decision's id.
    pub id: String,
    /// The city that the lead party is from, where the program asks who leads and it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<CityId>,
    /// What each run was held to.
    pub limits: RunLimits,
    /// Its number among the decisions of its program, from 1.
    #[serde(with = "whole")]
    pub number: i64,
    /// The outcome.
    pub outcome: Outcome,
    /// The city that pays all of it, where the program says by which fact that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<CityId>,
    /// The digest of the receipt before it; `null` in the first.
    pub previous: Option<String>,
    /// The program.
    pub program: ProgramId,
    /// Who is to pay what, and what each had available.
    pub purses: Vec<PurseBody>,
    /// The rulings, in the order of the program file.
    pub rulings: Vec<RulingBody<'a>>,
    /// What it moved in the ledger.
    pub transfers: Vec<Transfer>,
    /// [`VERSION`].
    pub version: u32,
    /// What made it.
    pub versions: Versions,
    /// Why an eligible case has no award.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

/// What made a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Of the contract with policies.
    pub contract: String,
    /// Of the engine, with its name: `wasmtime 48.0.8`.
    pub engine: String,
    /// Of the host.
    pub host: String,
}

/// What a run is held to, as far as it is the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunLimits {
    /// Units of work.
    #[serde(with = "whole")]
    pub fuel: u64,
    /// Bytes of memory.
    #[serde(with = "whole")]
    pub memory: u64,
}

/// How rulings combine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CombineBody {
    /// Which award counts.
    pub award: AwardRule,
    /// The fact that names the city which pays all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// Which must be met.
    pub rulings: RulingsRule,
    /// The parts in which cities pay it, in their order.
    pub shares: Vec<Part>,
}

/// A city's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The city.
    pub city: CityId,
    /// Its part, as a weight.
    pub part: u32,
}

/// A purse that is to pay something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurseBody {
    /// What it had available, as the host read it.
    pub available: Money,
    /// The city whose purse it is, or that issued the voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// Its part of what is granted.
    pub part: Money,
    /// The purse: `funds/FUND/CITY` or `vouchers/VOUCHER`.
    pub purse: Purse,
    /// Its weight beside the others, by which they share.
    #[serde(with = "whole")]
    pub weight: i64,
}

/// What one policy said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingBody<'a> {
    /// Why it is undetermined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The city whose rules these are; none where they are the whole program's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// The clauses, in the order of `policy.toml`.
    pub clauses: Vec<ClauseBody>,
    /// The currency that grants must be in, by ISO 4217, if one is laid down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The digest of its component.
    pub digest: String,
    /// Units of work done.
    #[serde(with = "whole")]
    pub fuel: u64,
    /// The funds behind those that it declares, by its own names for them.
    pub funds: BTreeMap<String, FundId>,
    /// What it proposed to grant, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantBody>,
    /// How many items each subject has of whose items clauses or remarks are; `null` where the case does not
    /// mention it.
    pub items: BTreeMap<String, Option<u32>>,
    /// Its remarks.
    pub notes: Vec<NoteBody>,
    /// The outcome.
    pub outcome: Outcome,
    /// All its parameters, as a binding would set them.
    pub parameters: Cow<'a, BTreeMap<String, Value>>,
    /// The policy.
    pub policy: PolicyId,
    /// What was read: each thing once, in the order in which it was first asked for.
    pub reads: Vec<ReadBody<'a>>,
    /// Its version.
    pub version: String,
}

/// One thing that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBody<'a> {
    /// Which: a path such as `parties/0/sales/2/year`, or a name.
    pub of: Of<'a>,
    /// What kind of thing.
    pub read: Kind,
    /// Its value; `null` where it was not known.
    pub value: Told<'a>,
}

/// Which thing was read.
#[derive(Clone, Debug)]
pub enum Of<'a> {
    /// As it is called where it was read.
    Label(Label<'a>),
    /// As a receipt calls it.
    Text(String),
}

impl Of<'_> {
    /// As a receipt calls it.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Of::Label(label) => label.to_string().into(),
            Of::Text(text) => text.into(),
        }
    }
}

impl Serialize for Of<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Of::Label(label) => label.serialize(serializer),
            Of::Text(text) => text.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Of<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Of::Text)
    }
}

/// A value that was read.
#[derive(Clone, Debug)]
pub enum Told<'a> {
    /// As it was read.
    Shown(Shown<'a>),
    /// As a receipt has it.
    Json(Value),
}

impl Told<'_> {
    /// As a receipt has it.
    pub(super) fn json(&self) -> Result<Cow<'_, Value>, String> {
        match self {
            Told::Json(json) => Ok(Cow::Borrowed(json)),
            shown => serde_json::to_value(shown).map(Cow::Owned).map_err(|error| error.to_string()),
        }
    }
}

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Told::Shown(Shown::Value(value::Value::Integer(number), _)) => {
                whole::serialize(number, serializer)
            }
            Told::Shown(shown) => shown.serialize(serializer),
            Told::Json(json) => json.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Told<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Told::Json)
    }
}

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A fact of the case.
    Fact,
    /// How many rows a fact has.
    Rows,
    /// How many items a subject has.
    Count,
    /// A parameter.
    Parameter,
    /// The date that the case is judged on.
    AsOf,
    /// What a fund has available, by the policy's own name for it.
    Available,
    /// The prior awards of an item's entity, oldest first.
    Awards,
    /// Whether an item's entity is on a shared list.
    Listed,
    /// Whether an item's entity has signed an agreement.
    Agreed,
}

/// One clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseBody {
    /// Why it is undetermined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Its id in `policy.toml`.
    pub clause: String,
    /// The answer for the case, or for each item.
    pub parts: Vec<PartBody>,
    /// Its truth.
    pub truth: Truth,
}

/// One answer to a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartBody {
    /// Why it is undetermined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The item that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// What was read for it, as positions in [`RulingBody::reads`].
    pub reads: Vec<usize>,
    /// The answer.
    pub truth: Truth,
}

/// What a policy proposed to grant. `null` is "reported, but not known".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantBody {
    /// How well supply and demand fit; an exact decimal.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Option<String>>,
    /// An award, or what a voucher pays.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Option<Money>>,
    /// Entitlements.
    pub entitlements: Vec<EntitlementBody>,
    /// What was read for it, as positions in [`RulingBody::reads`].
    pub reads: Vec<usize>,
    /// Marks.
    pub scores: Vec<ScoreBody>,
    /// The tier.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub tier: Option<Option<String>>,
}

/// One entitlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntitlementBody {
    /// Its worth, where it has one.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Option<Money>>,
    /// Whether it is due, where it is one in kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Truth>,
    /// Its id in `policy.toml`.
    pub entitlement: String,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreBody {
    /// The criterion's id in `policy.toml`.
    pub criterion: String,
    /// The mark, an exact decimal; `null` while it is not known.
    pub value: Option<String>,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    /// The party that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Its id in `policy.toml`.
    pub note: String,
}

/// An award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardBody {
    /// How much.
    pub amount: Money,
    /// What each city pays, in the order of the program file.
    pub shares: Vec<CityAmount>,
}

/// What one city pays or awards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CityAmount {
    /// How much.
    pub amount: Money,
    /// The city.
    pub city: CityId,
}

/// Money that moves from one stage to another within a purse of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// How much.
    pub amount: Money,
    /// The stage that it leaves.
    pub from: String,
    /// The purse.
    pub purse: String,
    /// The stage that it reaches.
    pub to: String,
}

impl Transfer {
    /// A transfer of the ledger.
    #[must_use]
    pub fn of(transfer: &purse::Transfer) -> Transfer {
        Transfer {
            purse: transfer.purse.to_string(),
            from: transfer.from.as_str().to_owned(),
            to: transfer.to.as_str().to_owned(),
            amount: transfer.amount,
        }
    }
}

/// What is there was said, and may have been said to be unknown.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl CombineBody {
    pub(super) fn of(rule: &Combine) -> CombineBody {
        let part = |(city, part): (&CityId, &u32)| Part { city: city.clone(), part: *part };
        let shares = rule.shares.iter().map(part).collect();
        let payer = rule.payer.clone();
        CombineBody { rulings: rule.rulings, award: rule.award, shares, payer }
    }

    pub(super) fn rule(&self) -> Combine {
        let shares = self.shares.iter().map(|share| (share.city.clone(), share.part)).collect();
        let payer = self.payer.clone();
        Combine { rulings: self.rulings, award: self.award, shares, payer }
    }
}
