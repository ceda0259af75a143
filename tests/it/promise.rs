//! Promises of a real policy, true ones and false ones, held against made-up cases in the real engine.

use std::sync::LazyLock;
use std::time::Duration;

use concord::config::Config;
use concord::decide::Programs;
use concord::domain::entities::Entities;
use concord::engine::{Engine, Limits};
use concord::review::case_file::{Sample, read_samples};
use concord::review::promise::{PromiseResult, Promises, Trials, table};
use concord::review::suite;
use concord_contract::language::Language;
use concord_contract::manifest::Manifest;
use rstest::rstest;

use crate::support::concord::CONFIG;
use crate::support::places;

const POLICY: &str = "guangzhou-core-tech";

/// A policy, alone, with its samples.
pub struct Policy {
    pub programs: Programs,
    pub manifest: Manifest,
    pub samples: Vec<Sample>,
    pub entities: Entities,
}

impl Policy {
    pub fn load(name: &str) -> Policy {
        let folder = places::root().join("plugins").join(name);
        let manifest = concord_build::read_manifest(&folder).unwrap();
        let entities = Config::load(&CONFIG.file()).unwrap().entities();
        // Tests run side by side, and no machine is too slow for the deadline.
        let deadline = Duration::from_secs(60);
        let limits = Limits { concurrent: 64, deadline, ..Limits::default() };
        let engine = Engine::new(limits, None).unwrap();
        let alone = suite::program_of(&manifest, &entities).unwrap();
        let programs = Programs::bind(engine, vec![alone], places::policies()).unwrap();
        let samples = suite::samples(&folder.join("cases")).unwrap();
        Policy { programs, manifest, samples, entities }
    }

    /// It, promising something else.
    fn check(&self, promise: &str, samples: &[Sample], trials: Trials) -> PromiseResult {
        let file = places::root().join("plugins").join(&self.manifest.id).join("policy.toml");
        let text = std::fs::read_to_string(file).unwrap();
        let (before, _) = text.split_once("# Promises").unwrap();
        let manifest = Manifest::parse(&format!(
            "{before}\n[promises.sample]\n{promise}\ntext = {{ zh-Hans = \"诺\", zh-Hant = \"諾\", en = \"It holds\" }}\n"
        ));
        let manifest = manifest.unwrap();
        let promises = Promises::new(&self.programs, &manifest, samples, &self.entities).unwrap();
        promises.check(trials, || {}).pop().unwrap()
    }
}

static SAMPLE: LazyLock<Policy> = LazyLock::new(|| Policy::load(POLICY));

const TRIALS: Trials = Trials { seed: 0, cases: 256 };

#[rstest]
#[case::more("more = \"project.trl\"", "the case was eligible and becomes ineligible")]
#[case::less("less = \"parties.rd_intensity\"", "the case was eligible and becomes ineligible")]
#[case::more_of_a_date(
    "more = \"parties.registered\"",
    "the case was eligible and becomes ineligible"
)]
#[case::less_money("less = \"project.requested\"", "the award falls from ")]
#[case::swap("swap = [\"enterprise\", \"institute\"]", "the outcome changes from ")]
#[case::unaffected_by("unaffected_by = \"parties.role\"", "changes from ")]
fn a_promise_that_is_not_kept_is_found_out(#[case] promise: &str, #[case] why: &str) {
    let result = SAMPLE.check(promise, &SAMPLE.samples, TRIALS);
    let broken = result.broken.as_ref().unwrap();
    assert!(!result.passed());
    assert!(broken.why.contains(why), "{}", broken.why);
}

/// Reads what is printed of a broken promise as a file of sample cases, and runs them.
fn run_again(printed: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.toml");
    std::fs::write(&file, printed).unwrap();
    let samples = read_samples(&file).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    let Policy { programs, manifest, entities, .. } = &*SAMPLE;
    let results = suite::run_policy(programs, manifest, &samples, entities);
    assert_eq!(results.cases.len(), 2, "{printed}");
    results.cases.into_iter().flat_map(|case| case.differences).collect()
}

#[rstest]
fn what_is_printed_of_a_broken_promise_is_a_sample_case_that_comes_out_as_it_says(
    #[values(
        "more = \"project.trl\"",
        "less = \"project.requested\"",
        "swap = [\"enterprise\", \"institute\"]",
        "unaffected_by = \"parties.kind\""
    )]
    promise: &str,
    #[values(0, 1, 2)] seed: u64,
) {
    let trials = Trials { seed, cases: 1024 };
    let broken = SAMPLE.check(promise, &SAMPLE.samples, trials).broken.unwrap();
    assert_eq!(run_again(&broken.to_string()), Vec::<String>::new(), "{broken}");
}

#[test]
fn a_case_that_breaks_a_promise_is_made_small() {
    let result = SAMPLE.check("unaffected_by = \"parties.kind\"", &SAMPLE.samples, TRIALS);
    let broken = result.broken.as_ref().unwrap();
    let facts: usize =
        broken.case.subjects.iter().flat_map(|(_, items)| items).map(|item| item.facts.len()).sum();
    // The kind, and what is asked of a firm: nothing of the project, and little of the other party.
    assert!(facts <= 4, "{broken}");
    insta::assert_snapshot!(table(&[result], Language::En));
}

#[test]
fn the_same_seed_gives_the_same_case_and_another_seed_another() {
    let printed = |seed| {
        let trials = Trials { seed, ..TRIALS };
        let result = SAMPLE.check("less = \"project.requested\"", &SAMPLE.samples, trials);
        (result.held, result.broken.unwrap().to_string())
    };
    assert_eq!(printed(7), printed(7));
    assert!((8..16).any(|seed| printed(seed) != printed(7)));
}

#[test]
fn an_award_above_a_limit_breaks_the_promise_of_it() {
    // The component has a cap of two millions; what is said here of its default is not so.
    let mut manifest = SAMPLE.manifest.clone();
    let cap = manifest.parameters.iter_mut().find(|one| one.name == "cap").unwrap();
    let low = concord_contract::Money::parse("5000.00", concord_contract::Currency::CNY).unwrap();
    cap.default = concord_contract::value::Cell::One(concord_contract::value::Value::Amount(low));
    manifest.promises.retain(|promise| promise.id == "never-above-the-cap");
    let Policy { programs, samples, entities, .. } = &*SAMPLE;
    let promises = Promises::new(programs, &manifest, samples, entities).unwrap();
    let result = promises.check(TRIALS, || {}).pop().unwrap();
    let broken = result.broken.unwrap();
    assert!(broken.why.starts_with("the award is "), "{}", broken.why);
    assert!(broken.why.ends_with(" CNY, but cap is 5000.00 CNY"), "{}", broken.why);
    assert!(broken.after.is_none());
}

#[test]
fn a_promise_that_no_eligible_case_was_held_against_does_not_pass() {
    let result = SAMPLE.check("at_most = \"cap\"", &[], TRIALS);
    assert!(result.broken.is_none() && !result.passed());
    let printed = table(&[result], Language::En);
    assert!(
        printed.contains("only 0 of 256 cases were eligible, expected 8 at least"),
        "{printed}"
    );
}

#[test]
fn every_case_is_told_and_no_more_than_were_asked_for() {
    let count = std::cell::Cell::new(0);
    let Policy { programs, manifest, samples, entities } = &*SAMPLE;
    let promises = Promises::new(programs, manifest, samples, entities).unwrap();
    let results = promises.check(Trials { seed: 0, cases: 40 }, || count.set(count.get() + 1));
    assert_eq!(count.get(), 40 * results.len());
    assert!(results.iter().all(|result| result.held == 40 && result.passed()));
}
