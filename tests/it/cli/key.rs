//! `concord key`.

use serde_json::Value;

use crate::support::concord::{Configuration, Run, concord, filters};

fn key(configuration: &Configuration, arguments: &[&str]) -> Run {
    let file = configuration.file();
    concord(&[&["key"], arguments, &["--config", file.to_str().unwrap()]].concat())
}

#[test]
fn before_there_is_a_key_it_says_who_makes_one() {
    let _filters = filters();
    let run = key(&Configuration::make(), &["show"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn a_new_key_stands_first_among_those_that_are_shown() {
    let configuration = Configuration::make();
    let first: Value =
        serde_json::from_str(&key(&configuration, &["rotate", "--json"]).stdout).unwrap();
    let run = key(&configuration, &["rotate"]);
    assert_eq!((run.code, run.stderr.trim()), (0, "a running host takes it when it starts again"));
    let second = run.stdout.trim().strip_prefix("new key: ").unwrap();
    let shown: Value = serde_json::from_str(&key(&configuration, &["show"]).stdout).unwrap();
    assert_eq!(shown["keys"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&shown["keys"][0]["kid"], &shown["keys"][1]["kid"]),
        (&second.into(), &first["key"])
    );
    assert_eq!(shown["keys"][1], first["public"]["keys"][0]);
    assert_eq!(shown["keys"][0]["d"], Value::Null);
}
