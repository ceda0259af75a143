//! Programs with their policies loaded: which rules are in force on which date.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use concord_contract::{Date, Kind, Subject, path};
use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::bound::{self, Bound};
use super::cities;
use super::laid_down;
use super::rounds;
use super::vocabulary::Vocabulary;
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::fault::Fault;
use crate::domain::ids::{PolicyId, ProgramId, RoundId};
use crate::domain::program::{self, AwardRule, Binding, RulingsRule};
use crate::domain::round::Round;
use crate::engine::{Engine, Policy};

/// All programs, ready to decide.
pub struct Programs {
    pub(super) engine: Engine,
    programs: IndexMap<ProgramId, Arc<Program>>,
    policies: Vec<Arc<Policy>>,
}

/// One program, ready to decide.
#[derive(Debug)]
pub struct Program {
    /// What its file lays down.
    pub laid_down: program::Program,
    /// Its rules from one date to the next, earliest first.
    editions: Vec<Edition>,
    /// Its matching step, where it is of another kind and has one.
    matching: Option<Arc<Program>>,
}

/// The rules of a program between two changes.
#[derive(Debug)]
pub struct Edition {
    /// The first day.
    pub from: Date,
    /// The policies in force, in the order of the program file.
    pub rules: Vec<Arc<Bound>>,
    /// The facts that they read.
    pub vocabulary: Vocabulary,
}

/// Something wrong in a program's file, or with a policy that it binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindFault {
    /// The program.
    pub program: ProgramId,
    /// What is wrong; the path is one in the program's file.
    pub fault: Fault,
}

type Loaded = BTreeMap<(PolicyId, String), Result<Arc<Policy>, String>>;

impl Programs {
    /// Loads every policy that a program binds from the folder, in parallel, and binds them.
    pub fn bind(
        engine: Engine,
        programs: Vec<program::Program>,
        policies: &Path,
    ) -> Result<Programs, Vec<BindFault>> {
        let loaded = load_all(&engine, &programs, policies);
        let mut bound = IndexMap::new();
        let mut faults = Vec::new();
        for program in programs {
            let id = program.id.clone();
            match bind(program, &loaded) {
                Ok(program) => {
                    bound.insert(id, Arc::new(program));
                }
                Err(wrong) => faults.extend(
                    wrong.into_iter().map(|fault| BindFault { program: id.clone(), fault }),
                ),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let policies = loaded.into_values().filter_map(Result::ok).collect();
        Ok(Programs { engine, programs: bound, policies })
    }

    /// A program.
    #[must_use]
    pub fn get(&self, id: &ProgramId) -> Option<&Arc<Program>> {
        self.programs.get(id)
    }

    /// All programs, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Program>> {
        self.programs.values()
    }

    /// All policies that a program binds, by id and version.
    #[must_use]
    pub fn policies(&self) -> &[Arc<Policy>] {
        &self.policies
    }
}

impl Program {
    /// The rules in force on a date, or why there are none.
    pub fn edition(&self, on: Date) -> Result<&Edition, Fault> {
        let fault = |message: String| Fault::new(path!["as_of"], message);
        let program = &self.laid_down;
        if let Some(from) = program.from.filter(|from| on < *from) {
            return Err(fault(format!("found {on}; {} begins on {from}", program.id)));
        }
        if let Some(until) = program.until.filter(|until| on > *until) {
            return Err(fault(format!("found {on}; {} ended on {until}", program.id)));
        }
        let edition = self.editions.iter().rev().find(|edition| edition.from <= on);
        edition.ok_or_else(|| {
            let first = self.editions.first().map(|edition| edition.from);
            let first =
                first.map_or_else(String::new, |first| format!(" (the first day is {first})"));
            fault(format!(
                "found {on}; not every city of {} has a binding in force then{first}",
                program.id
            ))
        })
    }

    /// The date where the program is run: in the time zone of its first city.
    #[must_use]
    pub fn today(&self, entities: &Entities, now: jiff::Timestamp) -> Date {
        let city = self.laid_down.cities.first().and_then(|city| entities.city(city.as_str()));
        let zone = city.and_then(|city| TimeZone::get(&city.time_zone).ok());
        now.to_zoned(zone.unwrap_or(TimeZone::UTC)).date()
    }

    /// The part of it that judges a case: the matching step judges those of supply and demand.
    #[must_use]
    pub fn for_case<'a>(self: &'a Arc<Self>, case: &Case) -> &'a Arc<Program> {
        let paired = [Subject::Supply, Subject::Demand].map(|side| case.items(side).is_some());
        self.matching.as_ref().filter(|_| paired.contains(&true)).unwrap_or(self)
    }

    /// The part of it that matches supply to demand, if it does.
    #[must_use]
    pub fn matcher(self: &Arc<Self>) -> Option<&Arc<Program>> {
        let itself = (self.laid_down.kind == Kind::Matching).then_some(self);
        itself.or(self.matching.as_ref())
    }

    /// It, and its matching step.
    pub fn steps(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Program>> {
        std::iter::once(self).chain(&self.matching)
    }

    /// A round of it.
    #[must_use]
    pub fn round(&self, id: &RoundId) -> Option<&Round> {
        self.laid_down.rounds.iter().find(|round| round.id == *id)
    }

    /// Its bindings, each with whether it is in force on a date.
    pub fn bindings_on(&self, on: Date) -> impl Iterator<Item = (&Binding, bool)> {
        let ruled = self.edition(on).is_ok();
        self.laid_down.bindings.iter().enumerate().map(move |(position, binding)| {
            let chosen = laid_down::in_force(&self.laid_down, binding.city.as_ref(), on);
            (binding, ruled && chosen.is_some_and(|(chosen, _)| chosen == position))
        })
    }

    /// The rules from one date to the next, earliest first.
    #[must_use]
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }
}

/// The file that a policy is loaded from.
#[must_use]
pub fn policy_file(folder: &Path, policy: &PolicyId, version: &str) -> PathBuf {
    folder.join(format!("{policy}-{version}.wasm"))
}

fn load_all(engine: &Engine, programs: &[program::Program], folder: &Path) -> Loaded {
    let bindings = programs.iter().flat_map(program::Program::all_bindings);
    let wanted: BTreeMap<_, _> =
        bindings.map(|binding| ((binding.policy.clone(), binding.version.clone()), ())).collect();
    let wanted: Vec<_> = wanted.into_keys().collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let load_share = |worker: usize| -> Vec<_> {
        let share = wanted.iter().skip(worker).step_by(workers);
        share.map(|key| (key.clone(), load_one(engine, folder, &key.0, &key.1))).collect()
    };
    std::thread::scope(|scope| {
        let load_share = &load_share;
        let threads: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || load_share(worker))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    })
}

fn load_one(
    engine: &Engine,
    folder: &Path,
    policy: &PolicyId,
    version: &str,
) -> Result<Arc<Policy>, String> {
    let file = policy_file(folder, policy, version);
    let bytes = std::fs::read(&file).map_err(|error| {
        format!("cannot read {}: {error}; `concord policy build` makes it", file.display())
    })?;
    let loaded =
        engine.load(&bytes).map_err(|error| format!("{} is refused: {error}", file.display()))?;
    let manifest = &loaded.manifest;
    if manifest.id != policy.as_str() || manifest.version != version {
        let (id, version) = (&manifest.id, &manifest.version);
        return Err(format!("{} holds the policy {id} {version}", file.display()));
    }
    Ok(Arc::new(loaded))
}

fn bind(program: program::Program, loaded: &Loaded) -> Result<Program, Vec<Fault>> {
    let mut faults = laid_down::check(&program);
    let mut policies = Vec::new();
    for (position, binding) in program.bindings.iter().enumerate() {
        match loaded.get(&(binding.policy.clone(), binding.version.clone())) {
            Some(Ok(policy)) => policies.push(policy.clone()),
            Some(Err(reason)) => {
                faults.push(Fault::new(path!["bindings", position, "policy"], reason.clone()));
            }
            None => {
                faults.push(Fault::new(path!["bindings", position], "the policy was not loaded"))
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut editions = Vec::new();
    for from in change_dates(&program) {
        match edition(&program, from, &policies) {
            Ok(edition) => editions.push(edition),
            Err(wrong) => faults.extend(wrong),
        }
    }
    faults.extend(rounds::check(&program, &editions));
    let matching =
        match program.matching_program().map(|step| bind(step, loaded)).transpose() {
            Ok(matching) => matching.map(Arc::new),
            Err(wrong) => {
                faults.extend(wrong.into_iter().map(|fault| {
                    Fault::new([path!["matching"], fault.path].concat(), fault.message)
                }));
                None
            }
        };
    faults.dedup();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Program { laid_down: program, editions, matching })
}

/// The dates on which the rules change, from the first on which every seat has a binding.
fn change_dates(program: &program::Program) -> Vec<Date> {
    let seats = laid_down::seats(program);
    let mut dates: Vec<_> = program.bindings.iter().map(|binding| binding.from).collect();
    dates.sort_unstable();
    dates.dedup();
    dates.retain(|date| {
        seats.iter().all(|seat| laid_down::in_force(program, *seat, *date).is_some())
    });
    dates
}

fn edition(
    program: &program::Program,
    from: Date,
    policies: &[Arc<Policy>],
) -> Result<Edition, Vec<Fault>> {
    let seats = laid_down::seats(program);
    let chosen = seats.iter().filter_map(|seat| laid_down::in_force(program, *seat, from));
    let chosen: Vec<_> = chosen
        .filter_map(|(position, binding)| Some((position, binding, policies.get(position)?)))
        .collect();
    let manifests = chosen.iter().map(|(_, _, policy)| &policy.manifest);
    let vocabulary = Vocabulary::of(manifests)
        .map_err(|message| vec![Fault::new(path!["bindings"], message)])?;
    let mut rules = Vec::new();
    let mut faults = check_lead(program, &vocabulary);
    faults.extend(check_payer(program, &vocabulary));
    for (position, binding, policy) in chosen {
        match bind_one(program, binding, policy, &vocabulary) {
            Ok(bound) => rules.push(Arc::new(bound)),
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| {
                Fault::new([path!["bindings", position], fault.path].concat(), fault.message)
            })),
        }
    }
    if faults.is_empty() { Ok(Edition { from, rules, vocabulary }) } else { Err(faults) }
}

/// A rule that asks for the lead needs policies that read who leads, and from where.
fn check_lead(program: &program::Program, vocabulary: &Vocabulary) -> Vec<Fault> {
    let parties = vocabulary.facts(Subject::Parties);
    let known =
        parties.is_some_and(|facts| facts.contains_key("role") && facts.contains_key("city"));
    let combine = &program.combine;
    let rules = [
        ("rulings", combine.rulings == RulingsRule::Lead),
        ("award", combine.award == AwardRule::Lead),
    ];
    let asking = rules.into_iter().filter(|(_, lead)| *lead && !known);
    let message = "found lead, but no policy reads the facts role and city of parties";
    asking.map(|(key, _)| Fault::new(path!["combine", key], message)).collect()
}

/// The fact that names who pays must be read, so that every case that is eligible can say.
fn check_payer(program: &program::Program, vocabulary: &Vocabulary) -> Option<Fault> {
    let fact = program.combine.payer.as_deref()?;
    if cities::place(fact, vocabulary).is_some() {
        return None;
    }
    let message = format!("found \"{fact}\", which no policy reads of a single subject");
    Some(Fault::new(path!["combine", "payer"], message))
}

fn bind_one(
    program: &program::Program,
    binding: &Binding,
    policy: &Arc<Policy>,
    vocabulary: &Vocabulary,
) -> Result<Bound, Vec<Fault>> {
    let manifest = &policy.manifest;
    let parameters = bound::parameters(manifest, &binding.parameters);
    let funds = bound::funds(manifest, &binding.funds);
    let grants = bound::grants(manifest, program, binding);
    match (parameters, funds, grants.is_empty()) {
        (Ok(parameters), Ok(funds), true) => {
            Bound::new(policy, binding.city.clone(), parameters, funds, vocabulary)
        }
        (parameters, funds, _) => {
            let wrong = [parameters.err(), funds.err(), Some(grants)];
            Err(wrong.into_iter().flatten().flatten().collect())
        }
    }
}
