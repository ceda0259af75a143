//! A decision written out: what HTTP answers and the command line prints.

use concord_contract::language::Language;
use concord_contract::manifest::Scope;
use concord_contract::value::Value;
use concord_contract::{Date, Money, Subject, Truth};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::decision::{Decision, Ruling, Withheld};
use super::fold::{FoldedClause, Part};
use crate::domain::outcome::Outcome;
use crate::engine::{Cause, Read};

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
    pub missing: Vec<String>,
    /// What the policy proposed to grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantBody<'a>>,
    /// The clauses, in the order of `policy.toml`.
    pub clauses: Vec<ClauseBody<'a>>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteBody<'a>>,
}

/// What a policy proposed to grant.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantBody<'a> {
    /// An award, or what a voucher pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
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
}

/// One entitlement.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Entitlement)]
pub struct EntitlementBody<'a> {
    /// Its id in `policy.toml`.
    pub entitlement: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// Whether it is due.
    #[schema(value_type = String)]
    pub due: Truth,
    /// Its worth, where it has one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub amount: Option<Money>,
}

/// One mark.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
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
    #[schema(value_type = String)]
    pub truth: Truth,
    /// Why it is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What it demands, or how it is unmet.
    pub message: &'a str,
    /// The law or standard, and the place in it.
    pub citation: &'a str,
    /// What was read for it.
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
    pub item: String,
    /// Its truth.
    #[schema(value_type = String)]
    pub truth: Truth,
    /// Why it is `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What was read for it.
    pub read: Vec<ReadBody<'a>>,
}

/// One thing that was read, as the host observed it. Exactly one of the names is given.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Read)]
pub struct ReadBody<'a> {
    /// A fact of the case: its path, such as `parties/0/city`; a subject alone stands for its count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// A parameter of the binding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// A fund, by id: what it has available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fund: Option<&'a str>,
    /// A shared record: `awards`, `listed` or `agreed`, of the item behind the slash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// The value; `null` if it is not known.
    #[schema(value_type = serde_json::Value)]
    pub value: Shown<'a>,
}

/// A remark.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
pub struct NoteBody<'a> {
    /// Its id in `policy.toml`.
    pub note: &'a str,
    /// The item that it is about, such as `parties/0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What it says.
    pub message: &'a str,
}

/// A value as JSON.
#[derive(Debug, Default)]
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
            Shown::Value(other, unit) => serializer.serialize_str(&other.text(*unit)),
            Shown::Date(date) => serializer.collect_str(date),
            Shown::Count(count) => serializer.serialize_u64(*count as u64),
        }
    }
}

/// Writes a decision out in a language.
#[must_use]
pub fn explain(decision: &Decision, language: Language) -> DecisionBody<'_> {
    let award = decision.award.as_ref().map(|award| AwardBody {
        amount: award.amount.to_string(),
        currency: award.amount.currency.code(),
        shares: award
            .shares
            .iter()
            .map(|(city, share)| ShareBody { city: city.as_str(), amount: share.to_string() })
            .collect(),
    });
    DecisionBody {
        program: decision.program.laid_down.id.as_str(),
        as_of: decision.as_of.to_string(),
        outcome: decision.outcome,
        cause: decision.cause,
        award,
        withheld: decision.withheld,
        rulings: decision.rulings.iter().map(|ruling| explain_ruling(ruling, language)).collect(),
    }
}

/// Writes a ruling out in a language.
#[must_use]
pub fn explain_ruling(ruling: &Ruling, language: Language) -> RulingBody<'_> {
    let policy = &ruling.bound.policy;
    let manifest = &policy.manifest;
    let clauses = ruling.clauses.iter().enumerate();
    RulingBody {
        city: ruling.bound.city.as_ref().map(|city| city.as_str()),
        policy: &manifest.id,
        version: &manifest.version,
        digest: &policy.digest,
        outcome: ruling.outcome,
        cause: ruling.cause,
        detail: ruling.report.failure.as_ref().map(|failure| failure.detail.as_str()),
        fuel: ruling.report.fuel,
        missing: missing(ruling),
        grant: grant(ruling, language),
        clauses: clauses.filter_map(|(at, folded)| clause(ruling, at, folded, language)).collect(),
        notes: notes(ruling, language),
    }
}

/// The facts that undetermined clauses asked for and that are not known, each once.
#[must_use]
pub fn missing(ruling: &Ruling) -> Vec<String> {
    let mut missing = Vec::new();
    let parts = ruling.clauses.iter().flat_map(|clause| &clause.parts);
    for part in parts.filter(|part| part.truth == Truth::Undetermined) {
        for read in ruling.report.reads.get(part.reads.clone()).unwrap_or_default() {
            if !ruling.known(read)
                && let Some(path) = path_of(ruling, read)
                && !missing.contains(&path)
            {
                missing.push(path);
            }
        }
    }
    missing
}

fn clause<'a>(
    ruling: &'a Ruling,
    at: usize,
    folded: &FoldedClause,
    language: Language,
) -> Option<ClauseBody<'a>> {
    let declared = ruling.bound.policy.manifest.clauses.get(at)?;
    let texts = ruling.bound.messages.clause(language, at)?;
    let message = if folded.truth == Truth::Unmet { &texts.unmet } else { &texts.title };
    let of_case = folded.parts.first().filter(|part| part.item.is_none());
    let subject = match declared.scope {
        Scope::Case => None,
        Scope::Each(subject) | Scope::Some(subject) => Some(subject),
    };
    let item = |part: &Part| {
        Some(ItemBody {
            item: item_name(subject?, part.item?),
            truth: part.truth,
            cause: part.cause,
            read: reads(ruling, part),
        })
    };
    Some(ClauseBody {
        clause: &declared.id,
        truth: folded.truth,
        cause: folded.cause,
        message,
        citation: &declared.citation,
        read: of_case.map(|part| reads(ruling, part)).unwrap_or_default(),
        items: folded.parts.iter().filter_map(item).collect(),
    })
}

fn reads<'a>(ruling: &'a Ruling, part: &Part) -> Vec<ReadBody<'a>> {
    let all = ruling.report.reads.get(part.reads.clone()).unwrap_or_default();
    let mut shown = Vec::with_capacity(all.len());
    for (position, read) in all.iter().enumerate() {
        let again = all.iter().take(position).any(|before| before == read);
        if !again {
            shown.push(show(ruling, read));
        }
    }
    shown
}

fn show<'a>(ruling: &'a Ruling, read: &Read) -> ReadBody<'a> {
    let value = value_of(ruling, read);
    let (bound, body) = (&ruling.bound, ReadBody { value, ..ReadBody::default() });
    let registry = |what: &str, subject, item| Some(format!("{what}/{}", item_name(subject, item)));
    match *read {
        Read::Fact { .. } | Read::Rows { .. } | Read::Count(_) | Read::AsOf => {
            ReadBody { fact: path_of(ruling, read), ..body }
        }
        Read::Parameter { parameter, row } => {
            let name = bound.names.parameter(parameter).map(|name| name.in_row(row));
            ReadBody { parameter: name, ..body }
        }
        Read::Available(fund) => {
            ReadBody { fund: bound.funds.get(fund as usize).map(|id| id.as_str()), ..body }
        }
        Read::Awards(subject, item) => {
            ReadBody { registry: registry("awards", subject, item), ..body }
        }
        Read::Listed(subject, item) => {
            ReadBody { registry: registry("listed", subject, item), ..body }
        }
        Read::Agreed(subject, item) => {
            ReadBody { registry: registry("agreed", subject, item), ..body }
        }
    }
}

fn value_of<'a>(ruling: &'a Ruling, read: &Read) -> Shown<'a> {
    let (dossier, names) = (&ruling.dossier, &ruling.bound.names);
    let standing = |subject, item| dossier.item(subject, item)?.standing.as_deref();
    let shown = match *read {
        Read::Fact { item, fact, row } => {
            let unit = names.fact(fact).and_then(|name| name.unit.as_deref());
            ruling.fact(item, fact, row).map(|value| Shown::Value(value, unit))
        }
        Read::Rows { item, fact } => ruling.rows(item, fact).map(Shown::Count),
        Read::Count(subject) => dossier.facts.items(subject).map(|items| Shown::Count(items.len())),
        Read::AsOf => Some(Shown::Date(dossier.as_of)),
        Read::Parameter { parameter, row } => names.parameter(parameter).and_then(|name| {
            let cell = dossier.parameters.get(name.position)?;
            Some(Shown::Value(cell.get(row as usize, name.column)?, name.unit.as_deref()))
        }),
        Read::Available(fund) => {
            dossier.funds.get(fund as usize).copied().flatten().map(Shown::Money)
        }
        Read::Awards(subject, item) => {
            standing(subject, item).map(|standing| Shown::Count(standing.awards.len()))
        }
        Read::Listed(subject, item) => {
            standing(subject, item).map(|standing| Shown::Flag(standing.listed))
        }
        Read::Agreed(subject, item) => {
            standing(subject, item).map(|standing| Shown::Flag(standing.agreed))
        }
    };
    shown.unwrap_or_default()
}

/// Where in the case something was read: `parties/0/city`, or `parties` for their count.
fn path_of(ruling: &Ruling, read: &Read) -> Option<String> {
    let name = |fact| ruling.bound.names.fact(fact);
    match *read {
        Read::Fact { item, fact, row } => name(fact).map(|name| name.path(item, row)),
        Read::Rows { item, fact } => {
            name(fact).map(|name| format!("{}/{}", item_name(name.subject, item), name.name))
        }
        Read::Count(subject) => Some(subject.as_str().to_owned()),
        Read::AsOf => Some("as_of".to_owned()),
        _ => None,
    }
}

/// An item as paths name it: `parties/0`, `project`.
pub(super) fn item_name(subject: Subject, item: u32) -> String {
    if subject.is_many() {
        format!("{}/{item}", subject.as_str())
    } else {
        subject.as_str().to_owned()
    }
}

fn grant(ruling: &Ruling, language: Language) -> Option<GrantBody<'_>> {
    let (manifest, grant) = (&ruling.bound.policy.manifest, &ruling.report.grant);
    let entitlement = |index: u32, due: Truth, amount: Option<Money>| {
        let declared = manifest.entitlements.get(index as usize)?;
        let label = declared.label.get(language);
        Some(EntitlementBody { entitlement: &declared.name, label, due, amount })
    };
    let in_kind = grant.entitled.iter().map(|(index, due)| entitlement(*index, *due, None));
    let of_worth = grant.entitled_to.iter().map(|(index, amount)| {
        let due = if amount.is_some() { Truth::Met } else { Truth::Undetermined };
        entitlement(*index, due, *amount)
    });
    let tier = grant.tier.flatten().and_then(|tier| manifest.tiers.get(tier as usize));
    let scores = grant.scores.iter().filter_map(|(index, value)| {
        let criterion = manifest.criteria.get(*index as usize)?.name.as_str();
        Some(ScoreBody { criterion, value: value.map(|value| value.to_string()) })
    });
    let body = GrantBody {
        amount: grant.amount.flatten(),
        tier: tier.map(|tier| tier.name.as_str()),
        entitlements: in_kind.chain(of_worth).flatten().collect(),
        scores: scores.collect(),
        affinity: grant.affinity.flatten().map(|affinity| affinity.to_string()),
    };
    (body != GrantBody::default()).then_some(body)
}

fn notes(ruling: &Ruling, language: Language) -> Vec<NoteBody<'_>> {
    let manifest = &ruling.bound.policy.manifest;
    let body = |(note, item): &(u32, Option<u32>)| {
        let declared = manifest.notes.get(*note as usize)?;
        let item = item.map(|item| item_name(Subject::Parties, item));
        Some(NoteBody { note: &declared.name, item, message: declared.label.get(language) })
    };
    ruling.report.notes.iter().filter_map(body).collect()
}
