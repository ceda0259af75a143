//! Properties that hold for all inputs, held against made-up ones.

mod bindings;
mod combine;
mod fold;
mod promise;
mod rank;
mod raw;
mod shares;
mod truth;
mod values;

use concord_contract::Truth;
use proptest::prelude::*;

/// Any truth.
fn any_truth() -> impl Strategy<Value = Truth> {
    prop::sample::select(vec![Truth::Met, Truth::Unmet, Truth::Undetermined])
}

/// Whether `after` says at least what `before` said: what was determined has stayed so.
fn says_no_less(before: Truth, after: Truth) -> bool {
    before == Truth::Undetermined || before == after
}

/// The truths with what is undetermined in them found out.
fn found_out(truths: &[Truth], answers: &[Truth]) -> Vec<Truth> {
    let find_out = |(truth, answer): (&Truth, &Truth)| match truth {
        Truth::Undetermined => *answer,
        known => *known,
    };
    truths.iter().zip(answers).map(find_out).collect()
}
