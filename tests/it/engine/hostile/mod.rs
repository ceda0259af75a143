//! Hostile policies: each run ends, undetermined, with its cause, and harms nobody.

mod contract;
mod grants;
mod limits;

use std::collections::BTreeSet;
use std::time::Duration;

use concord::domain::outcome::Outcome;
use concord::engine::{Cause, Limits};
use rstest::rstest;

use crate::support::guests::{self, Guest};
use crate::support::host::{CASE, Host, SHARED, case};

#[test]
fn a_policy_that_does_as_it_should_is_heard() {
    let ruling = SHARED.ruling(guests::OBEDIENT);
    assert_eq!((ruling.outcome, ruling.cause), (Outcome::Eligible, None));
    let award = ruling.report.grant.amount.unwrap().unwrap();
    assert_eq!((award.minor, award.currency.code()), (100, "CNY"));
}

/// Panics if the guest's run does not end in this way, or harms the next one.
fn assert_fails(guest: Guest, cause: Cause, detail: &str) {
    let ruling = SHARED.ruling(guest);
    let failure = ruling.report.failure.as_ref().map(|failure| failure.detail.as_str());
    assert_eq!((ruling.outcome, ruling.cause), (Outcome::Undetermined, Some(cause)), "{failure:?}");
    assert_eq!(failure, Some(detail));
    SHARED.assert_the_next_check_is_right();
}

#[rstest]
#[case::clause_unreported(guests::CLAUSE_UNREPORTED, Cause::Unreported)]
#[case::party_unreported(guests::PARTY_UNREPORTED, Cause::Unreported)]
#[case::undecided(guests::UNDECIDED, Cause::Undecided)]
#[case::no_award(guests::NO_AWARD, Cause::NoGrant)]
#[case::award_unknown(guests::AWARD_UNKNOWN, Cause::MissingFact)]
fn a_run_that_says_too_little_is_undetermined_with_its_cause(
    #[case] guest: Guest,
    #[case] cause: Cause,
) {
    let ruling = SHARED.ruling(guest);
    assert_eq!((ruling.outcome, ruling.cause), (Outcome::Undetermined, Some(cause)));
    assert_eq!(ruling.report.failure, None);
    SHARED.assert_the_next_check_is_right();
}

#[test]
fn a_decision_on_a_hostile_ruling_is_undetermined_and_awards_nothing() {
    let decision = SHARED.decide(guests::ENDLESS_AFTERWARDS.name, &case(CASE));
    assert_eq!((decision.outcome, decision.cause), (Outcome::Undetermined, Some(Cause::Fuel)));
    assert_eq!(decision.award, None);
}

#[rstest]
#[case::endless_loop(guests::ENDLESS_LOOP)]
#[case::endless_start(guests::ENDLESS_START)]
#[case::endless_afterwards(guests::ENDLESS_AFTERWARDS)]
fn what_fuel_does_not_stop_the_clock_does(#[case] guest: Guest) {
    let limits =
        Limits { fuel: u64::MAX / 4, deadline: Duration::from_millis(20), ..Limits::default() };
    let host = Host::new(limits, [guest]);
    let ruling = host.ruling(guest);
    assert_eq!((ruling.outcome, ruling.cause), (Outcome::Undetermined, Some(Cause::Deadline)));
    assert_eq!(ruling.report.failure.unwrap().detail, "the policy used up its time");
    host.assert_the_next_check_is_right();
}

#[test]
fn a_run_that_asks_for_ever_is_stopped_however_much_fuel_it_has() {
    let limits =
        Limits { fuel: u64::MAX / 4, deadline: Duration::from_secs(60), ..Limits::default() };
    let host = Host::new(limits, [guests::ENDLESS_READS]);
    let ruling = host.ruling(guests::ENDLESS_READS);
    assert_eq!(ruling.cause, Some(Cause::Fuel));
    assert_eq!(ruling.report.failure.unwrap().detail, "the policy read more than 100000 values");
    host.assert_the_next_check_is_right();
}

#[test]
fn the_same_run_costs_the_same_fuel_every_time() {
    let costs: BTreeSet<_> = (0..20).map(|_| SHARED.ruling(guests::OBEDIENT).report.fuel).collect();
    assert_eq!(costs.len(), 1);
    let endless: BTreeSet<_> =
        (0..3).map(|_| SHARED.ruling(guests::RECURSION).report.fuel).collect();
    assert_eq!(endless.len(), 1);
}

#[test]
fn every_file_of_a_guest_has_a_constant() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/guests")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|extension| extension == "wat"));
    let found: BTreeSet<_> =
        texts.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let known: BTreeSet<_> = guests::NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, known);
}
