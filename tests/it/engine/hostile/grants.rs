//! Policies that ask for more than they may, say things twice, or grant what is none.

use concord::engine::Cause;
use rstest::rstest;

use super::assert_fails;
use crate::support::guests::{self, Guest};

#[rstest]
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
fn what_may_not_be_asked_said_or_granted_makes_the_run_undetermined(
    #[case] guest: Guest,
    #[case] cause: Cause,
    #[case] detail: &str,
) {
    assert_fails(guest, cause, detail);
}
