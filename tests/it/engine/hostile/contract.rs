//! Policies that use what they did not declare, or lie about what crosses the boundary.

use concord::engine::Cause;
use rstest::rstest;

use super::assert_fails;
use crate::support::guests::{self, Guest};

#[rstest]
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
fn an_index_that_is_not_declared_makes_the_run_undetermined(
    #[case] guest: Guest,
    #[case] cause: Cause,
    #[case] detail: &str,
) {
    assert_fails(guest, cause, detail);
}

#[rstest]
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
fn a_value_that_the_contract_does_not_have_makes_the_run_undetermined(
    #[case] guest: Guest,
    #[case] cause: Cause,
    #[case] detail: &str,
) {
    assert_fails(guest, cause, detail);
}
