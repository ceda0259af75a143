//! From rulings to a decision: which must be met, which award counts, who pays it. Pure.

use concord_contract::{Money, Truth};

use crate::domain::ids::CityId;
use crate::domain::outcome::Outcome;
use crate::domain::program::{AwardRule, Combine, RulingsRule};
use crate::engine::Cause;

use super::shares::share;

/// What one ruling brings to the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice<'a> {
    /// The city whose ruling it is.
    pub city: Option<&'a CityId>,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The award that it proposes.
    pub amount: Option<Money>,
}

/// What the rulings come to together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combined {
    /// The outcome.
    pub outcome: Outcome,
    /// Why it is undetermined, if it is.
    pub cause: Option<Cause>,
    /// The award, if there is one.
    pub award: Option<Award>,
    /// What each city awards by itself, where the program says so.
    pub awards: Vec<(CityId, Money)>,
}

/// An award and who pays it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// How much.
    pub amount: Money,
    /// The cities' shares, in the order of the program file.
    pub shares: Vec<(CityId, Money)>,
}

/// Combines rulings. `lead` is the city that the lead party is from, if that is known.
#[must_use]
pub fn combine(rule: &Combine, voices: &[Voice<'_>], lead: Option<&CityId>) -> Combined {
    let truth = combine_truth(rule.rulings, voices, lead);
    if truth != Truth::Met {
        let cause = match truth {
            Truth::Undetermined => first_cause(voices).or(Some(Cause::MissingFact)),
            _ => None,
        };
        return Combined { outcome: truth.into(), cause, award: None, awards: Vec::new() };
    }
    if rule.award == AwardRule::Each {
        let awards = met(voices).filter_map(|voice| Some((voice.city?.clone(), voice.amount?)));
        let awards = awards.collect();
        return Combined { outcome: Outcome::Eligible, cause: None, award: None, awards };
    }
    match combine_award(rule.award, voices, lead) {
        Ok(amount) => {
            let award = amount.map(|amount| Award { amount, shares: shares(rule, amount) });
            Combined { outcome: Outcome::Eligible, cause: None, award, awards: Vec::new() }
        }
        Err(cause) => {
            let (outcome, cause) = (Outcome::Undetermined, Some(cause));
            Combined { outcome, cause, award: None, awards: Vec::new() }
        }
    }
}

/// Combines rulings as [`combine`] does, where one city may pay all of it: as long as it is not known which, it cannot
/// be said.
#[must_use]
pub fn conclude(
    rule: &Combine,
    voices: &[Voice<'_>],
    lead: Option<&CityId>,
    payer: Option<&CityId>,
) -> Combined {
    let combined = combine(rule, voices, lead);
    if combined.outcome != Outcome::Eligible || rule.payer.is_none() || payer.is_some() {
        return combined;
    }
    let (outcome, cause) = (Outcome::Undetermined, Some(Cause::MissingFact));
    Combined { outcome, cause, award: None, awards: Vec::new() }
}

fn combine_truth(rule: RulingsRule, voices: &[Voice<'_>], lead: Option<&CityId>) -> Truth {
    let truths = voices.iter().map(|voice| voice.outcome.truth());
    match rule {
        RulingsRule::All => Truth::every(truths),
        RulingsRule::Any => Truth::some(truths),
        RulingsRule::AtLeast(least) => Truth::at_least(least, truths),
        RulingsRule::Lead => match lead {
            None => Truth::Undetermined,
            // A lead from a city without rules in the program has nobody to speak for it.
            Some(city) => of_city(voices, city).map_or(Truth::Unmet, |voice| voice.outcome.truth()),
        },
    }
}

fn of_city<'v, 'a>(voices: &'v [Voice<'a>], city: &CityId) -> Option<&'v Voice<'a>> {
    voices.iter().find(|voice| voice.city == Some(city))
}

fn first_cause(voices: &[Voice<'_>]) -> Option<Cause> {
    voices.iter().find_map(|voice| voice.cause)
}

fn met<'v, 'a>(voices: &'v [Voice<'a>]) -> impl Iterator<Item = &'v Voice<'a>> {
    voices.iter().filter(|voice| voice.outcome == Outcome::Eligible)
}

/// The award of the rulings that are met. Unlike currencies are never added or compared.
fn combine_award(
    rule: AwardRule,
    voices: &[Voice<'_>],
    lead: Option<&CityId>,
) -> Result<Option<Money>, Cause> {
    if rule == AwardRule::Lead {
        let lead = lead.ok_or(Cause::MissingFact)?;
        let ruled = of_city(voices, lead).filter(|voice| voice.outcome == Outcome::Eligible);
        return ruled.map(|voice| voice.amount).ok_or(Cause::NoGrant);
    }
    let mut amounts = met(voices).filter_map(|voice| voice.amount);
    let Some(first) = amounts.next() else { return Ok(None) };
    // A ruling that cannot be said might have changed the amount.
    if let Some(open) = voices.iter().find(|voice| voice.outcome == Outcome::Undetermined) {
        return Err(open.cause.unwrap_or(Cause::MissingFact));
    }
    let join = |one: Money, other: Money| match rule {
        AwardRule::Sum => one.checked_add(other).ok_or(Cause::Currency),
        _ if one.currency != other.currency => Err(Cause::Currency),
        _ => Ok(if other.minor < one.minor { other } else { one }),
    };
    amounts.try_fold(first, join).map(Some)
}

fn shares(rule: &Combine, amount: Money) -> Vec<(CityId, Money)> {
    let parts: Vec<_> = rule.shares.values().copied().collect();
    rule.shares.keys().cloned().zip(share(amount, &parts)).collect()
}
