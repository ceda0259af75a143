//! Promises held against made-up cases: does the policy do what its `policy.toml` says that it always does?
//!
//! `values` makes values close to thresholds, [`cases`] whole cases, `change` the second case that a promise
//! compares the first with, and `judge` says whether the promise holds for the two. A promise that is broken
//! is shown by the smallest case that breaks it, which [`Counterexample`] writes out as a sample case.

pub mod cases;
mod change;
mod judge;
mod values;
mod write;

use std::sync::Arc;

use concord_contract::manifest::{Manifest, Promise, Property};
use concord_contract::{Date, Money};
use indexmap::IndexMap;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

use super::case_file::Sample;
use super::suite;
use crate::decide::{Program, Programs, Ruling};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::domain::outcome::Outcome;
use cases::{Base, Made};
use change::{Change, Pick};

pub use write::{as_json, table};

/// The date of made-up cases where no sample case gives one.
const AS_OF: Date = Date::constant(2026, 1, 1);

/// The most steps in which a case that breaks a promise is made smaller.
const STEPS: usize = 4096;

/// How promises are checked.
#[derive(Clone, Copy, Debug)]
pub struct Trials {
    /// What the cases are drawn from: the same seed gives the same cases.
    pub seed: u64,
    /// How many cases each promise is held against.
    pub cases: u32,
}

impl Trials {
    /// How many cases must be eligible for a promise to count as tested: one in 32.
    #[must_use]
    pub fn least(&self) -> u32 {
        self.cases.div_ceil(32)
    }
}

/// What came of one promise.
#[derive(Debug)]
pub struct PromiseResult {
    /// The promise.
    pub promise: Promise,
    /// The cases for which it held, and those that it says nothing of.
    pub held: u32,
    /// The cases among them that were determined, before the change and after it.
    pub determined: u32,
    /// The cases among those that were eligible before the change: the ones that had something to lose.
    pub eligible: u32,
    /// How many must be eligible.
    pub least: u32,
    /// The smallest case that breaks it.
    pub broken: Option<Box<Counterexample>>,
}

impl PromiseResult {
    /// Whether it was tested and found true.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.broken.is_none() && self.eligible >= self.least
    }
}

/// A case that breaks a promise.
#[derive(Debug)]
pub struct Counterexample {
    /// How the promise is broken, in words.
    pub why: String,
    /// What the policy's funds still have to give.
    pub funds: IndexMap<String, Money>,
    /// The case.
    pub case: Case,
    /// What the policy says of it.
    pub before: Ruling,
    /// What is changed in it; nothing where the promise is about one case alone.
    pub changes: Vec<Change>,
    /// What the policy says of it then.
    pub after: Option<Ruling>,
}

/// A policy with all that its promises are checked with.
pub struct Promises<'a> {
    programs: &'a Programs,
    program: &'a Arc<Program>,
    manifest: &'a Manifest,
    bases: Arc<[Base]>,
}

/// One case, with what the policy says of it and of the changed one.
struct Trial {
    case: Case,
    before: Ruling,
    changes: Vec<Change>,
    after: Option<Ruling>,
}

impl<'a> Promises<'a> {
    /// The promises of a policy, to be checked with cases that are made from its samples.
    ///
    /// `programs` must hold the program that [`suite::program_of`] makes of the policy; else there is nothing.
    #[must_use]
    pub fn new(
        programs: &'a Programs,
        manifest: &'a Manifest,
        samples: &[Sample],
        entities: &Entities,
    ) -> Option<Promises<'a>> {
        let program = programs.get(&manifest.id.parse::<ProgramId>().ok()?)?;
        let base = |sample: &Sample| Base {
            case: sample.case.clone(),
            as_of: sample.case.as_of.unwrap_or(AS_OF),
            funds: sample.funds.clone(),
            entities: suite::with_funds(entities, &sample.funds),
            eligible: false,
        };
        let mut bases: Vec<Base> = samples.iter().map(base).collect();
        if bases.is_empty() {
            let (case, entities) = (Case::default(), entities.clone());
            let funds = IndexMap::new();
            bases.push(Base { case, as_of: AS_OF, funds, entities, eligible: false });
        }
        for base in &mut bases {
            let decided = programs.decide(program, &base.case, base.as_of, &base.entities);
            base.eligible = decided.is_ok_and(|decision| decision.outcome == Outcome::Eligible);
        }
        Some(Promises { programs, program, manifest, bases: bases.into() })
    }

    /// The cases that the promises are held against.
    pub fn cases(&self) -> BoxedStrategy<Made> {
        cases::cases(self.manifest, self.bases.clone())
    }

    /// What the policy says of a made-up case; nothing where it cannot be judged.
    #[must_use]
    pub fn decide(&self, made: &Made) -> Option<Ruling> {
        self.rule(self.bases.get(made.base)?, &made.case)
    }

    /// Checks all promises, and tells `advance` after every case.
    #[must_use]
    pub fn check(&self, trials: Trials, advance: impl Fn()) -> Vec<PromiseResult> {
        let promises = self.manifest.promises.iter();
        promises.map(|promise| self.check_one(promise, trials, &advance)).collect()
    }

    fn check_one(&self, promise: &Promise, trials: Trials, advance: &dyn Fn()) -> PromiseResult {
        let mut runner = runner(trials.seed, &promise.id);
        let picks = change::pick(self.manifest, &self.bases, &promise.property);
        let strategy = (self.cases(), picks);
        let mut result = PromiseResult {
            promise: promise.clone(),
            held: 0,
            determined: 0,
            eligible: 0,
            least: trials.least(),
            broken: None,
        };
        for _ in 0..trials.cases {
            let Ok(mut tree) = strategy.new_tree(&mut runner) else { continue };
            let (made, pick) = tree.current();
            let trial = self.trial(&promise.property, &made, pick);
            advance();
            if let Some(trial) = &trial {
                if judge::broken(promise, self.manifest, &trial.before, trial.after.as_ref())
                    .is_some()
                {
                    result.broken = self.smallest(promise, &mut tree);
                    break;
                }
                let rulings = [Some(&trial.before), trial.after.as_ref()];
                let known = |ruling: &Ruling| ruling.outcome != Outcome::Undetermined;
                let determined = rulings.into_iter().flatten().all(known);
                result.determined += u32::from(determined);
                let eligible = determined && trial.before.outcome == Outcome::Eligible;
                result.eligible += u32::from(eligible);
            }
            result.held += 1;
        }
        result
    }

    /// Runs the policy on a made-up case and on the changed one; nothing where there is nothing to change.
    fn trial(&self, property: &Property, made: &Made, pick: Pick) -> Option<Trial> {
        let base = self.bases.get(made.base)?;
        let (case, changes) = change::change(self.manifest, property, base, &made.case, pick)?;
        let before = self.rule(base, &case)?;
        let after = match changes.is_empty() {
            true => None,
            false => Some(self.rule(base, &change::changed(&case, &changes))?),
        };
        Some(Trial { case, before, changes, after })
    }

    fn rule(&self, base: &Base, case: &Case) -> Option<Ruling> {
        let as_of = case.as_of.unwrap_or(base.as_of);
        let decision = self.programs.decide(self.program, case, as_of, &base.entities).ok()?;
        decision.rulings.into_iter().next()
    }

    /// Makes a case that breaks the promise smaller for as long as it still does.
    fn smallest(
        &self,
        promise: &Promise,
        tree: &mut impl ValueTree<Value = (Made, Pick)>,
    ) -> Option<Box<Counterexample>> {
        let look = |(made, pick): (Made, Pick)| {
            let Trial { case, before, changes, after } =
                self.trial(&promise.property, &made, pick)?;
            let why = judge::broken(promise, self.manifest, &before, after.as_ref())?;
            let funds = self.bases.get(made.base)?.funds.clone();
            Some(Counterexample { why, funds, case, before, changes, after })
        };
        let mut smallest = look(tree.current())?;
        let mut smaller = tree.simplify();
        for _ in 0..STEPS {
            if !smaller {
                break;
            }
            smaller = match look(tree.current()) {
                Some(found) => {
                    smallest = found;
                    tree.simplify()
                }
                None => tree.complicate(),
            };
        }
        Some(Box::new(smallest))
    }
}

/// Draws cases: the same ones for the same seed and promise, whatever other promises there are.
fn runner(seed: u64, promise: &str) -> TestRunner {
    let seed = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(promise).finalize();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(Config::default(), rng)
}
