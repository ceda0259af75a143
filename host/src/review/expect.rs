//! What is expected of a case, and how a decision or ruling differs from it.

use std::collections::BTreeSet;

use concord_contract::language::Language;
use concord_contract::{Money, Truth};
use indexmap::IndexMap;
use serde::Deserialize;

use crate::decide::explain::{explain_ruling, grant, missing};
use crate::decide::{Decision, Ruling};
use crate::domain::outcome::Outcome;
use crate::engine::Cause;

/// What is expected. What is not said is not held against anything.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// Why it is undetermined.
    pub cause: Option<Cause>,
    /// The award, or what a voucher pays.
    pub award: Option<Money>,
    /// What each city awards by itself.
    pub awards: IndexMap<String, Money>,
    /// Each city's share, in major units.
    pub shares: IndexMap<String, String>,
    /// The outcome of each ruling, by city, or by policy where it is the whole program's.
    pub rulings: IndexMap<String, Outcome>,
    /// The truth of clauses, by id.
    pub clauses: IndexMap<String, Truth>,
    /// All facts that undetermined clauses asked for and that are not known, in any order.
    pub missing: Option<BTreeSet<String>>,
    /// The tier.
    pub tier: Option<String>,
    /// Whether entitlements are due, by id.
    pub entitled: IndexMap<String, Truth>,
    /// The worth of entitlements, by id.
    pub entitled_to: IndexMap<String, Money>,
    /// Marks, by criterion: exact decimals.
    pub scores: IndexMap<String, String>,
    /// How well supply and demand fit: an exact decimal.
    pub affinity: Option<String>,
    /// Remarks made, by id, in any order.
    pub notes: Option<BTreeSet<String>>,
}

/// Notes a difference between what was expected and what was found.
fn differ<T: PartialEq>(
    differences: &mut Vec<String>,
    what: &str,
    expected: Option<T>,
    found: Option<T>,
    show: impl Fn(&T) -> String,
) {
    if let Some(expected) = expected
        && found.as_ref() != Some(&expected)
    {
        let found = found.as_ref().map_or_else(|| "none".to_owned(), &show);
        differences.push(format!("{what}: expected {}, found {found}", show(&expected)));
    }
}

fn show_money(money: &Money) -> String {
    format!("{money} {}", money.currency.code())
}

fn show_set(set: &BTreeSet<String>) -> String {
    let names: Vec<_> = set.iter().map(String::as_str).collect();
    format!("[{}]", names.join(", "))
}

impl Expect {
    /// How a decision differs from what was expected.
    #[must_use]
    pub fn against_decision(&self, decision: &Decision) -> Vec<String> {
        let mut differences = Vec::new();
        let d = &mut differences;
        differ(d, "outcome", self.outcome, Some(decision.outcome), |o| o.as_str().to_owned());
        differ(d, "cause", self.cause, decision.cause, |cause| cause.as_str().to_owned());
        let award = decision.award.as_ref();
        differ(d, "award", self.award, award.map(|award| award.amount), show_money);
        for (city, expected) in &self.shares {
            let shares = award.map_or(&[][..], |award| &award.shares);
            let found = shares.iter().find(|(of, _)| of.as_str() == city);
            let found = found.map(|(_, share)| share.to_string());
            differ(d, &format!("share of {city}"), Some(expected.clone()), found, String::clone);
        }
        for (city, expected) in &self.awards {
            let found = decision.awards.iter().find(|(of, _)| of.as_str() == city);
            let found = found.map(|(_, amount)| *amount);
            differ(d, &format!("award of {city}"), Some(*expected), found, show_money);
        }
        for (name, expected) in &self.rulings {
            let found = decision.rulings.iter().find(|ruling| ruling_name(ruling) == name);
            let found = found.map(|ruling| ruling.outcome);
            differ(d, &format!("ruling of {name}"), Some(*expected), found, |o| {
                o.as_str().to_owned()
            });
        }
        if let [only] = decision.rulings.as_slice() {
            self.about_ruling(only, d);
        } else {
            self.about_several(decision, d);
        }
        differences
    }

    /// How a ruling differs from what was expected.
    #[must_use]
    pub fn against_ruling(&self, ruling: &Ruling) -> Vec<String> {
        let mut differences = Vec::new();
        let d = &mut differences;
        differ(d, "outcome", self.outcome, Some(ruling.outcome), |o| o.as_str().to_owned());
        differ(d, "cause", self.cause, ruling.cause, |cause| cause.as_str().to_owned());
        let amount = ruling.report.grant.amount.flatten();
        differ(d, "award", self.award, amount, show_money);
        if !self.shares.is_empty() || !self.rulings.is_empty() || !self.awards.is_empty() {
            d.push(
                "awards, shares and rulings are a program's; a policy's own case cannot expect them".into(),
            );
        }
        self.about_ruling(ruling, d);
        differences
    }

    fn about_ruling(&self, ruling: &Ruling, d: &mut Vec<String>) {
        let body = explain_ruling(ruling, Language::En);
        for (id, expected) in &self.clauses {
            let found = body.clauses.iter().find(|clause| clause.clause == id);
            let found = found.map(|clause| clause.truth);
            differ(d, &format!("clause {id}"), Some(*expected), found, |t| t.as_str().to_owned());
        }
        let found = missing(ruling).iter().map(ToString::to_string).collect();
        differ(d, "missing", self.missing.clone(), Some(found), show_set);
        let grant = grant(ruling, Language::En).unwrap_or_default();
        let tier = grant.tier.map(str::to_owned);
        differ(d, "tier", self.tier.clone(), tier, String::clone);
        let entitlement = |id: &str| grant.entitlements.iter().find(|one| one.entitlement == id);
        for (id, expected) in &self.entitled {
            let found = entitlement(id).map(|one| one.due);
            differ(d, &format!("entitlement {id}"), Some(*expected), found, |t| {
                t.as_str().to_owned()
            });
        }
        for (id, expected) in &self.entitled_to {
            let found = entitlement(id).and_then(|one| one.amount);
            differ(d, &format!("entitlement {id}"), Some(*expected), found, show_money);
        }
        for (criterion, expected) in &self.scores {
            let found = grant.scores.iter().find(|one| one.criterion == criterion);
            let found = found.and_then(|one| one.value.clone());
            let what = format!("score by {criterion}");
            differ(d, &what, Some(expected.clone()), found, String::clone);
        }
        differ(d, "affinity", self.affinity.clone(), grant.affinity.clone(), String::clone);
        let notes = body.notes.iter().map(|note| note.note.to_owned()).collect();
        differ(d, "notes", self.notes.clone(), Some(notes), show_set);
    }

    /// Expectations about single clauses or missing facts, where several policies ruled: all together.
    fn about_several(&self, decision: &Decision, d: &mut Vec<String>) {
        let missing = decision.rulings.iter().flat_map(missing);
        let found = missing.map(|label| label.to_string()).collect();
        differ(d, "missing", self.missing.clone(), Some(found), show_set);
        let granted = self.tier.is_some()
            || !(self.entitled.is_empty() && self.entitled_to.is_empty() && self.scores.is_empty())
            || self.affinity.is_some();
        if granted || self.notes.is_some() {
            d.push(
                "what is granted, and notes, can be expected only where one policy rules".into(),
            );
        }
        for (id, expected) in &self.clauses {
            let mut declared =
                decision.rulings.iter().flat_map(|one| &one.bound.policy.manifest.clauses);
            if !declared.any(|clause| clause.id == *id) {
                d.push(format!("clause {id}: no policy has it"));
            }
            for ruling in &decision.rulings {
                let declared = &ruling.bound.policy.manifest.clauses;
                let Some(at) = declared.iter().position(|clause| clause.id == *id) else {
                    continue;
                };
                let found = ruling.clauses.get(at).map(|clause| clause.truth);
                let what = format!("clause {id} of {}", ruling_name(ruling));
                differ(d, &what, Some(*expected), found, |t| t.as_str().to_owned());
            }
        }
    }
}

fn ruling_name(ruling: &Ruling) -> &str {
    ruling.bound.city.as_ref().map_or(&ruling.bound.policy.manifest.id, |city| city.as_str())
}
