//! `concord review test`: every sample case of every program.

use serde_json::Value;

use crate::support::concord::{CONFIG, Configuration, concord, filters};

fn review(config: &Configuration, more: &[&str]) -> crate::support::concord::Run {
    let file = config.file();
    concord(&[&["review", "test", "--config", file.to_str().unwrap()], more].concat())
}

#[test]
fn all_sample_cases_of_this_repository_pass() {
    let run = review(&CONFIG, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    assert!(run.stdout.contains(" guangfo-core-tech "), "{run}");
    assert!(run.stdout.contains(" guangzhou-core-tech 1.0.0 "), "{run}");
}

#[test]
fn the_cases_of_one_program_are_run_alone() {
    let run = review(&CONFIG, &["guangfo-voucher", "--plugins", "no-such-folder"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    let suites: Vec<_> = run.stdout.lines().filter(|line| line.starts_with(" g")).collect();
    assert_eq!(suites.len(), 1, "{run}");
    assert!(suites[0].starts_with(" guangfo-voucher "), "{run}");
}

#[test]
fn results_are_written_as_json() {
    let run = review(&CONFIG, &["--json"]);
    let results: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &results["passed"]), (0, &Value::Bool(true)));
    let suites = results["suites"].as_array().unwrap();
    let names: Vec<_> = suites.iter().filter_map(|suite| suite["suite"].as_str()).collect();
    assert!(names.contains(&"changsha-talent"), "{names:?}");
    assert!(suites.iter().all(|suite| !suite["cases"].as_array().unwrap().is_empty()));
}

#[test]
fn results_are_written_as_junit_xml() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    let run = review(&CONFIG, &["guangfo-core-tech", "--junit", file.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run}");
    let xml = std::fs::read_to_string(file).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert!(report.tests > 5);
    assert_eq!((report.failures, report.errors), (0, 0));
}

#[test]
fn a_case_that_fails_exits_with_1_and_shows_every_difference() {
    let _filters = filters();
    let config = Configuration::with_case(
        "guangfo-core-tech",
        r#"as_of = 2026-11-01
        [project]
        id = "guangfo-sample-lidar"
        [[parties]]
        id = "gz-sample-optics"
        role = "lead"
        [expect]
        outcome = "eligible"
        award = { amount = "1.00", currency = "CNY" }
        clauses = { both-cities = "met" }
        rulings = { foshan = "undetermined" }
        "#,
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    let run = review(
        &config,
        &["guangfo-core-tech", "--junit", file.to_str().unwrap(), "--plugins", "none"],
    );
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.to_string());
    let xml = std::fs::read_to_string(file).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((report.tests, report.failures), (1, 1));
}

#[test]
fn a_case_file_that_is_wrong_exits_with_2() {
    let config = Configuration::with_case("guangfo-core-tech", "as_of = 2026-11-01\n");
    let run = review(&config, &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("found no [expect] and no [[variants]]"), "{run}");
}

#[test]
fn an_unknown_program_exits_with_2() {
    let run = review(&CONFIG, &["unknown"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr, "error: there is no program \"unknown\"\n");
}
