//! The order of a round, and who goes on.

use concord::decide::{Judged, Placed, mean_of_marks, rank};
use concord::domain::outcome::Outcome;
use concord::domain::round::{Equals, Panel, Round};
use concord_contract::{Decimal, Truth};
use proptest::prelude::*;

use super::says_no_less;

fn round(cut: &str, equals: &str) -> Round {
    let text = format!(
        r#"id = "first"
        name = {{ zh-Hans = "初选", zh-Hant = "初選", en = "first round" }}
        {cut}
        weights = {{ depth = 2, reach = 1 }}
        ties = ["depth"]
        equals = "{equals}""#
    );
    toml::from_str(&text).unwrap()
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(Outcome::Eligible),
        1 => Just(Outcome::Ineligible),
        1 => Just(Outcome::Undetermined),
    ]
}

/// Scores from a few values, so that many are equal.
fn any_score() -> impl Strategy<Value = Option<Decimal>> {
    prop_oneof![9 => (0..4_i64).prop_map(|score| Some(Decimal::from(score))), 1 => Just(None)]
}

fn any_entries() -> impl Strategy<Value = Vec<Judged>> {
    prop::collection::vec((any_outcome(), any_score(), any_score()), 1..12).prop_map(|entries| {
        (0..)
            .zip(entries)
            .map(|(number, (outcome, depth, reach))| Judged {
                name: format!("E-{number}"),
                outcome,
                scores: vec![depth, reach],
            })
            .collect()
    })
}

fn any_round() -> impl Strategy<Value = Round> {
    let cuts = vec!["quota = 3", "quota = 0", "share = \"50%\"", "threshold = \"1.5\""];
    let equals = vec!["open", "all", "none"];
    (prop::sample::select(cuts), prop::sample::select(equals))
        .prop_map(|(cut, equals)| round(cut, equals))
}

/// What is said of each entry, by name.
fn said(round: &Round, entries: &[Judged]) -> Vec<(String, Placed)> {
    let name = |placed: &Placed| entries[placed.entry].name.clone();
    let placed = rank(round, entries).placed;
    placed.into_iter().map(|one| (name(&one), Placed { entry: 0, ..one })).collect()
}

proptest! {
    #[test]
    fn the_order_in_which_entries_come_changes_nothing(
        round in any_round(),
        (entries, shuffled) in any_entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
    ) {
        prop_assert_eq!(said(&round, &entries), said(&round, &shuffled));
    }

    #[test]
    fn every_entry_is_told_where_it_stands(round in any_round(), entries in any_entries()) {
        let ranking = rank(&round, &entries);
        let mut told: Vec<_> = ranking.placed.iter().map(|placed| placed.entry).collect();
        told.sort_unstable();
        prop_assert_eq!(told, (0..entries.len()).collect::<Vec<_>>());
        for placed in &ranking.placed {
            prop_assert_eq!(placed.open.is_some(), placed.goes_on == Truth::Undetermined);
            let outcome = entries[placed.entry].outcome;
            prop_assert!(outcome == Outcome::Eligible || placed.goes_on != Truth::Met);
        }
    }

    #[test]
    fn no_more_go_on_than_there_are_places_unless_the_round_says_so(
        round in any_round(),
        entries in any_entries(),
    ) {
        let ranking = rank(&round, &entries);
        let going_on = ranking.placed.iter().filter(|one| one.goes_on == Truth::Met).count();
        if let Some(seats) = ranking.seats && round.equals != Equals::All {
            prop_assert!(going_on <= seats, "{going_on} for {seats} places");
        }
    }

    #[test]
    fn who_does_better_never_stands_lower(round in any_round(), entries in any_entries()) {
        let ranking = rank(&round, &entries);
        let ranked: Vec<_> = ranking.placed.iter().filter(|one| one.place.is_some()).collect();
        for pair in ranked.windows(2) {
            let (better, worse) = (pair[0], pair[1]);
            prop_assert!(better.total >= worse.total && better.place <= worse.place);
            prop_assert!(worse.goes_on != Truth::Met || better.goes_on == Truth::Met);
            prop_assert!(better.goes_on != Truth::Unmet || worse.goes_on == Truth::Unmet);
        }
    }

    #[test]
    fn finding_out_about_an_entry_never_turns_an_answer_around(
        round in any_round(),
        (entries, found) in any_entries().prop_flat_map(|entries| {
            let found = prop::collection::vec((any::<bool>(), 0..4_i64, 0..4_i64), entries.len());
            (Just(entries), found)
        }),
    ) {
        let find_out = |(entry, (eligible, depth, reach)): (&Judged, &(bool, i64, i64))| {
            let mut entry = entry.clone();
            if entry.outcome == Outcome::Undetermined {
                entry.outcome = if *eligible { Outcome::Eligible } else { Outcome::Ineligible };
            }
            for (score, known) in entry.scores.iter_mut().zip([depth, reach]) {
                score.get_or_insert(Decimal::from(*known));
            }
            entry
        };
        let after: Vec<_> = entries.iter().zip(&found).map(find_out).collect();
        let of = |entries: &[Judged]| {
            let mut said: Vec<_> = rank(&round, entries).placed.into_iter().map(|one| (one.entry, one.goes_on)).collect();
            said.sort_by_key(|(entry, _)| *entry);
            said
        };
        for ((entry, before), (_, after)) in of(&entries).into_iter().zip(of(&after)) {
            prop_assert!(says_no_less(before, after), "entry {entry}: {before:?} became {after:?}");
        }
    }
}

fn eligible(name: &str, depth: i64, reach: i64) -> Judged {
    let scores = [depth, reach].map(|score| Some(Decimal::from(score))).to_vec();
    Judged { name: name.into(), outcome: Outcome::Eligible, scores }
}

/// Who goes on, in the order of the places.
fn going_on(round: &Round, entries: &[Judged]) -> Vec<(String, Truth)> {
    said(round, entries).into_iter().map(|(name, placed)| (name, placed.goes_on)).collect()
}

#[test]
fn the_criterion_that_breaks_ties_counts_where_totals_are_equal() {
    // 2·2 + 2 = 6, 2·3 + 0 = 6, 2·1 + 4 = 6: the deeper one goes before.
    let entries = [eligible("a", 2, 2), eligible("b", 3, 0), eligible("c", 1, 4)];
    let names: Vec<_> =
        said(&round("quota = 1", "open"), &entries).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["b", "a", "c"]);
}

#[test]
fn equal_entries_at_the_edge_go_as_the_round_says() {
    let entries = [eligible("a", 3, 3), eligible("b", 2, 2), eligible("c", 2, 2)];
    let second = |equals| going_on(&round("quota = 2", equals), &entries)[1].1;
    assert_eq!(second("open"), Truth::Undetermined);
    assert_eq!(second("all"), Truth::Met);
    assert_eq!(second("none"), Truth::Unmet);
}

#[test]
fn a_share_is_cut_down_to_whole_entries() {
    let entries: Vec<_> = (0..5).map(|depth| eligible(&format!("e{depth}"), depth, 0)).collect();
    assert_eq!(rank(&round("share = \"50%\"", "open"), &entries).seats, Some(2));
    assert_eq!(rank(&round("share = \"0.1%\"", "open"), &entries).seats, Some(0));
    assert_eq!(rank(&round("share = \"100%\"", "open"), &entries).seats, Some(5));
}

#[test]
fn who_reaches_the_threshold_exactly_goes_on() {
    // (2·1 + 1·1) / 3 = 1.
    let entries = [eligible("a", 1, 1), eligible("b", 1, 0)];
    let said = going_on(&round("threshold = \"1\"", "open"), &entries);
    assert_eq!(said, [("a".to_owned(), Truth::Met), ("b".to_owned(), Truth::Unmet)]);
}

#[test]
fn marks_are_averaged_half_to_even_to_six_places_once_there_are_enough() {
    let panel: Panel = toml::from_str("marks = 3\nhighest = \"100\"").unwrap();
    let mean = |marks: &[i64]| {
        let marks: Vec<_> = marks.iter().map(|mark| Decimal::from(*mark)).collect();
        mean_of_marks(&panel, &marks).map(|mean| mean.to_string())
    };
    assert_eq!(mean(&[80, 90]), None);
    assert_eq!(mean(&[80, 90, 85]).as_deref(), Some("85"));
    assert_eq!(mean(&[1, 0, 0]).as_deref(), Some("0.333333"));
    assert_eq!(mean(&[2, 0, 0]).as_deref(), Some("0.666667"));
}
