//! `concord policy`: build, inspect and test.

use crate::support::concord::{concord, filters};
use crate::support::places;

#[test]
fn inspect_shows_what_a_policy_declares_and_imports() {
    let _filters = filters();
    let file = places::policies().join("guangzhou-core-tech-1.0.0.wasm");
    let run = concord(&["policy", "inspect", file.to_str().unwrap()]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.head(12).to_string());
}

#[test]
fn inspect_shows_it_as_json() {
    let file = places::policies().join("guangzhou-core-tech-1.0.0.wasm");
    let run = concord(&["policy", "inspect", file.to_str().unwrap(), "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(shown["policy"], "guangzhou-core-tech");
    assert_eq!(shown["contract"], "0.1.0");
    assert_eq!(shown["clauses"][0]["clause"], "both-cities");
    assert_eq!(shown["promises"][0]["promise"], "more-research-never-hurts");
    assert_eq!(shown["promises"][0]["about"][0], "parties.rd_intensity");
    let imports: Vec<_> = shown["imports"].as_array().unwrap().iter().collect();
    assert!(imports.contains(&&serde_json::json!("funding.award")), "{imports:?}");
}

#[test]
fn inspect_shows_promises_in_the_language_that_is_asked_for() {
    let file = places::policies().join("guangzhou-core-tech-1.0.0.wasm");
    let run = concord(&["policy", "inspect", file.to_str().unwrap(), "--language", "zh-Hans"]);
    let said = "never-above-the-cap (at_most cap): 资助金额从不超过单个项目上限";
    assert!(run.stdout.contains(said), "{run}");
}

#[test]
fn inspect_refuses_what_is_no_policy() {
    let _filters = filters();
    let run = concord(&["policy", "inspect", "Cargo.toml"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn build_says_where_it_found_no_policy() {
    let _filters = filters();
    let run = concord(&["policy", "build", "wit", "config"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn build_names_the_file_and_line_of_a_mistake_in_policy_toml() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy.toml"), "id = \"sample\"\nversion = 1\n").unwrap();
    let target = folder.path().join("target");
    let run = concord(&[
        "policy",
        "build",
        folder.path().to_str().unwrap(),
        "--target",
        target.to_str().unwrap(),
        "--out",
        target.to_str().unwrap(),
    ]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("policy.toml, line 2: invalid type: integer `1`"), "{run}");
}

#[test]
fn test_says_where_it_found_no_policy() {
    let run = concord(&["policy", "test", "wit"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("wit/policy.toml"), "{run}");
}
