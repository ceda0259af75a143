//! Runs sample cases through programs and policies.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use concord_contract::language::Texts;
use concord_contract::manifest::Manifest;
use concord_contract::{Date, Money};
use indexmap::IndexMap;

use super::case_file::{CaseFileError, Sample, read_samples};
use crate::decide::{Decision, Program, Programs};
use crate::domain::entities::Entities;
use crate::domain::entity::{Contribution, Entity, EntityKind, Fund};
use crate::domain::fault::Fault;
use crate::domain::ids::{CityId, FundId, ProgramId};
use crate::domain::outcome::Outcome;
use crate::domain::program::{self, Binding, Combine, GrantKind};
use crate::domain::split::split;

/// What came of one case.
#[derive(Debug)]
pub struct CaseResult {
    /// Where the case comes from.
    pub file: PathBuf,
    /// Its name.
    pub name: String,
    /// How it differs from what was expected; empty when it passes.
    pub differences: Vec<String>,
    /// The decision, unless the case could not be judged.
    pub decision: Option<Decision>,
    /// How long it took.
    pub took: Duration,
}

impl CaseResult {
    /// Whether it came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }

    /// The outcome, unless the case could not be judged.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.decision.as_ref().map(|decision| decision.outcome)
    }
}

/// What came of all cases of a program or policy.
#[derive(Debug)]
pub struct SuiteResult {
    /// The program or policy.
    pub name: String,
    /// The cases, in the order of files and variants.
    pub cases: Vec<CaseResult>,
}

impl SuiteResult {
    /// Whether every case came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseResult::passed)
    }
}

/// The sample cases of a folder, by file; none if there is no such folder.
pub fn samples(folder: &Path) -> Result<Vec<Sample>, CaseFileError> {
    let unreadable = |error: std::io::Error| CaseFileError {
        file: folder.to_owned(),
        message: format!("cannot read the folder: {error}"),
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        samples.extend(read_samples(&file)?);
    }
    Ok(samples)
}

/// Runs a program's cases. What a case says of `[funds]` is what they still have to give, by their ids.
#[must_use]
pub fn run_program(
    programs: &Programs,
    program: &Arc<Program>,
    samples: &[Sample],
    entities: &Entities,
) -> SuiteResult {
    let name = program.laid_down.id.to_string();
    let run = |sample: &Sample| {
        let mut entities = entities.clone();
        let mut unknown = Vec::new();
        for (id, available) in &sample.funds {
            match entities.fund(id).cloned() {
                Some(fund) => fill(&mut entities, &fund, *available),
                None => unknown.push(format!("funds: there is no fund \"{id}\"")),
            }
        }
        run_sample(programs, program, sample, &entities, |decision| {
            let mut differences = unknown.clone();
            differences.extend(sample.expect.against_decision(decision));
            differences
        })
    };
    SuiteResult { name, cases: samples.iter().map(run).collect() }
}

/// Runs a policy's own cases: the policy alone, with its default parameters and with all that it asks for.
///
/// `programs` must hold the program that [`program_of`] makes of the policy.
#[must_use]
pub fn run_policy(
    programs: &Programs,
    manifest: &Manifest,
    samples: &[Sample],
    entities: &Entities,
) -> SuiteResult {
    let name = format!("{} {}", manifest.id, manifest.version);
    let program = manifest.id.parse().ok().and_then(|id: ProgramId| programs.get(&id));
    let Some(program) = program else { return SuiteResult { name, cases: Vec::new() } };
    let run = |sample: &Sample| {
        let entities = with_funds(entities, &sample.funds);
        run_sample(programs, program, sample, &entities, |decision| {
            decision
                .rulings
                .first()
                .map_or_else(Vec::new, |ruling| sample.expect.against_ruling(ruling))
        })
    };
    SuiteResult { name, cases: samples.iter().map(run).collect() }
}

/// A program with one policy alone: its default parameters, all its grants, and funds that the cases fill.
#[must_use]
pub fn program_of(manifest: &Manifest, entities: &Entities) -> Option<program::Program> {
    let binding = Binding {
        city: None,
        policy: manifest.id.parse().ok()?,
        version: manifest.version.clone(),
        from: Date::new(1, 1, 1).ok()?,
        parameters: IndexMap::new(),
        funds: manifest
            .registry
            .funds
            .iter()
            .filter_map(|fund| Some((fund.name.clone(), test_fund_id(&fund.name)?)))
            .collect(),
        grants: [
            (GrantKind::Awards, manifest.registry.awards.is_empty()),
            (GrantKind::Listed, manifest.registry.listed.is_empty()),
            (GrantKind::Agreed, manifest.registry.agreed.is_empty()),
        ]
        .into_iter()
        .filter_map(|(grant, unused)| (!unused).then_some(grant))
        .collect(),
    };
    let cities = entities.all(EntityKind::City);
    let cities: Vec<CityId> = cities.filter_map(|city| city.city().cloned()).collect();
    Some(program::Program {
        id: manifest.id.parse().ok()?,
        kind: manifest.kind,
        name: manifest.name.clone(),
        cities,
        fund: None,
        from: None,
        until: None,
        combine: Combine::default(),
        bindings: vec![binding],
        matching: None,
        applications: Default::default(),
        rounds: Vec::new(),
        targets: Vec::new(),
    })
}

/// The entities with the funds that a policy's own case fills.
pub(super) fn with_funds(entities: &Entities, funds: &IndexMap<String, Money>) -> Entities {
    let mut entities = entities.clone();
    for (name, available) in funds {
        if let Some(fund) = test_fund(name, *available) {
            fill(&mut entities, &fund, *available);
        }
    }
    entities
}

/// Lets a fund have so much to give, put in by its cities as its document says, in proportion.
fn fill(entities: &mut Entities, fund: &Fund, available: Money) {
    let stated = fund.stated();
    let put_in: Vec<i64> = stated.iter().map(|(_, amount, _)| amount.minor).collect();
    let contribution = |((city, ..), minor): (&(CityId, Money, Money), i64)| Contribution {
        city: city.clone(),
        amount: Money::new(minor, available.currency).to_string(),
        spent: None,
    };
    let parts = split(available.minor, &put_in);
    let contributions = stated.iter().zip(parts).map(contribution).collect();
    let currency = available.currency.code().to_owned();
    let filled = Fund { contributions, currency, ..fund.clone() };
    entities.books_mut().forget(&fund.id);
    // What a fresh purse is filled with is there.
    let _ = entities.settle(Arc::new(Entity::Fund(filled)));
}

fn test_fund_id(name: &str) -> Option<FundId> {
    format!("of-the-case-{name}").parse().ok()
}

/// A fund that one city fills.
fn test_fund(name: &str, available: Money) -> Option<Fund> {
    let name_text = name.to_owned();
    let city = "of-the-case".parse().ok()?;
    Some(Fund {
        id: test_fund_id(name)?,
        name: Texts { zh_hans: name_text.clone(), zh_hant: name_text.clone(), en: name_text },
        currency: available.currency.code().to_owned(),
        contributions: vec![Contribution { city, amount: "1".to_owned(), spent: None }],
    })
}

fn run_sample(
    programs: &Programs,
    program: &Arc<Program>,
    sample: &Sample,
    entities: &Entities,
    compare: impl Fn(&Decision) -> Vec<String>,
) -> CaseResult {
    let started = Instant::now();
    let decided = match sample.case.as_of {
        Some(as_of) => programs.decide(program, &sample.case, as_of, entities),
        None => Err(vec![Fault::new(Vec::new(), "the case has no as_of")]),
    };
    let took = started.elapsed();
    let (decision, differences) = match decided {
        Ok(decision) => {
            let differences = compare(&decision);
            (Some(decision), differences)
        }
        Err(faults) => {
            let wrong = |fault: &Fault| format!("the case cannot be judged: {fault}");
            (None, faults.iter().map(wrong).collect())
        }
    };
    CaseResult { file: sample.file.clone(), name: sample.name.clone(), differences, decision, took }
}
