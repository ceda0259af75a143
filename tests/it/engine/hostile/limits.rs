//! Policies that take without end, or break down.

use concord::engine::Cause;
use rstest::rstest;

use super::assert_fails;
use crate::support::guests::{self, Guest};

#[rstest]
#[case::endless_loop(guests::ENDLESS_LOOP, Cause::Fuel, "the policy used up its fuel")]
#[case::endless_start(guests::ENDLESS_START, Cause::Fuel, "the policy used up its fuel")]
#[case::endless_reads(
    guests::ENDLESS_READS,
    Cause::Fuel,
    "the policy read more than 100000 values"
)]
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
fn a_run_that_takes_too_much_or_breaks_down_is_undetermined_with_its_cause(
    #[case] guest: Guest,
    #[case] cause: Cause,
    #[case] detail: &str,
) {
    assert_fails(guest, cause, detail);
}
