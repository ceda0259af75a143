//! Made-up cases for a policy, from what its `policy.toml` declares: most are sample cases with a few facts
//! changed, since a case whose facts all are random is hardly ever eligible.
//!
//! Every one can be judged. One that is made smaller loses its changes first, then the facts themselves.

use std::sync::Arc;

use concord_contract::manifest::Manifest;
use concord_contract::raw::Raw;
use concord_contract::{Date, Money, Subject};
use indexmap::IndexMap;
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::values::Values;
use crate::domain::case::{Case, Item};
use crate::domain::entities::Entities;
use crate::domain::entity::EntityKind;

/// How many items a subject that may have several is given at most, beside those of the sample case.
const ITEMS: usize = 4;

/// A case that others are made from.
#[derive(Clone, Debug)]
pub struct Base {
    /// The case.
    pub case: Case,
    /// The date that it is judged on.
    pub as_of: Date,
    /// What the policy's funds still have to give.
    pub funds: IndexMap<String, Money>,
    /// The entities, with these funds.
    pub entities: Entities,
    /// Whether the policy finds it eligible.
    pub eligible: bool,
}

/// A made-up case.
#[derive(Clone, Debug)]
pub struct Made {
    /// The position of the base that it was made from.
    pub base: usize,
    /// The case, with its date.
    pub case: Case,
}

/// What becomes of a fact of the base.
#[derive(Clone, Debug)]
enum Edit {
    Missing,
    Kept,
    Set(Raw),
}

/// What becomes of an item of the base.
#[derive(Clone, Debug)]
enum Place {
    Gone,
    Edited(Vec<Edit>),
    New(Vec<Edit>),
}

/// The facts of one subject, with their positions in the manifest.
struct Declared {
    subject: Subject,
    facts: Vec<(usize, String)>,
}

/// Cases for a policy, made from the bases, of which there is at least one.
pub fn cases(manifest: &Manifest, bases: Arc<[Base]>) -> BoxedStrategy<Made> {
    let declared = declared(manifest);
    let values = Values::new(manifest, &bases);
    let places = |one: &Declared| if one.subject.is_many() { ITEMS } else { 1 };
    let total: usize = declared.iter().map(|one| places(one) * one.facts.len()).sum();
    // So that about two facts of a case are changed, however many there are.
    let kept = u32::try_from(2 * total).unwrap_or(u32::MAX).max(1);
    let subjects: Vec<Vec<BoxedStrategy<Place>>> = declared
        .iter()
        .map(|one| {
            let place = place(&values, one, kept);
            (0..places(one)).map(|_| place.clone()).collect()
        })
        .collect();
    let fresh: Vec<Vec<BoxedStrategy<Place>>> =
        declared.iter().map(|one| (0..places(one)).map(|_| anew(&values, one)).collect()).collect();
    // Where there is no sample case, all facts of a case are made up.
    let known = bases.iter().any(|base| !base.case.subjects.is_empty());
    let subjects = match known {
        true => prop_oneof![9 => subjects, 1 => fresh].boxed(),
        false => fresh.boxed(),
    };
    let days = prop_oneof![8 => Just(0), 1 => select(vec![-1, 1, -366, 366])];
    (base(&bases), days, subjects)
        .prop_map(move |(base, days, places)| {
            let case = bases.get(base).map(|base| make(base, days, &declared, places));
            Made { base, case: case.unwrap_or_default() }
        })
        .boxed()
}

/// A base, most often one that is eligible.
fn base(bases: &[Base]) -> BoxedStrategy<usize> {
    let of = |eligible: bool| -> Vec<usize> {
        let chosen = bases.iter().enumerate().filter(|(_, base)| base.eligible == eligible);
        chosen.map(|(at, _)| at).collect()
    };
    match (of(true), of(false)) {
        (all, none) | (none, all) if none.is_empty() => select(all).boxed(),
        (eligible, others) => prop_oneof![6 => select(eligible), 1 => select(others)].boxed(),
    }
}

fn declared(manifest: &Manifest) -> Vec<Declared> {
    let mut all: Vec<Declared> = Vec::new();
    for (position, fact) in manifest.facts.iter().enumerate() {
        // An id is an entity's: it comes with the sample case.
        if fact.name == "id" {
            continue;
        }
        let name = (position, fact.name.clone());
        match all.iter_mut().find(|one| one.subject == fact.subject) {
            Some(one) => one.facts.push(name),
            None => all.push(Declared { subject: fact.subject, facts: vec![name] }),
        }
    }
    all
}

fn place(values: &Values<'_>, declared: &Declared, kept: u32) -> BoxedStrategy<Place> {
    let edit = |(position, _): &(usize, String)| {
        let set = values.of_fact(*position).prop_map(Edit::Set);
        prop_oneof![1 => Just(Edit::Missing), kept => Just(Edit::Kept), 3 => set].boxed()
    };
    let edits: Vec<_> = declared.facts.iter().map(edit).collect();
    let edited = edits.prop_map(Place::Edited);
    prop_oneof![1 => Just(Place::Gone), 40 => edited, 1 => anew(values, declared)].boxed()
}

fn anew(values: &Values<'_>, declared: &Declared) -> BoxedStrategy<Place> {
    let edit = |(position, _): &(usize, String)| {
        let set = values.of_fact(*position).prop_map(Edit::Set).boxed();
        Union::new_weighted(vec![(1, Just(Edit::Missing).boxed()), (20, set)])
    };
    let edits: Vec<_> = declared.facts.iter().map(edit).collect();
    prop_oneof![1 => Just(Place::Gone), 3 => edits.prop_map(Place::New)].boxed()
}

fn make(base: &Base, days: i32, declared: &[Declared], places: Vec<Vec<Place>>) -> Case {
    let as_of = base.as_of.checked_add(days.days()).unwrap_or(base.as_of);
    let mut case = Case { as_of: Some(as_of), subjects: Vec::new() };
    let undeclared = |subject| !declared.iter().any(|one| one.subject == subject);
    let carried = base.case.subjects.iter().filter(|(subject, _)| undeclared(*subject));
    case.subjects.extend(carried.cloned());
    for (one, places) in declared.iter().zip(places) {
        let old = base.case.items(one.subject);
        let length = places.len().max(old.map_or(0, <[_]>::len));
        let mut places = places.into_iter();
        let mut items = Vec::new();
        for at in 0..length {
            let old = old.and_then(|items| items.get(at));
            items.extend(make_item(old, places.next(), &one.facts));
        }
        if old.is_some() && one.subject.is_many() || !items.is_empty() {
            case.subjects.push((one.subject, items));
        }
    }
    case.subjects.sort_by_key(|(subject, _)| subject.index());
    case
}

fn make_item(old: Option<&Item>, place: Option<Place>, facts: &[(usize, String)]) -> Option<Item> {
    let (mut item, edits) = match place {
        None => return old.cloned(),
        Some(Place::Gone) => return None,
        Some(Place::Edited(edits)) => (old?.clone(), edits),
        Some(Place::New(edits)) => (Item::default(), edits),
    };
    for ((_, name), edit) in facts.iter().zip(edits) {
        match edit {
            Edit::Kept => {}
            Edit::Missing => item.facts.retain(|(known, _)| known != name),
            Edit::Set(raw) => set(&mut item, name, raw),
        }
    }
    Some(item)
}

/// Gives an item a fact.
pub(super) fn set(item: &mut Item, name: &str, raw: Raw) {
    match item.facts.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = raw,
        None => item.facts.push((name.to_owned(), raw)),
    }
}

/// The fact of an item: what the case gives, or the entity that it names.
pub(super) fn given(item: &Item, subject: Subject, name: &str, entities: &Entities) -> Option<Raw> {
    if let Some((_, raw)) = item.facts.iter().find(|(known, _)| known == name) {
        return Some(raw.clone());
    }
    entities.fact(entities.get(EntityKind::behind(subject), item.id.as_deref()?)?, name)
}
