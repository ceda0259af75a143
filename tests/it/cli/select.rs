//! `concord select`, and `concord review entries` that feeds it.

use serde_json::Value;

use crate::support::concord::{CONFIG, Run, concord_reading};

/// A project that reaches the third round, and would be let in with a licence too.
const CASE: &str = r#"
    as_of = 2026-11-01
    [entry]
    id = "cs-sample-organ-chip"
    import_licence = true
"#;

fn run(arguments: &[&str], stdin: &str) -> Run {
    let config = CONFIG.file();
    concord_reading(&[arguments, &["--config", config.to_str().unwrap()]].concat(), stdin)
}

fn entries(case: &str, more: &[&str]) -> String {
    let made = run(&[&["review", "entries", "changsha-roadshow", "-"], more].concat(), case);
    assert_eq!((made.code, made.stderr.as_str()), (0, ""), "{made}");
    made.stdout
}

fn select(entries: &str, more: &[&str]) -> Run {
    run(&[&["select", "changsha-roadshow", "-"], more].concat(), entries)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

#[test]
fn over_two_thousand_entries_come_down_to_a_hundred_and_then_to_twelve() {
    let entries = entries(CASE, &["--count", "2400", "--seed", "7"]);
    let selected = select(&entries, &["--json"]);
    assert_eq!((selected.code, selected.stderr.as_str()), (0, ""));
    let rounds = json(&selected);
    let of = |round: usize, key: &str| rounds[round][key].clone();
    assert_eq!(of(0, "entries").as_array().unwrap().len(), 2400);
    assert_eq!((of(1, "seats"), of(1, "going_on")), (100.into(), 100.into()));
    assert_eq!(of(1, "entries").as_array().unwrap().len(), of(0, "going_on"));
    assert_eq!(of(2, "entries").as_array().unwrap().len(), 100);
    assert_eq!((of(2, "seats"), of(2, "going_on")), (12.into(), 12.into()));

    let mut turned: Value = serde_json::from_str(&entries).unwrap();
    turned["entries"].as_array_mut().unwrap().reverse();
    assert_eq!(json(&select(&turned.to_string(), &["--json"])), rounds);
}

#[test]
fn the_same_seed_makes_the_same_entries_and_another_others() {
    let made = |seed| entries(CASE, &["--count", "20", "--seed", seed]);
    assert_eq!(made("3"), made("3"));
    assert_ne!(made("3"), made("4"));
}

#[test]
fn one_round_is_run_alone_and_written_for_people() {
    let entries = entries(CASE, &["--count", "30"]);
    let selected = select(&entries, &["--round", "third"]);
    assert_eq!(selected.code, 0, "{selected}");
    insta::assert_snapshot!(selected.stdout);
}

#[test]
fn what_cannot_be_said_of_every_entry_exits_with_11() {
    // Where the licence is not known, a project that needs one stays open.
    let entries = entries(&CASE.replace("import_licence = true", ""), &["--count", "400"]);
    let selected = select(&entries, &[]);
    assert_eq!(selected.code, 11);
    assert!(selected.stdout.contains("; not settled\n"), "{selected}");
    assert!(selected.stdout.contains("(open: entry/import_licence not known)"), "{selected}");
}

#[test]
fn what_cannot_be_read_exits_with_2_and_says_why() {
    for (entries, more, says) in [
        ("{", &[][..], "is not proper JSON"),
        ("{}", &[], "found no entries"),
        (
            r#"{ "entries": [{ "name": "a", "entry": { "trl": "x" } }] }"#,
            &[],
            "/entries/0/entry/trl",
        ),
        (
            r#"{ "entries": [{ "name": "a", "entry": {} }] }"#,
            &["--round", "fourth"],
            "expected one of: first, second, third",
        ),
        (
            r#"{ "entries": [{ "name": "a", "entry": {}, "marks": { "novelty": ["5"] } }] }"#,
            &[],
            "found marks by \"novelty\", which no round asks for",
        ),
    ] {
        let run = select(entries, more);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(says), "{run}");
    }
    let none = run(
        &["select", "guangfo-voucher", "-"],
        r#"{ "entries": [{ "name": "a", "order": {} }] }"#,
    );
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("guangfo-voucher has no rounds"), "{none}");
    let no_entry = run(&["review", "entries", "changsha-roadshow", "-"], "as_of = 2026-11-01");
    assert_eq!(no_entry.code, 2);
    assert!(no_entry.stderr.contains("found no entry to make others like"), "{no_entry}");
}
