//! Kleene's strong three-valued logic.

use concord_contract::Truth;
use proptest::prelude::*;

use super::{any_truth, found_out, says_no_less};

proptest! {
    #[test]
    fn and_and_or_do_not_care_about_order(a in any_truth(), b in any_truth(), c in any_truth()) {
        prop_assert_eq!(a & b, b & a);
        prop_assert_eq!(a | b, b | a);
        prop_assert_eq!((a & b) & c, a & (b & c));
        prop_assert_eq!((a | b) | c, a | (b | c));
    }

    #[test]
    fn and_and_or_distribute_and_absorb(a in any_truth(), b in any_truth(), c in any_truth()) {
        prop_assert_eq!(a & (b | c), (a & b) | (a & c));
        prop_assert_eq!(a | (b & c), (a | b) & (a | c));
        prop_assert_eq!(a & (a | b), a);
        prop_assert_eq!(a | (a & b), a);
    }

    #[test]
    fn de_morgan_holds(a in any_truth(), b in any_truth()) {
        prop_assert_eq!(!(a & b), !a | !b);
        prop_assert_eq!(!(a | b), !a & !b);
        prop_assert_eq!(!!a, a);
    }

    #[test]
    fn met_and_unmet_are_neutral_and_dominant(a in any_truth()) {
        prop_assert_eq!(a & Truth::Met, a);
        prop_assert_eq!(a | Truth::Unmet, a);
        prop_assert_eq!(a & Truth::Unmet, Truth::Unmet);
        prop_assert_eq!(a | Truth::Met, Truth::Met);
    }

    #[test]
    fn what_is_undetermined_is_never_decided_by_itself(a in any_truth()) {
        prop_assume!(a == Truth::Undetermined);
        prop_assert_eq!(a & !a, Truth::Undetermined);
        prop_assert_eq!(a | !a, Truth::Undetermined);
    }

    #[test]
    fn an_implication_fails_only_when_it_is_broken(a in any_truth(), b in any_truth()) {
        let broken = a == Truth::Met && b == Truth::Unmet;
        prop_assert_eq!(a.implies(b) == Truth::Unmet, broken);
        if a == Truth::Unmet {
            prop_assert_eq!(a.implies(b), Truth::Met);
        }
    }

    #[test]
    fn at_least_lies_between_some_and_every(of in prop::collection::vec(any_truth(), 1..6)) {
        prop_assert_eq!(Truth::at_least(1, of.clone()), Truth::some(of.clone()));
        prop_assert_eq!(Truth::at_least(of.len(), of.clone()), Truth::every(of.clone()));
        prop_assert_eq!(Truth::at_least(of.len() + 1, of.clone()), Truth::Unmet);
        prop_assert_eq!(Truth::one(of.clone()), Truth::some(of.clone()) & !Truth::at_least(2, of.clone()));
        prop_assert_eq!(Truth::at_least(0, of), Truth::Met);
    }

    #[test]
    fn finding_out_more_never_turns_an_answer_around(
        (truths, answers, least) in (1..6_usize).prop_flat_map(|length| (
            prop::collection::vec(any_truth(), length),
            prop::collection::vec(any_truth(), length),
            0..length + 2,
        )),
    ) {
        let after = found_out(&truths, &answers);
        let pairs = [
            (Truth::every(truths.clone()), Truth::every(after.clone())),
            (Truth::some(truths.clone()), Truth::some(after.clone())),
            (Truth::at_least(least, truths.clone()), Truth::at_least(least, after.clone())),
            (Truth::one(truths.clone()), Truth::one(after.clone())),
            (!truths[0], !after[0]),
        ];
        for (before, after) in pairs {
            prop_assert!(says_no_less(before, after), "{before:?} became {after:?}");
        }
    }
}
