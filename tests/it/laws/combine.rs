//! From rulings to a decision.

use concord::decide::{Combined, Voice, combine};
use concord::domain::ids::CityId;
use concord::domain::outcome::Outcome;
use concord::domain::program::{AwardRule, Combine, RulingsRule};
use concord::engine::Cause;
use concord_contract::{Currency, Money, Truth};
use indexmap::IndexMap;
use proptest::prelude::*;

use super::{any_truth, found_out, says_no_less};

fn cities(count: usize) -> Vec<CityId> {
    (0..count).map(|at| format!("city-{at}").parse().unwrap()).collect()
}

/// A voice for each truth, each of its own city, with an award.
fn voices<'a>(cities: &'a [CityId], truths: &[Truth], amounts: &[i64]) -> Vec<Voice<'a>> {
    let voice = |((city, truth), amount): ((&'a CityId, &Truth), &i64)| Voice {
        city: Some(city),
        outcome: Outcome::from(*truth),
        cause: (*truth == Truth::Undetermined).then_some(Cause::MissingFact),
        amount: Some(Money::new(*amount, Currency::CNY)),
    };
    cities.iter().zip(truths).zip(amounts).map(voice).collect()
}

fn rule(rulings: RulingsRule, award: AwardRule) -> Combine {
    Combine { rulings, award, shares: IndexMap::new(), payer: None }
}

/// What rulings come to; without awards, which may be unknown for reasons of their own.
fn decided(rulings: RulingsRule, truths: &[Truth], lead: Option<usize>) -> Combined {
    decided_with(false, rulings, truths, lead)
}

fn decided_with(
    awards: bool,
    rulings: RulingsRule,
    truths: &[Truth],
    lead: Option<usize>,
) -> Combined {
    let cities = cities(truths.len());
    let amounts = vec![1; truths.len()];
    let mut voices = voices(&cities, truths, &amounts);
    if !awards {
        voices.iter_mut().for_each(|voice| voice.amount = None);
    }
    combine(&rule(rulings, AwardRule::Lowest), &voices, lead.map(|at| &cities[at]))
}

fn any_rule() -> impl Strategy<Value = RulingsRule> {
    prop_oneof![
        Just(RulingsRule::All),
        Just(RulingsRule::Any),
        Just(RulingsRule::Lead),
        (1..6_usize).prop_map(RulingsRule::AtLeast),
    ]
}

type Told = (Vec<Truth>, Vec<Truth>, usize);

fn any_told() -> impl Strategy<Value = Told> {
    (1..6_usize).prop_flat_map(|length| {
        let truths = || prop::collection::vec(any_truth(), length);
        (truths(), truths(), 0..length)
    })
}

proptest! {
    #[test]
    fn all_any_and_at_least_are_kleenes((truths, _, _) in any_told(), least in 1..7_usize) {
        let outcome = |rule| decided(rule, &truths, None).outcome;
        prop_assert_eq!(outcome(RulingsRule::All), Outcome::from(Truth::every(truths.clone())));
        prop_assert_eq!(outcome(RulingsRule::Any), Outcome::from(Truth::some(truths.clone())));
        let expected = Truth::at_least(least, truths.clone());
        prop_assert_eq!(outcome(RulingsRule::AtLeast(least)), Outcome::from(expected));
    }

    #[test]
    fn the_lead_citys_ruling_is_the_decision((truths, _, lead) in any_told()) {
        let known = decided(RulingsRule::Lead, &truths, Some(lead));
        prop_assert_eq!(known.outcome, Outcome::from(truths[lead]));
        let unknown = decided(RulingsRule::Lead, &truths, None);
        prop_assert_eq!((unknown.outcome, unknown.award), (Outcome::Undetermined, None));
    }

    #[test]
    fn finding_out_about_a_ruling_never_turns_a_decision_around(
        (truths, answers, lead) in any_told(),
        rule in any_rule(),
        awards in any::<bool>(),
    ) {
        let before = decided_with(awards, rule, &truths, Some(lead));
        let after = decided_with(awards, rule, &found_out(&truths, &answers), Some(lead));
        let (said, says) = (before.outcome.truth(), after.outcome.truth());
        prop_assert!(says_no_less(said, says), "{said:?} became {says:?}");
        prop_assert!(before.award.is_none() || after.award == before.award);
    }

    #[test]
    fn the_order_of_rulings_does_not_matter((truths, _, _) in any_told(), rule in any_rule()) {
        let mut turned = truths.clone();
        turned.reverse();
        prop_assert_eq!(decided(rule, &truths, None).outcome, decided(rule, &turned, None).outcome);
    }

    #[test]
    fn there_is_an_award_only_where_the_outcome_is_eligible(
        (truths, _, lead) in any_told(),
        rule in any_rule(),
        awards in any::<bool>(),
    ) {
        let combined = decided_with(awards, rule, &truths, Some(lead));
        prop_assert!(combined.award.is_none() || combined.outcome == Outcome::Eligible);
        prop_assert_eq!(combined.outcome == Outcome::Undetermined, combined.cause.is_some());
    }

    #[test]
    fn the_award_is_the_lowest_or_the_sum_of_the_rulings_that_are_met_once_all_are_known(
        told in prop::collection::vec((any_truth(), 0..1_000_000_i64), 1..6),
    ) {
        let (truths, amounts): (Vec<_>, Vec<_>) = told.iter().copied().unzip();
        let cities = cities(told.len());
        let voices = voices(&cities, &truths, &amounts);
        let met: Vec<_> =
            told.iter().filter(|(truth, _)| *truth == Truth::Met).map(|(_, amount)| *amount).collect();
        let award = |award| {
            let combined = combine(&rule(RulingsRule::Any, award), &voices, None);
            combined.award.map(|award| award.amount.minor)
        };
        // A ruling that cannot be said yet might change the amount.
        let open = truths.contains(&Truth::Undetermined) || met.is_empty();
        prop_assert_eq!(award(AwardRule::Lowest), met.iter().min().copied().filter(|_| !open));
        prop_assert_eq!(award(AwardRule::Sum), (!open).then(|| met.iter().sum()));
    }

    #[test]
    fn awards_in_unlike_currencies_are_never_put_together(
        sum in any::<bool>(),
        one in 0..1_000_i64,
        other in 0..1_000_i64,
    ) {
        let cities = cities(2);
        let mut voices = voices(&cities, &[Truth::Met, Truth::Met], &[one, other]);
        voices[1].amount = Some(Money::new(other, Currency::HKD));
        let award = if sum { AwardRule::Sum } else { AwardRule::Lowest };
        let combined = combine(&rule(RulingsRule::All, award), &voices, None);
        prop_assert_eq!(combined.award, None);
        prop_assert_eq!((combined.outcome, combined.cause), (Outcome::Undetermined, Some(Cause::Currency)));
    }
}

#[test]
fn a_lead_from_a_city_without_rules_is_ineligible() {
    let (cities, elsewhere) = (cities(1), "elsewhere".parse().unwrap());
    let voices = voices(&cities, &[Truth::Met], &[1]);
    let combined = combine(&rule(RulingsRule::Lead, AwardRule::Lead), &voices, Some(&elsewhere));
    assert_eq!(combined.outcome, Outcome::Ineligible);
}

#[test]
fn a_sum_that_does_not_fit_is_undetermined() {
    let cities = cities(2);
    let voices = voices(&cities, &[Truth::Met, Truth::Met], &[i64::MAX, 1]);
    let combined = combine(&rule(RulingsRule::All, AwardRule::Sum), &voices, None);
    assert_eq!((combined.outcome, combined.award), (Outcome::Undetermined, None));
}

#[test]
fn where_each_city_pays_its_own_nothing_is_added_up_or_shared() {
    let cities = cities(3);
    let amounts = [100, 250, 70];
    let mut voices = voices(&cities, &[Truth::Met, Truth::Met, Truth::Unmet], &amounts);
    let hong_kong = Money::new(250, Currency::HKD);
    voices[1].amount = Some(hong_kong);
    let combined = combine(&rule(RulingsRule::AtLeast(2), AwardRule::Each), &voices, None);
    let own = Money::new(100, Currency::CNY);
    assert_eq!(combined.awards, [(cities[0].clone(), own), (cities[1].clone(), hong_kong)]);
    assert_eq!((combined.outcome, combined.award), (Outcome::Eligible, None));
    let refused = combine(&rule(RulingsRule::All, AwardRule::Each), &voices, None);
    assert_eq!((refused.outcome, refused.awards), (Outcome::Ineligible, Vec::new()));
}
