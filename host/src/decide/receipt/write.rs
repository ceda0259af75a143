//! From a decision to its receipt. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use concord_contract::manifest::{Parameter, Scope};
use concord_contract::raw::Raw;
use concord_contract::value::{Cell, Column, Shape};
use concord_contract::{CONTRACT, Money, Subject, Truth};
use foldhash::fast::RandomState;
use serde_json::Value;

use super::body::{
    AwardBody, Body, CityAmount, ClauseBody, CombineBody, EntitlementBody, FORMAT, GrantBody, Kind,
    NoteBody, Of, PartBody, PurseBody, ReadBody, RulingBody, RunLimits, ScoreBody, Told, Transfer,
    VERSION, Versions,
};
use super::{Context, Receipt, Uncanonical, canonical, whole};
use crate::decide::body::Shown;
use crate::decide::combine::Award;
use crate::decide::decision::{Decision, Ruling};
use crate::decide::explain::value_of;
use crate::decide::fold::FoldedClause;
use crate::decide::names::Label;
use crate::decide::payment::Payer;
use crate::domain::application::Part;
use crate::domain::digest::sha256;
use crate::domain::facts::PriorAward;
use crate::domain::ids::CityId;
use crate::domain::json;
use crate::engine::{self, Grant, Read};

/// Writes the receipt of a decision.
///
/// The error is one of the host, whose own values have no canonical text; none is known to.
pub fn write(decision: &Decision, context: &Context) -> Result<Receipt, Uncanonical> {
    Receipt::of(&body(decision, context)?)
}

/// What the ledger is told to move: an application's parts, where anything is granted. A check moves nothing.
pub(super) fn reserved(applied: bool, granted: bool, parts: &[Part]) -> Vec<Transfer> {
    let parts = parts.iter().filter(|_| applied && granted);
    parts.filter_map(Part::reserved).map(|transfer| Transfer::of(&transfer)).collect()
}

impl Receipt {
    /// Fields stand in the order of their names in a [`Body`], and so do the keys of whatever is in it: what is
    /// written is canonical as it comes.
    pub(super) fn of(body: &Body<'_>) -> Result<Receipt, Uncanonical> {
        let text = json::long(body).map_err(|error| Uncanonical::NotJson(error.to_string()))?;
        debug_assert_eq!(canonical(body).as_ref(), Ok(&text));
        let digest = sha256(text.as_bytes());
        Ok(Receipt { body: text, digest })
    }
}

fn body<'a>(decision: &'a Decision, context: &Context) -> Result<Body<'a>, Uncanonical> {
    let laid_down = &decision.program.laid_down;
    let purse = |payer: &Payer| {
        let part = decision.parts.iter().find(|part| part.purse == payer.purse)?;
        let (_, available) = decision.available.iter().find(|(purse, _)| *purse == payer.purse)?;
        Some(PurseBody {
            purse: payer.purse.clone(),
            city: payer.city.clone(),
            weight: payer.weight,
            part: part.awarded,
            available: *available,
        })
    };
    Ok(Body {
        format: FORMAT.to_owned(),
        version: VERSION,
        id: context.id.clone(),
        program: laid_down.id.clone(),
        number: context.number,
        previous: context.previous.clone(),
        application: context.application.clone(),
        decided: context.decided,
        as_of: decision.as_of,
        versions: versions(),
        limits: RunLimits {
            fuel: decision.limits.fuel,
            memory: u64::try_from(decision.limits.memory).unwrap_or(u64::MAX),
        },
        combine: CombineBody::of(&laid_down.combine),
        lead: decision.lead.clone(),
        payer: decision.payer.clone(),
        purses: decision.payers.iter().filter_map(purse).collect(),
        rulings: decision.rulings.iter().map(ruling).collect::<Result<_, _>>()?,
        outcome: decision.outcome,
        cause: decision.cause,
        award: decision.award.as_ref().map(award),
        awards: amounts(&decision.awards),
        withheld: decision.withheld,
        transfers: reserved(context.application.is_some(), decision.grants(), &decision.parts),
    })
}

/// What this host would write of itself.
pub(super) fn versions() -> Versions {
    Versions {
        host: env!("CARGO_PKG_VERSION").to_owned(),
        contract: CONTRACT.to_owned(),
        engine: format!("wasmtime {}", engine::VERSION),
    }
}

pub(super) fn award(award: &Award) -> AwardBody {
    AwardBody { amount: award.amount, shares: amounts(&award.shares) }
}

pub(super) fn amounts(of: &[(CityId, Money)]) -> Vec<CityAmount> {
    of.iter().map(|(city, amount)| CityAmount { city: city.clone(), amount: *amount }).collect()
}

/// One ruling, with all that it rests on.
pub(super) fn ruling(ruling: &Ruling) -> Result<RulingBody<'_>, Uncanonical> {
    let (bound, report) = (&ruling.bound, &ruling.report);
    let manifest = &bound.policy.manifest;
    let not_an_id = |error: crate::domain::ids::BadId| Uncanonical::NotJson(error.to_string());
    let declared = manifest.registry.funds.iter().map(|fund| fund.name.clone());
    let (reads, mut places) = reads(ruling)?;
    let clauses = manifest.clauses.iter().zip(&ruling.clauses);
    Ok(RulingBody {
        city: bound.city.clone(),
        policy: manifest.id.parse().map_err(not_an_id)?,
        version: manifest.version.clone(),
        digest: bound.policy.digest.clone(),
        currency: ruling.dossier.currency.map(|currency| currency.code().to_owned()),
        parameters: Cow::Borrowed(&bound.laid_out),
        funds: declared.zip(bound.funds.iter().cloned()).collect(),
        items: items(ruling),
        reads,
        clauses: clauses.map(|(declared, folded)| places.clause(&declared.id, folded)).collect(),
        grant: grant(ruling, &mut places),
        notes: report.notes.iter().filter_map(|note| remark(ruling, *note)).collect(),
        outcome: ruling.outcome,
        cause: ruling.cause,
        fuel: report.fuel,
    })
}

/// The items that clauses and remarks are about, counted.
fn items(ruling: &Ruling) -> BTreeMap<String, Option<u32>> {
    let clauses = ruling.bound.policy.manifest.clauses.iter();
    let scoped = clauses.filter_map(|clause| match clause.scope {
        Scope::Case => None,
        Scope::Each(subject) | Scope::Some(subject) => Some(subject),
    });
    let remarked = ruling.report.notes.iter().any(|(_, item)| item.is_some());
    let count = |subject: Subject| {
        let items = ruling.dossier.facts.items(subject);
        let count = items.map(|items| u32::try_from(items.len()).unwrap_or(u32::MAX));
        (subject.as_str().to_owned(), count)
    };
    scoped.chain(remarked.then_some(Subject::Parties)).map(count).collect()
}

/// What was read, each thing once, and where each stands.
fn reads(ruling: &Ruling) -> Result<(Vec<ReadBody<'_>>, Places), Uncanonical> {
    let mut reads = Vec::new();
    let most = ruling.report.reads.len();
    let mut known: HashMap<Read, Option<usize>, RandomState> =
        HashMap::with_capacity_and_hasher(most, RandomState::default());
    let mut places = Vec::with_capacity(most);
    for read in &ruling.report.reads {
        let place = match known.get(read) {
            Some(place) => *place,
            None => {
                let place = entry(ruling, read)?.map(|entry| {
                    reads.push(entry);
                    reads.len() - 1
                });
                known.insert(*read, place);
                place
            }
        };
        places.push(place);
    }
    let places = Places { of: places, taken: vec![0; reads.len()], round: 0 };
    Ok((reads, places))
}

/// One read; none for an index that was not declared, behind which nothing stands.
fn entry<'a>(ruling: &'a Ruling, read: &Read) -> Result<Option<ReadBody<'a>>, Uncanonical> {
    let Some((kind, of)) = name(ruling, read) else { return Ok(None) };
    let value = match value_of(ruling, read) {
        Shown::Awards(awards) => Told::Json(prior(awards, ruling)?),
        shown => Told::Shown(shown),
    };
    Ok(Some(ReadBody { of: Of::Label(of), read: kind, value }))
}

fn prior(awards: &[PriorAward], ruling: &Ruling) -> Result<Value, Uncanonical> {
    let wrong = |error: serde_json::Error| Uncanonical::NotJson(error.to_string());
    let mut value = serde_json::to_value(awards).map_err(wrong)?;
    if ruling.bound.policy.manifest.registry.payers.is_none() {
        // A policy that names no cities is not told who paid.
        let awards = value.as_array_mut().into_iter().flatten();
        awards.filter_map(Value::as_object_mut).for_each(|award| {
            award.remove("city");
        });
    }
    Ok(whole::safe(value))
}

fn name<'a>(ruling: &'a Ruling, read: &Read) -> Option<(Kind, Label<'a>)> {
    let names = &ruling.bound.names;
    Some(match *read {
        Read::Fact { item, fact, row } => (Kind::Fact, names.fact(fact)?.path(item, row)),
        Read::Rows { item, fact } => (Kind::Rows, names.fact(fact)?.of_item(item)),
        Read::Count(subject) => (Kind::Count, Label::word(subject.as_str())),
        Read::Parameter { parameter, row } => {
            (Kind::Parameter, names.parameter(parameter)?.in_row(row))
        }
        Read::AsOf => (Kind::AsOf, Label::word("as_of")),
        Read::Available(fund) => {
            let declared = ruling.bound.policy.manifest.registry.funds.get(fund as usize)?;
            (Kind::Available, Label::word(&declared.name))
        }
        Read::Awards(subject, of) => (Kind::Awards, Label::item(subject, of)),
        Read::Listed(subject, of) => (Kind::Listed, Label::item(subject, of)),
        Read::Agreed(subject, of) => (Kind::Agreed, Label::item(subject, of)),
    })
}

/// Where each of a report's reads stands in the receipt.
struct Places {
    of: Vec<Option<usize>>,
    /// By place, the last round of questions in which it was taken.
    taken: Vec<u32>,
    round: u32,
}

impl Places {
    /// The places of ranges of reads, each once.
    fn of<'a>(&mut self, ranges: impl IntoIterator<Item = &'a Range<usize>>) -> Vec<usize> {
        self.round += 1;
        let mut places = Vec::new();
        for range in ranges {
            for place in self.of.get(range.clone()).unwrap_or_default().iter().flatten() {
                let taken = self.taken.get_mut(*place);
                if taken.is_some_and(|taken| std::mem::replace(taken, self.round) != self.round) {
                    places.push(*place);
                }
            }
        }
        places
    }

    fn clause(&mut self, id: &str, folded: &FoldedClause) -> ClauseBody {
        let part = |part: &crate::decide::fold::Part| PartBody {
            item: part.item,
            truth: part.truth,
            cause: part.cause,
            reads: self.of([&part.reads]),
        };
        ClauseBody {
            clause: id.to_owned(),
            truth: folded.truth,
            cause: folded.cause,
            parts: folded.parts.iter().map(part).collect(),
        }
    }
}

fn grant(ruling: &Ruling, places: &mut Places) -> Option<GrantBody> {
    let (manifest, grant) = (&ruling.bound.policy.manifest, &ruling.report.grant);
    if *grant == Grant::default() {
        return None;
    }
    let entitlement = |index: u32, due: Option<Truth>, amount: Option<Option<Money>>| {
        let entitlement = manifest.entitlements.get(index as usize)?.name.clone();
        Some(EntitlementBody { entitlement, due, amount })
    };
    let in_kind = grant.entitled.iter().map(|(index, due)| entitlement(*index, Some(*due), None));
    let of_worth =
        grant.entitled_to.iter().map(|(index, worth)| entitlement(*index, None, Some(*worth)));
    let tier = |tier: u32| manifest.tiers.get(tier as usize).map(|tier| tier.name.clone());
    let score = |(index, value): (&u32, &Option<concord_contract::Decimal>)| {
        let criterion = manifest.criteria.get(*index as usize)?.name.clone();
        Some(ScoreBody { criterion, value: value.map(|value| value.to_string()) })
    };
    Some(GrantBody {
        amount: grant.amount,
        tier: grant.tier.map(|known| known.and_then(tier)),
        entitlements: in_kind.chain(of_worth).flatten().collect(),
        scores: grant.scores.iter().filter_map(score).collect(),
        affinity: grant.affinity.map(|known| known.map(|affinity| affinity.to_string())),
        reads: places.of(&ruling.report.grant_reads),
    })
}

fn remark(ruling: &Ruling, (note, item): (u32, Option<u32>)) -> Option<NoteBody> {
    let declared = ruling.bound.policy.manifest.notes.get(note as usize)?;
    Some(NoteBody { note: declared.name.clone(), item })
}

/// Parameters as a receipt has them: as a binding would set them.
pub(in crate::decide) fn lay_out(
    parameters: &[Parameter],
    cells: &[Cell],
) -> Result<BTreeMap<String, Value>, Uncanonical> {
    let one = |(declared, cell): (&Parameter, &Cell)| {
        Ok((declared.name.clone(), cell_as_json(cell, &declared.shape)?))
    };
    parameters.iter().zip(cells).map(one).collect()
}

fn cell_as_json(cell: &Cell, shape: &Shape) -> Result<Value, Uncanonical> {
    let one = |value: Option<&concord_contract::value::Value>, column: &Column| {
        value.map_or(Raw::Null, |value| Raw::of(value, column.unit.as_deref()))
    };
    let raw = match shape {
        Shape::One(column) => one(cell.get(0, 0), column),
        Shape::List(column) => {
            Raw::List((0..cell.rows()).map(|row| one(cell.get(row, 0), column)).collect())
        }
        Shape::Table(columns) => {
            let entry = |row, (at, (name, column)): (usize, &(String, Column))| {
                (name.clone(), one(cell.get(row, at), column))
            };
            let row = |row| Raw::Map(columns.iter().enumerate().map(|c| entry(row, c)).collect());
            Raw::List((0..cell.rows()).map(row).collect())
        }
    };
    let json = serde_json::to_value(&raw);
    json.map(whole::safe).map_err(|error| Uncanonical::NotJson(error.to_string()))
}
