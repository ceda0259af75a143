//! Whether a promise holds for a case, or for a case and the changed one. Pure.

use std::cmp::Ordering;

use concord_contract::manifest::{Manifest, Promise, Property};
use concord_contract::value::Value;
use concord_contract::{Decimal, Kind, Money, Truth};
use indexmap::IndexMap;

use crate::decide::Ruling;
use crate::domain::outcome::Outcome;

/// What is granted under one name.
#[derive(Clone, Debug, PartialEq)]
enum Worth {
    Amount(Money),
    Mark(Decimal),
    Due(Truth),
    /// Its position, counted from the highest.
    Tier(u32, String),
}

/// What a ruling grants, by its name in words; `None` is reported, but not known.
type Granted = IndexMap<String, Option<Worth>>;

/// How the promise is broken, if it is.
pub(super) fn broken(
    promise: &Promise,
    manifest: &Manifest,
    before: &Ruling,
    after: Option<&Ruling>,
) -> Option<String> {
    match (&promise.property, after) {
        (Property::AtMost { parameter, column }, _) => {
            let parameter = manifest.parameters.get(*parameter)?;
            let cell = &parameter.default;
            let values = (0..cell.rows()).filter_map(|row| cell.get(row, *column));
            let limits: Vec<Worth> = values.filter_map(worth_of).collect();
            above(&granted(manifest, before)?, &limits, &promise.property.about(manifest).concat())
        }
        (Property::More(_) | Property::Less(_), Some(after)) => harmed(manifest, before, after),
        (Property::Swap(..), Some(after)) => differs(manifest, before, after),
        (Property::UnaffectedBy(_), Some(after)) => {
            differs(manifest, before, after).or_else(|| clause_differs(manifest, before, after))
        }
        (_, None) => None,
    }
}

fn worth_of(value: &Value) -> Option<Worth> {
    match value {
        Value::Amount(money) => Some(Worth::Amount(*money)),
        Value::Decimal(number) => Some(Worth::Mark(*number)),
        _ => None,
    }
}

/// What an eligible ruling grants; nothing is granted by any other.
fn granted(manifest: &Manifest, ruling: &Ruling) -> Option<Granted> {
    if ruling.outcome != Outcome::Eligible {
        return None;
    }
    let grant = &ruling.report.grant;
    let mut granted = Granted::new();
    if let Some(amount) = grant.amount {
        let name = if manifest.kind == Kind::Voucher { "the cover" } else { "the award" };
        granted.insert(name.to_owned(), amount.map(Worth::Amount));
    }
    if let Some(tier) = grant.tier {
        let name = |tier: u32| Some((tier, manifest.tiers.get(tier as usize)?.name.clone()));
        let tier = tier.and_then(name).map(|(tier, name)| Worth::Tier(tier, name));
        granted.insert("the tier".to_owned(), tier);
    }
    let entitlement = |at: u32| manifest.entitlements.get(at as usize).map(|one| one.name.clone());
    for (at, due) in &grant.entitled {
        let due = Some(Worth::Due(*due)).filter(|_| *due != Truth::Undetermined);
        granted.insert(entitlement(*at)?, due);
    }
    for (at, amount) in &grant.entitled_to {
        granted.insert(entitlement(*at)?, amount.map(Worth::Amount));
    }
    for (at, mark) in &grant.scores {
        let criterion = manifest.criteria.get(*at as usize)?;
        granted.insert(format!("the mark for {}", criterion.name), mark.map(Worth::Mark));
    }
    if let Some(affinity) = grant.affinity {
        granted.insert("the affinity".to_owned(), affinity.map(Worth::Mark));
    }
    Some(granted)
}

/// Something that is above every one of the limits.
fn above(granted: &Granted, limits: &[Worth], parameter: &str) -> Option<String> {
    for (name, worth) in granted {
        let Some(worth @ (Worth::Amount(_) | Worth::Mark(_))) = worth else { continue };
        let within =
            |limit: &Worth| matches!(order(worth, limit), Some(Ordering::Less | Ordering::Equal));
        if !limits.iter().any(within) {
            let largest = limits.iter().reduce(|one, other| match order(one, other) {
                Some(Ordering::Less) => other,
                _ => one,
            });
            let largest = largest.map_or_else(|| "empty".to_owned(), show);
            return Some(format!("{name} is {}, but {parameter} is {largest}", show(worth)));
        }
    }
    None
}

/// Somebody who was eligible no longer is, or is granted less.
fn harmed(manifest: &Manifest, before: &Ruling, after: &Ruling) -> Option<String> {
    if (before.outcome, after.outcome) == (Outcome::Eligible, Outcome::Ineligible) {
        return Some("the case was eligible and becomes ineligible".to_owned());
    }
    let (before, after) = (granted(manifest, before)?, granted(manifest, after)?);
    for (name, old) in &before {
        let Some(old) = old else { continue };
        let new = match after.get(name) {
            // Reported, but not known: nobody can say that it is less.
            Some(None) => continue,
            Some(Some(new)) => Some(new),
            None => None,
        };
        let less = match (old, new) {
            (Worth::Due(Truth::Unmet | Truth::Undetermined), _) => false,
            (Worth::Amount(money), None | Some(Worth::Due(_))) => money.minor > 0,
            (_, None) => true,
            (Worth::Due(_), Some(new)) => *new == Worth::Due(Truth::Unmet),
            (old, Some(new)) => order(new, old) == Some(Ordering::Less),
        };
        if less {
            let new = new.map_or_else(|| "nothing".to_owned(), show);
            return Some(format!("{name} falls from {} to {new}", show(old)));
        }
    }
    None
}

/// Another outcome, or something else that is granted.
fn differs(manifest: &Manifest, before: &Ruling, after: &Ruling) -> Option<String> {
    if before.outcome != after.outcome {
        let (before, after) = (before.outcome.as_str(), after.outcome.as_str());
        return Some(format!("the outcome changes from {before} to {after}"));
    }
    let (before, after) = (granted(manifest, before)?, granted(manifest, after)?);
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.dedup();
    let shown = |granted: &Granted, name: &str| match granted.get(name) {
        Some(Some(worth)) => show(worth),
        Some(None) => "not known".to_owned(),
        None => "nothing".to_owned(),
    };
    let other = names.into_iter().find(|name| before.get(*name) != after.get(*name))?;
    Some(format!("{other} changes from {} to {}", shown(&before, other), shown(&after, other)))
}

/// Another answer to a clause.
fn clause_differs(manifest: &Manifest, before: &Ruling, after: &Ruling) -> Option<String> {
    let clauses = manifest.clauses.iter().zip(before.clauses.iter().zip(&after.clauses));
    let truths = clauses.map(|(clause, (old, new))| (&clause.id, old.truth, new.truth));
    let mut others = truths.filter(|(_, old, new)| old != new);
    let (clause, old, new) = others.next()?;
    Some(format!("the clause {clause} changes from {} to {}", old.as_str(), new.as_str()))
}

/// How two of a kind compare.
fn order(one: &Worth, other: &Worth) -> Option<Ordering> {
    match (one, other) {
        (Worth::Amount(one), Worth::Amount(other)) => one.partial_cmp(other),
        (Worth::Mark(one), Worth::Mark(other)) => Some(one.cmp(other)),
        (Worth::Tier(one, _), Worth::Tier(other, _)) => Some(other.cmp(one)),
        _ => None,
    }
}

fn show(worth: &Worth) -> String {
    match worth {
        Worth::Amount(money) => format!("{money} {}", money.currency.code()),
        Worth::Mark(number) => number.normalize().to_string(),
        Worth::Due(Truth::Met) => "due".to_owned(),
        Worth::Due(_) => "not due".to_owned(),
        Worth::Tier(_, tier) => tier.clone(),
    }
}
