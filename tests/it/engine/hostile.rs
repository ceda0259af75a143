//! Hostile policies: each run ends, undetermined, with its cause, and harms nobody.

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

#[rstest]
#[case::endless_loop(guests::ENDLESS_LOOP, Cause::Fuel, "the policy used up its fuel")]
#[case::endless_start(guests::ENDLESS_START, Cause::Fuel, "the policy used up its fuel")]
#[case::endless_reads(guests::ENDLESS_READS, Cause::Fuel, "the policy used up its fuel")]
#[case::endless_afterwards(guests::ENDLESS_AFTERWARDS, Cause::Fuel, "the policy used up its fuel")]
#[case::memory_bomb(
    guests::MEMORY_BOMB,
    Cause::Memory,
    "asked for 16842752 bytes of memory, may have 16777216"
)]
#[case::memory_at_once(
    guests::MEMORY_AT_ONCE,
    Cause::Memory,
    "asked for 4259905536 bytes of memory, may have 16777216"
)]
#[case::table_bomb(
    guests::TABLE_BOMB,
    Cause::Trap,
    "the policy trapped: wasm trap: wasm `unreachable` instruction executed"
)]
#[case::recursion(guests::RECURSION, Cause::Stack, "the policy called itself too deeply")]
#[case::unreachable(
    guests::UNREACHABLE,
    Cause::Trap,
    "the policy trapped: wasm trap: wasm `unreachable` instruction executed"
)]
#[case::divide_by_nought(
    guests::DIVIDE_BY_NOUGHT,
    Cause::Trap,
    "the policy trapped: wasm trap: integer divide by zero"
)]
#[case::outside_memory(
    guests::OUTSIDE_MEMORY,
    Cause::Trap,
    "the policy trapped: wasm trap: out of bounds memory access"
)]
#[case::fact_beyond(
    guests::FACT_BEYOND,
    Cause::BadIndex,
    "the policy asked for fact 4; it declared 4"
)]
#[case::fact_far_beyond(
    guests::FACT_FAR_BEYOND,
    Cause::BadIndex,
    "the policy asked for fact 4294967295; it declared 4"
)]
#[case::fact_of_other_subject(
    guests::FACT_OF_OTHER_SUBJECT,
    Cause::BadIndex,
    "the policy asked for fact 3 of project; it is declared of parties"
)]
#[case::fact_of_other_type(
    guests::FACT_OF_OTHER_TYPE,
    Cause::BadIndex,
    "the policy read fact 1 as Integer; it is declared Amount"
)]
#[case::item_beyond(
    guests::ITEM_BEYOND,
    Cause::BadIndex,
    "the policy asked for item 1 of parties; the case has 1"
)]
#[case::item_of_single(
    guests::ITEM_OF_SINGLE,
    Cause::BadIndex,
    "the policy asked for item 1 of project; the case has 1"
)]
#[case::parameter_beyond(
    guests::PARAMETER_BEYOND,
    Cause::BadIndex,
    "the policy asked for parameter 2; it declared 2"
)]
#[case::row_beyond(
    guests::ROW_BEYOND,
    Cause::BadIndex,
    "the policy asked for row 2 of parameter 1; it has 2"
)]
#[case::clause_beyond(
    guests::CLAUSE_BEYOND,
    Cause::BadIndex,
    "the policy asked for clause 2; it declared 2"
)]
#[case::clause_for_no_party(
    guests::CLAUSE_FOR_NO_PARTY,
    Cause::BadIndex,
    "the policy asked for item 1 of parties; the case has 1"
)]
#[case::clause_without_item(
    guests::CLAUSE_WITHOUT_ITEM,
    Cause::BadIndex,
    "clause 1 is asked of each item; the policy reported otherwise"
)]
#[case::clause_with_item(
    guests::CLAUSE_WITH_ITEM,
    Cause::BadIndex,
    "clause 0 is asked of the case as a whole; the policy reported otherwise"
)]
#[case::note_beyond(
    guests::NOTE_BEYOND,
    Cause::BadIndex,
    "the policy asked for note 1; it declared 1"
)]
#[case::fund_beyond(
    guests::FUND_BEYOND,
    Cause::BadIndex,
    "the policy asked for fund 1; it declared 1"
)]
#[case::entitlement_beyond(
    guests::ENTITLEMENT_BEYOND,
    Cause::BadIndex,
    "the policy asked for entitlement 1; it declared 1"
)]
#[case::prior_award_beyond(
    guests::PRIOR_AWARD_BEYOND,
    Cause::BadIndex,
    "the policy asked for prior award 9; 0 are on record"
)]
#[case::no_such_subject(
    guests::NO_SUCH_SUBJECT,
    Cause::Trap,
    "the policy broke the contract: unexpected discriminant: 99"
)]
#[case::no_such_truth(
    guests::NO_SUCH_TRUTH,
    Cause::Trap,
    "the policy broke the contract: unexpected discriminant: 3"
)]
#[case::result_outside_memory(
    guests::RESULT_OUTSIDE_MEMORY,
    Cause::Trap,
    "the policy broke the contract: pointer out of bounds"
)]
#[case::text_outside_memory(
    guests::TEXT_OUTSIDE_MEMORY,
    Cause::Trap,
    "the policy broke the contract: realloc return: beyond end of memory"
)]
#[case::allocator_calls_back(
    guests::ALLOCATOR_CALLS_BACK,
    Cause::Trap,
    "the policy trapped: wasm trap: cannot leave component instance"
)]
#[case::awards_of_project(
    guests::AWARDS_OF_PROJECT,
    Cause::NotGranted,
    "the policy asked for the awards of project, which it did not declare under [registry]"
)]
#[case::clause_twice(
    guests::CLAUSE_TWICE,
    Cause::ClauseTwice,
    "the policy reported clause 0 twice"
)]
#[case::award_twice(guests::AWARD_TWICE, Cause::GrantTwice, "the policy granted an award twice")]
#[case::award_unknown_twice(
    guests::AWARD_UNKNOWN_TWICE,
    Cause::GrantTwice,
    "the policy granted an award twice"
)]
#[case::entitlement_twice(
    guests::ENTITLEMENT_TWICE,
    Cause::GrantTwice,
    "the policy granted entitlement 0 twice"
)]
#[case::remark_twice(guests::REMARK_TWICE, Cause::GrantTwice, "the policy made remark 0 twice")]
#[case::award_negative(
    guests::AWARD_NEGATIVE,
    Cause::NegativeAmount,
    "the policy granted -1 minor units, less than nought"
)]
#[case::award_in_dollars(
    guests::AWARD_IN_DOLLARS,
    Cause::Currency,
    "the policy granted money in HKD; the fund is in CNY"
)]
#[case::award_in_no_currency(
    guests::AWARD_IN_NO_CURRENCY,
    Cause::Currency,
    "the policy granted money in an unknown currency, 65535"
)]
fn a_run_that_goes_wrong_is_undetermined_with_its_cause(
    #[case] guest: Guest,
    #[case] cause: Cause,
    #[case] detail: &str,
) {
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
    assert_eq!(ruling.report.failure.unwrap().detail, "the policy read more than 1000000 values");
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
