//! `concord policy new`: what it makes builds and passes its tests at once.

use std::path::Path;

use crate::support::concord::{Run, concord, filters};
use crate::support::places;

/// Within the target folder, and so within this repository: the compiler's settings are then those of the
/// policies that are built already, and their dependencies with them.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn new(name: &str, kind: &str, folder: &Path) -> Run {
    let sdk = places::root().join("plugins/sdk");
    let (sdk, folder) = (sdk.to_str().unwrap(), folder.to_str().unwrap());
    concord(&["policy", "new", name, "--kind", kind, "--dir", folder, "--sdk", sdk])
}

#[test]
fn a_new_policy_of_every_kind_passes_its_own_tests_and_leaves_nothing_open() {
    let folder = folder();
    for kind in ["funding", "voucher", "talent", "selection", "matching"] {
        let name = format!("a-{kind}-policy");
        let run = new(&name, kind, folder.path());
        assert_eq!(run.code, 0, "{run}");
        let made = folder.path().join(&name);
        // The same versions as everywhere, and nothing to ask a registry for.
        std::fs::copy(places::root().join("Cargo.lock"), made.join("Cargo.lock")).unwrap();
        let target = places::policies_target();
        let target = ["--target", target.to_str().unwrap()];
        let run = concord(
            &[&["policy", "test", made.to_str().unwrap(), "--strict"], &target[..]].concat(),
        );
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn a_new_policy_says_what_to_do_next() {
    let _filters = filters();
    let folder = folder();
    let run = new("sample", "voucher", folder.path());
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn a_policy_that_is_there_is_not_made_again() {
    let _filters = filters();
    let folder = folder();
    let own = folder.path().join("sample");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("policy.toml"), "mine").unwrap();
    let run = new("sample", "funding", folder.path());
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(left.len(), 1);
    assert_eq!(std::fs::read_to_string(own.join("policy.toml")).unwrap(), "mine");
}

#[test]
fn a_name_that_is_no_id_is_wrong_usage() {
    let folder = folder();
    for name in ["Sample", "1st", "a b", "../up", ""] {
        let run = new(name, "funding", folder.path());
        assert_eq!(run.code, 2, "{run}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}
