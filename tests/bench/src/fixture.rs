//! What is measured: the program of two policies among the sample configuration, and one case of it, all
//! facts of which are given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use concord::config::Config;
use concord::decide::{Decision, Program, Programs};
use concord::domain::case::Case;
use concord::domain::entities::Entities;
use concord::domain::entity::Entity;
use concord::domain::program;
use concord::engine::{Engine, Report};
use concord_contract::Date;
use concord_contract::raw::Raw;
use serde_json::Value;

use crate::Answer;

/// The case, as the body of a request.
pub const CASE: &str = include_str!("../case.json");

/// The case as an application, which is judged on the day that it comes.
pub fn application() -> Result<String> {
    let mut case: Value = serde_json::from_str(CASE)?;
    case.as_object_mut().and_then(|case| case.remove("as_of"));
    Ok(case.to_string())
}

/// The program.
pub const PROGRAM: &str = "guangfo-core-tech";

/// The policy whose rule is measured in all forms.
pub const POLICY: &str = "guangzhou-core-tech";

/// The policies of the program.
const POLICIES: [&str; 2] = [POLICY, "foshan-core-tech"];

/// The program, ready to judge the case.
pub struct Fixture {
    /// The sample configuration.
    pub config: Config,
    /// The program alone, with its policies loaded.
    pub programs: Programs,
    /// The case.
    pub case: Case,
    /// The date that it is judged on.
    pub as_of: Date,
    /// The shared entities.
    pub entities: Entities,
    /// Where compiled policies are kept.
    pub cache: tempfile::TempDir,
}

impl Fixture {
    /// Builds the policies where need be, and loads them.
    pub fn new() -> Result<Fixture> {
        let folders: Vec<_> = POLICIES.map(|policy| root().join("plugins").join(policy)).into();
        concord_build::build(&folders, &root().join("target/policies-build"), &policies())?;
        let config = config()?;
        let cache = tempfile::tempdir()?;
        let programs = bind(&config, cache.path())?;
        let case = read(CASE.as_bytes())?;
        let as_of = case.as_of.context("the case says its date")?;
        let entities = config.entities();
        Ok(Fixture { config, programs, case, as_of, entities, cache })
    }

    /// The program.
    pub fn program(&self) -> Result<&Arc<Program>> {
        let program = self.programs.all().next();
        program.context("the program is bound")
    }

    /// Judges the case.
    pub fn decide(&self) -> Result<Decision> {
        self.decide_on(&self.case)
    }

    /// Judges any case.
    pub fn decide_on(&self, case: &Case) -> Result<Decision> {
        let decided = self.programs.decide(self.program()?, case, self.as_of, &self.entities);
        decided.map_err(|faults| anyhow!("the case cannot be judged: {faults:?}"))
    }
}

/// A case from the body of a request.
pub fn read(body: &[u8]) -> Result<Case> {
    let raw: Raw = serde_json::from_slice(body)?;
    Case::read(raw).map_err(|faults| anyhow!("the case cannot be read: {faults:?}"))
}

/// The case, and for every fact of it the case without that fact.
pub fn one_missing() -> Result<Vec<String>> {
    let whole: Value = serde_json::from_str(CASE)?;
    let mut cases = vec![CASE.to_owned()];
    for subject in ["/project", "/parties/0", "/parties/1"] {
        let facts = whole.pointer(subject).and_then(Value::as_object);
        for fact in facts.with_context(|| format!("the case has {subject}"))?.keys() {
            let mut case = whole.clone();
            let facts = case.pointer_mut(subject).and_then(Value::as_object_mut);
            facts.and_then(|facts| facts.remove(fact));
            cases.push(case.to_string());
        }
    }
    Ok(cases)
}

/// The sample configuration.
pub fn config() -> Result<Config> {
    Ok(Config::load(&root().join("config/concord.toml"))?)
}

/// Puts more into every fund than all applications that are made here come to.
pub fn fill(entities: &mut [Entity]) {
    for entity in entities {
        if let Entity::Fund(fund) = entity {
            let all = fund.contributions.iter_mut();
            all.for_each(|contribution| contribution.amount = PLENTY.to_owned());
        }
    }
}

/// In any currency.
const PLENTY: &str = "10000000000000.00";

/// The program alone, with an engine of its own.
pub fn bind(config: &Config, cache: &Path) -> Result<Programs> {
    let engine = engine(config, Some(cache.to_owned()))?;
    Programs::bind(engine, vec![laid_down(config)?], &policies())
        .map_err(|faults| anyhow!("the program cannot be bound: {faults:?}"))
}

/// An engine with the limits of the sample configuration.
pub fn engine(config: &Config, cache: Option<PathBuf>) -> Result<Engine> {
    Engine::new(config.host.limits.clone(), cache).map_err(|error| anyhow!("{error:#}"))
}

fn laid_down(config: &Config) -> Result<program::Program> {
    let found = config.programs.iter().find(|program| program.id.as_str() == PROGRAM);
    found.cloned().context("the sample configuration has the program")
}

/// The component of the rule that is measured in all forms.
pub fn component() -> Result<Vec<u8>> {
    let file = policies().join(format!("{POLICY}-1.0.0.wasm"));
    std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// What a run of a policy said.
#[must_use]
pub fn answer(report: &Report) -> Answer {
    let clauses = report.clauses.iter().map(|said| (said.clause, said.item, said.truth));
    Answer::new(clauses.collect(), report.grant.amount.flatten().map(|amount| amount.minor))
}

fn policies() -> PathBuf {
    root().join("target/policies")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
