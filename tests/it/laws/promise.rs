//! Made-up cases: every one can be judged, and the samples are not far.

use concord::domain::outcome::Outcome;
use concord::review::promise::Promises;
use proptest::test_runner::{Config, TestRunner};

use crate::promise::Policy;
use crate::support::places;

#[test]
fn every_made_up_case_of_every_policy_is_read_without_faults_and_each_outcome_comes_up() {
    for folder in places::policy_sources() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let policy = Policy::load(&name);
        let Policy { programs, manifest, samples, entities } = &policy;
        let promises = Promises::new(programs, manifest, samples, entities).unwrap();
        let outcomes = std::cell::RefCell::new(Vec::<Outcome>::new());
        let config = Config { cases: 128, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let judged = runner.run(&promises.cases(), |made| {
            let ruling = promises.decide(&made);
            proptest::prop_assert!(ruling.is_some(), "{} cannot judge {:?}", name, made.case);
            outcomes.borrow_mut().extend(ruling.map(|ruling| ruling.outcome));
            Ok(())
        });
        judged.unwrap_or_else(|error| panic!("{error}"));
        for outcome in [Outcome::Eligible, Outcome::Ineligible, Outcome::Undetermined] {
            assert!(outcomes.borrow().contains(&outcome), "{name}: {outcome:?}");
        }
    }
}
