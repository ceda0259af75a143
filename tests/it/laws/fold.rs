//! From reports to a ruling.

use concord::decide::{Folded, Known, fold};
use concord::engine::{Cause, ClauseReport, Failure, Grant, Read, Report};
use concord_contract::manifest::{Group, Manifest, Scope};
use concord_contract::{Currency, Money, Subject, Truth};
use proptest::prelude::*;

use super::{any_truth, found_out, says_no_less};
use crate::support::guests;

/// A case with so many parties, in which everything is known.
struct Parties(Option<usize>);

impl Known for Parties {
    fn count(&self, _: Subject) -> Option<usize> {
        self.0
    }

    fn known(&self, _: &Read) -> bool {
        true
    }
}

const NO_PARTIES: Parties = Parties(Some(0));

/// A manifest with a clause for each group.
fn manifest(groups: &[Group], scope: Scope) -> Manifest {
    let mut manifest = Manifest::parse(&guests::OBEDIENT.manifest()).unwrap();
    let clause = manifest.clauses.swap_remove(0);
    let of_group = |(at, group): (usize, &Group)| {
        let mut clause = clause.clone();
        (clause.id, clause.group, clause.scope) = (format!("clause-{at}"), group.clone(), scope);
        clause
    };
    manifest.clauses = groups.iter().enumerate().map(of_group).collect();
    manifest
}

/// A report of these clauses, and an award.
fn report(truths: &[Truth]) -> Report {
    let clauses = (0_u32..).zip(truths).map(|(clause, truth)| said(clause, None, *truth)).collect();
    let amount = Some(Some(Money::new(1, Currency::CNY)));
    Report { clauses, grant: Grant { amount, ..Grant::default() }, ..Report::default() }
}

fn said(clause: u32, item: Option<u32>, truth: Truth) -> ClauseReport {
    ClauseReport { clause, item, truth, reads: 0..0 }
}

fn folded(groups: &[Group], report: &Report) -> Folded {
    fold(&manifest(groups, Scope::Case), report, &NO_PARTIES)
}

fn any_group() -> impl Strategy<Value = Group> {
    prop::sample::select(vec![
        Group::All,
        Group::Any(String::new()),
        Group::Any("other".into()),
        Group::Advisory,
    ])
}

/// Clauses in groups, each with an answer, and with what might be found out about it.
fn any_clauses() -> impl Strategy<Value = Vec<(Group, Truth, Truth)>> {
    prop::collection::vec((any_group(), any_truth(), any_truth()), 1..8)
}

fn unzipped(clauses: &[(Group, Truth, Truth)]) -> (Vec<Group>, Vec<Truth>, Vec<Truth>) {
    (
        clauses.iter().map(|one| one.0.clone()).collect(),
        clauses.iter().map(|one| one.1).collect(),
        clauses.iter().map(|one| one.2).collect(),
    )
}

proptest! {
    #[test]
    fn the_fold_is_and_over_all_and_over_each_named_any(clauses in any_clauses()) {
        let (groups, truths, _) = unzipped(&clauses);
        let of = |group: &Group| {
            let of_group = clauses.iter().filter(|one| one.0 == *group);
            of_group.map(|one| one.1).collect::<Vec<_>>()
        };
        let mut expected = Truth::every(of(&Group::All));
        for group in groups.iter().filter(|group| matches!(group, Group::Any(_))) {
            expected = expected & Truth::some(of(group));
        }
        prop_assert_eq!(folded(&groups, &report(&truths)).truth, expected);
    }

    #[test]
    fn the_order_of_reports_does_not_matter(
        (clauses, order) in any_clauses().prop_flat_map(|clauses| {
            let order: Vec<_> = (0..clauses.len()).collect();
            (Just(clauses), Just(order).prop_shuffle())
        }),
    ) {
        let (groups, truths, _) = unzipped(&clauses);
        let mut shuffled = report(&truths);
        shuffled.clauses = order.iter().map(|at| shuffled.clauses[*at].clone()).collect();
        prop_assert_eq!(folded(&groups, &shuffled), folded(&groups, &report(&truths)));
    }

    #[test]
    fn the_order_of_clauses_does_not_matter(clauses in any_clauses().prop_shuffle()) {
        let mut sorted = clauses.clone();
        sorted.sort_by_key(|one| String::from(one.0.clone()));
        let outcome = |clauses: &[(Group, Truth, Truth)]| {
            let (groups, truths, _) = unzipped(clauses);
            folded(&groups, &report(&truths)).truth
        };
        prop_assert_eq!(outcome(&clauses), outcome(&sorted));
    }

    #[test]
    fn finding_out_about_a_clause_never_turns_an_outcome_around(clauses in any_clauses()) {
        let (groups, truths, answers) = unzipped(&clauses);
        let before = folded(&groups, &report(&truths)).truth;
        let after = folded(&groups, &report(&found_out(&truths, &answers))).truth;
        prop_assert!(says_no_less(before, after), "{before:?} became {after:?}");
    }

    #[test]
    fn an_unreported_clause_counts_as_an_undetermined_one(clauses in any_clauses(), at in 0..8_usize) {
        let (groups, mut truths, _) = unzipped(&clauses);
        let at = at % truths.len();
        let mut silent = report(&truths);
        silent.clauses.remove(at);
        truths[at] = Truth::Undetermined;
        let (silent, open) = (folded(&groups, &silent), folded(&groups, &report(&truths)));
        prop_assert_eq!(silent.truth, open.truth);
        prop_assert_eq!(silent.clauses[at].cause, Some(Cause::Unreported));
    }

    #[test]
    fn advice_changes_no_outcome(clauses in any_clauses(), advice in any_truth()) {
        let (mut groups, mut truths, _) = unzipped(&clauses);
        let without = folded(&groups, &report(&truths));
        groups.push(Group::Advisory);
        truths.push(advice);
        let with = folded(&groups, &report(&truths));
        prop_assert_eq!((with.truth, with.cause), (without.truth, without.cause));
    }

    #[test]
    fn a_failed_run_is_undetermined_whatever_it_reported(clauses in any_clauses()) {
        let (groups, truths, _) = unzipped(&clauses);
        let mut report = report(&truths);
        report.failure = Some(Failure::new(Cause::Fuel, "the policy used up its fuel"));
        let folded = folded(&groups, &report);
        prop_assert_eq!((folded.truth, folded.cause), (Truth::Undetermined, Some(Cause::Fuel)));
    }

    #[test]
    fn an_outcome_is_undetermined_exactly_when_it_has_a_cause(clauses in any_clauses()) {
        let (groups, truths, _) = unzipped(&clauses);
        let folded = folded(&groups, &report(&truths));
        prop_assert_eq!(folded.truth == Truth::Undetermined, folded.cause.is_some());
    }

    #[test]
    fn nothing_granted_is_never_eligible(clauses in any_clauses(), asked in any::<bool>()) {
        let (groups, truths, _) = unzipped(&clauses);
        let mut report = report(&truths);
        report.grant.amount = asked.then_some(None);
        prop_assert_ne!(folded(&groups, &report).truth, Truth::Met);
    }

    #[test]
    fn a_clause_of_each_item_is_met_when_every_one_is_and_of_some_when_one_is(
        truths in prop::collection::vec(any_truth(), 0..6),
    ) {
        let mut report = report(&[]);
        report.clauses = (0_u32..).zip(&truths).map(|(item, truth)| said(0, Some(item), *truth)).collect();
        let case = Parties(Some(truths.len()));
        let of = |scope| fold(&manifest(&[Group::All], scope), &report, &case).truth;
        prop_assert_eq!(of(Scope::Each(Subject::Parties)), Truth::every(truths.clone()));
        prop_assert_eq!(of(Scope::Some(Subject::Parties)), Truth::some(truths));
    }
}

#[test]
fn a_clause_of_items_that_the_case_does_not_mention_is_undetermined() {
    for scope in [Scope::Each(Subject::Parties), Scope::Some(Subject::Parties)] {
        let folded = fold(&manifest(&[Group::All], scope), &report(&[]), &Parties(None));
        assert_eq!((folded.truth, folded.cause), (Truth::Undetermined, Some(Cause::MissingFact)));
    }
}
