//! `concord check`: the exit code tells the outcome.

use serde_json::Value;

use crate::support::concord::{CONFIG, Run, concord, concord_reading, filters};
use crate::support::places;

/// Checks a case of this repository.
fn check(case: &str, more: &[&str]) -> Run {
    let config = CONFIG.file();
    let file = format!("config/cases/guangfo-core-tech/{case}.toml");
    let fixed = ["check", "guangfo-core-tech", &file, "--config", config.to_str().unwrap()];
    concord(&[&fixed, more].concat())
}

/// Checks a case that is given on standard input.
fn check_text(case: &str, more: &[&str]) -> Run {
    let config = CONFIG.file();
    let fixed = ["check", "guangfo-core-tech", "-", "--config", config.to_str().unwrap()];
    concord_reading(&[&fixed, more].concat(), case)
}

#[test]
fn an_eligible_case_exits_with_0() {
    let _filters = filters();
    let run = check("eligible", &[]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.head(12).to_string());
}

#[test]
fn an_ineligible_case_exits_with_10() {
    let _filters = filters();
    let run = check("one-city-refuses", &[]);
    assert_eq!(run.code, 10);
    insta::assert_snapshot!(run.head(8).to_string());
}

#[test]
fn an_undetermined_case_exits_with_11_and_says_what_is_not_known() {
    let _filters = filters();
    let run = check("undetermined", &["--language", "zh-Hant"]);
    assert_eq!(run.code, 11);
    assert!(run.stdout.contains("\n  not known: parties/1/rd_in_china\n"), "{run}");
    insta::assert_snapshot!(run.head(8).to_string());
}

#[test]
fn a_decision_is_written_whole_as_json() {
    let run = check("eligible", &["--json"]);
    let decision: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(decision["outcome"], "eligible");
    assert_eq!(decision["award"]["shares"][1]["amount"], "600000.00");
    assert_eq!(decision["rulings"][0]["clauses"][0]["read"][1]["fact"], "parties/0/city");
}

#[test]
fn a_case_is_read_from_standard_input_in_toml_and_in_json() {
    let file = places::root().join("config/cases/guangfo-core-tech/eligible.toml");
    let toml = std::fs::read_to_string(file).unwrap();
    let json = r#"{ "as_of": "2026-11-01",
        "project": { "id": "guangfo-sample-lidar" },
        "parties": [ { "role": "lead", "id": "gz-sample-optics" },
                     { "role": "partner", "id": "fs-sample-robotics" },
                     { "role": "partner", "id": "gz-sample-university" } ] }"#;
    let (of_file, of_toml, of_json) =
        (check("eligible", &[]), check_text(&toml, &[]), check_text(json, &[]));
    assert_eq!(of_toml.to_string(), of_file.to_string());
    assert_eq!(of_json.to_string(), of_file.to_string());
}

#[test]
fn a_case_that_cannot_be_judged_exits_with_2_and_says_all_that_is_wrong() {
    let run = check_text(
        "as_of = 2026-11-01\n[project]\ntrl = \"five\"\nsectr = \"x\"\n[[parties]]\nid = \"nobody\"\n",
        &[],
    );
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn a_case_that_cannot_be_read_exits_with_2() {
    for case in ["[project", "{ \"project\": ", "[projects]\n", "as_of = \"soon\"\n"] {
        let run = check_text(case, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
        assert!(run.stderr.starts_with("error: -: "), "{run}");
    }
    let run = check("no-such-case", &[]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn an_unknown_program_exits_with_2_and_names_those_there_are() {
    let config = CONFIG.file();
    let run = concord_reading(
        &["check", "unknown", "-", "--config", config.to_str().unwrap()],
        "as_of = 2026-11-01\n",
    );
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn a_date_before_the_program_exits_with_2() {
    let run = check_text("as_of = 2023-12-31\n[project]\ntrl = 5\n", &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("guangfo-core-tech begins on 2024-01-01"), "{run}");
}
