//! The second case that a promise compares the first with.

use std::cmp::Ordering;

use concord_contract::Subject;
use concord_contract::manifest::{Manifest, Property};
use concord_contract::raw::Raw;
use concord_contract::value::{Cell, Shape, Value, read_cell};
use proptest::prelude::*;

use super::cases::{Base, given, set};
use super::values::Values;
use crate::domain::case::{Case, item_path};

/// One fact that has another value in the second case.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What the fact is about.
    pub subject: Subject,
    /// Which item of it.
    pub item: usize,
    /// The fact.
    pub fact: String,
    /// Its value in the second case.
    pub to: Raw,
}

impl Change {
    /// Where the fact stands in the case: `parties/0/sales`.
    #[must_use]
    pub fn path(&self) -> String {
        let item = concord_contract::place::pointer(&item_path(self.subject, self.item));
        format!("{}/{}", item.trim_start_matches('/'), self.fact)
    }
}

/// What is drawn for a promise beside the case: an item, and another value for its fact.
pub(super) type Pick = (usize, Raw);

/// What is drawn for a promise beside the case.
pub(super) fn pick(
    manifest: &Manifest,
    bases: &[Base],
    property: &Property,
) -> BoxedStrategy<Pick> {
    match property {
        Property::More(fact) | Property::Less(fact) | Property::UnaffectedBy(fact) => {
            (0..4_usize, Values::new(manifest, bases).of_fact(*fact)).boxed()
        }
        Property::Swap(..) | Property::AtMost { .. } => Just((0, Raw::Null)).boxed(),
    }
}

/// The first case, and what is changed in it to make the second. Nothing where the promise says nothing of
/// the case: it has no such fact, or no other value of it. No changes where it is about one case alone.
pub(super) fn change(
    manifest: &Manifest,
    property: &Property,
    base: &Base,
    case: &Case,
    pick: Pick,
) -> Option<(Case, Vec<Change>)> {
    match property {
        Property::AtMost { .. } => Some((case.clone(), Vec::new())),
        Property::Swap(one, other) => {
            let changes = swaps(manifest, base, case, one, other);
            (!changes.is_empty()).then(|| (case.clone(), changes))
        }
        Property::More(fact) => {
            one_fact(manifest, *fact, base, case, pick, Some(Ordering::Greater))
        }
        Property::Less(fact) => one_fact(manifest, *fact, base, case, pick, Some(Ordering::Less)),
        Property::UnaffectedBy(fact) => one_fact(manifest, *fact, base, case, pick, None),
    }
}

/// The case with the changes made.
pub(super) fn changed(case: &Case, changes: &[Change]) -> Case {
    let mut case = case.clone();
    for Change { subject, item, fact, to } in changes {
        let items = case.subjects.iter_mut().find(|(known, _)| known == subject);
        if let Some(item) = items.and_then(|(_, items)| items.get_mut(*item)) {
            set(item, fact, to.clone());
        }
    }
    case
}

/// Two cases that differ in one fact: if `order` says so, in this order to what it was.
fn one_fact(
    manifest: &Manifest,
    position: usize,
    base: &Base,
    case: &Case,
    (item, other): Pick,
    order: Option<Ordering>,
) -> Option<(Case, Vec<Change>)> {
    let fact = manifest.facts.get(position)?;
    let items = case.items(fact.subject)?;
    let item = item.checked_rem(items.len())?;
    let known = given(items.get(item)?, fact.subject, &fact.name, &base.entities)?;
    let change =
        |to: Raw| vec![Change { subject: fact.subject, item, fact: fact.name.clone(), to }];
    let typed = |raw: &Raw| read_cell(raw, &fact.shape).ok().flatten();
    let (old, new) = (typed(&known)?, typed(&other)?);
    match order {
        _ if old == new => None,
        None => Some((case.clone(), change(other))),
        Some(order) if compare(&new, &old)? == order => Some((case.clone(), change(other))),
        // The other way round: what was drawn first, and then what the case has.
        Some(_) => Some((changed(case, &change(other)), change(known))),
    }
}

fn compare(one: &Cell, other: &Cell) -> Option<Ordering> {
    match (one.get(0, 0)?, other.get(0, 0)?) {
        (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
        (Value::Decimal(one), Value::Decimal(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        (Value::Amount(one), Value::Amount(other)) => one.partial_cmp(other),
        _ => None,
    }
}

/// The facts that have one of the two options, with the other in its place.
fn swaps(manifest: &Manifest, base: &Base, case: &Case, one: &str, other: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for fact in &manifest.facts {
        let with_both: Vec<bool> = fact
            .shape
            .columns()
            .into_iter()
            .map(|column| {
                let options = manifest.options(column).map(|choices| &choices.options);
                options.is_some_and(|all| all.contains_key(one) && all.contains_key(other))
            })
            .collect();
        for (at, item) in case.items(fact.subject).unwrap_or_default().iter().enumerate() {
            let Some(old) = given(item, fact.subject, &fact.name, &base.entities) else { continue };
            let mut to = old.clone();
            swap(&mut to, &fact.shape, &with_both, one, other);
            if to != old {
                let (subject, fact) = (fact.subject, fact.name.clone());
                changes.push(Change { subject, item: at, fact, to });
            }
        }
    }
    changes
}

fn swap(raw: &mut Raw, shape: &Shape, with_both: &[bool], one: &str, other: &str) {
    let swap_text = |raw: &mut Raw| {
        if let Raw::Text(text) = raw {
            if text == one {
                *text = other.to_owned();
            } else if text == other {
                *text = one.to_owned();
            }
        }
    };
    match (raw, shape) {
        (Raw::List(rows), Shape::Table(columns)) => {
            for row in rows {
                let Raw::Map(entries) = row else { continue };
                for (key, raw) in entries {
                    let column = columns.iter().position(|(name, _)| name == key);
                    if column.and_then(|column| with_both.get(column)) == Some(&true) {
                        swap_text(raw);
                    }
                }
            }
        }
        (Raw::List(rows), _) if with_both.first() == Some(&true) => {
            rows.iter_mut().for_each(swap_text);
        }
        (raw, _) if with_both.first() == Some(&true) => swap_text(raw),
        _ => {}
    }
}
