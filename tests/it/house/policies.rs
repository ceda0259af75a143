//! Every policy of this repository is held against its own cases.

use crate::support::concord::concord;
use crate::support::places;

#[test]
fn every_clause_of_every_policy_has_a_case_on_each_side_and_one_undetermined() {
    for folder in places::policy_sources() {
        let target = places::policies_target();
        let run = concord(&[
            "policy".as_ref(),
            "test".as_ref(),
            folder.as_os_str(),
            "--strict".as_ref(),
            "--target".as_ref(),
            target.as_os_str(),
        ]);
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn every_policy_with_sources_was_built_for_these_tests() {
    let built: Vec<_> = places::policy_sources()
        .iter()
        .map(|folder| {
            let manifest = concord_build::read_manifest(folder).unwrap();
            places::policies().join(format!("{}-{}.wasm", manifest.id, manifest.version))
        })
        .collect();
    assert!(!built.is_empty());
    for file in built {
        assert!(file.is_file(), "{}", file.display());
    }
}
