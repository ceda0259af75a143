//! Every policy of this repository is held against its own cases.

use std::collections::BTreeSet;

use concord::config::Config;
use concord::review::suite;

use crate::support::concord::{CONFIG, concord};
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

#[test]
fn every_policy_is_bound_by_a_program_and_every_program_has_cases() {
    let config = Config::load(&CONFIG.file()).unwrap();
    let bindings = config.programs.iter().flat_map(|program| program.all_bindings());
    let bound: BTreeSet<_> = bindings.map(|binding| binding.policy.to_string()).collect();
    let sources = places::policy_sources();
    let written = sources.iter().map(|folder| folder.file_name().unwrap().to_str().unwrap());
    assert_eq!(bound, written.map(str::to_owned).collect());
    for program in &config.programs {
        let cases = places::root().join("config/cases").join(program.id.as_str());
        assert!(!suite::samples(&cases).unwrap().is_empty(), "{}", program.id);
    }
}
