//! A receipt's policies, run again from the receipt alone.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use concord_contract::path;

use super::body::{Body, PurseBody, RulingBody, RunLimits};
use super::difference::Difference;
use super::rebuild::rebuild;
use super::write::{amounts, award, reserved, ruling, versions};
use super::{Receipt, Uncanonical, Unreadable, read};
use crate::decide::combine::{Combined, conclude};
use crate::decide::decision::{Ruling, withhold};
use crate::decide::payment::{self, Payer};
use crate::decide::rule;
use crate::domain::fault::Fault;
use crate::domain::ids::PolicyId;
use crate::domain::outcome::Outcome;
use crate::engine::{Cause, Engine, Limits, LoadError, Policy};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same receipt, to the byte.
    Same {
        /// Whether the fuel was compared too: the engine is the one that the receipt names.
        fuel_compared: bool,
    },
    /// Another one.
    Different {
        /// Whether the fuel was compared too.
        fuel_compared: bool,
        /// Where they differ.
        differences: Vec<Difference>,
    },
    /// A run failed, then or now, for a reason that lies in the machine and not in the policy.
    NotRepeatable {
        /// The policy.
        policy: PolicyId,
        /// The reason.
        cause: Cause,
    },
}

/// Why a receipt cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum Unreplayable {
    /// It is not a receipt.
    #[error("it is not a receipt: {0}")]
    Unreadable(#[from] Unreadable),
    /// A policy is not there.
    #[error(
        "there is no component of {policy} {version} with the digest {digest} in the folders of policies"
    )]
    NoComponent {
        /// The policy.
        policy: PolicyId,
        /// Its version.
        version: String,
        /// The digest of its component.
        digest: String,
    },
    /// A policy is there, but this host does not take it.
    #[error("{policy} {version} is refused: {reason}")]
    Refused {
        /// The policy.
        policy: PolicyId,
        /// Its version.
        version: String,
        /// Why.
        reason: Box<LoadError>,
    },
    /// What the receipt tells does not fit the policy that it names.
    #[error("it does not fit its policy: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Misfit(Vec<Fault>),
    /// No engine can be had with the limits that it names.
    #[error("no engine runs with the limits of the receipt: {0}")]
    Engine(String),
    /// What came of it has no canonical text.
    #[error(transparent)]
    Uncanonical(#[from] Uncanonical),
}

/// How long a run may take: a backstop for what fuel does not see, wider than any host's own.
const DEADLINE: Duration = Duration::from_secs(60);

/// The most memory that a run is given: what WebAssembly can address.
const MEMORY: u64 = 4 << 30;

/// Replays receipts. It keeps engine and policies from one to the next.
pub struct Replayer<F> {
    find: F,
    cache: Option<PathBuf>,
    ready: Option<Ready>,
}

/// An engine with the limits of a receipt, and the policies that it has loaded, by digest.
struct Ready {
    limits: RunLimits,
    engine: Engine,
    policies: HashMap<String, Arc<Policy>>,
}

impl<F: Fn(&str) -> Option<Vec<u8>>> Replayer<F> {
    /// A replayer that finds components by their digests. Compiled ones are kept in `cache` if one is given.
    pub fn new(find: F, cache: Option<PathBuf>) -> Replayer<F> {
        Replayer { find, cache, ready: None }
    }

    /// Runs the policies of a receipt again and writes it anew. What the ledger was told to move is taken as it
    /// stands.
    pub fn replay(&mut self, text: &str) -> Result<Replayed, Unreplayable> {
        let was = read(text)?;
        let fuel_compared = was.versions.engine == versions().engine;
        let mut rulings = Vec::new();
        for (position, said) in was.rulings.iter().enumerate() {
            let not_repeatable = |cause: Option<Cause>| {
                let policy = said.policy.clone();
                let cause = cause.filter(|cause| of_machine(*cause));
                cause.map(|cause| Replayed::NotRepeatable { policy, cause })
            };
            if let Some(then) = not_repeatable(said.cause) {
                return Ok(then);
            }
            let ruling = self.rule(&was, position, said)?;
            if let Some(now) = not_repeatable(ruling.cause) {
                return Ok(now);
            }
            rulings.push(ruling);
        }
        let again = Receipt::of(&written_again(&was, &rulings, fuel_compared)?)?;
        if again.body == text {
            return Ok(Replayed::Same { fuel_compared });
        }
        let json = |text: &str| {
            serde_json::from_str(text).map_err(|error| Uncanonical::NotJson(error.to_string()))
        };
        let differences = Difference::between(&json(text)?, &json(&again.body)?);
        Ok(Replayed::Different { fuel_compared, differences })
    }

    fn rule(
        &mut self,
        was: &Body<'_>,
        position: usize,
        said: &RulingBody<'_>,
    ) -> Result<Ruling, Unreplayable> {
        let policy = self.policy(&was.limits, said)?;
        let below = |fault: Fault| {
            Fault::new([path!["rulings", position], fault.path].concat(), fault.message)
        };
        let (bound, dossier) = rebuild(said, &policy, was.as_of)
            .map_err(|faults| Unreplayable::Misfit(faults.into_iter().map(below).collect()))?;
        let ready = self.ready(&was.limits)?;
        Ok(rule(&ready.engine, &Arc::new(bound), dossier))
    }

    fn policy(
        &mut self,
        limits: &RunLimits,
        said: &RulingBody<'_>,
    ) -> Result<Arc<Policy>, Unreplayable> {
        if let Some(policy) = self.ready(limits)?.policies.get(&said.digest) {
            return Ok(policy.clone());
        }
        let (policy, version) = (said.policy.clone(), said.version.clone());
        let Some(bytes) = (self.find)(&said.digest) else {
            let digest = said.digest.clone();
            return Err(Unreplayable::NoComponent { policy, version, digest });
        };
        let ready = self.ready(limits)?;
        let refused = |reason| Unreplayable::Refused { policy, version, reason: Box::new(reason) };
        let loaded = Arc::new(ready.engine.load(&bytes).map_err(refused)?);
        ready.policies.insert(said.digest.clone(), loaded.clone());
        Ok(loaded)
    }

    /// The engine with these limits. Another's is given up: receipts of one host mostly have the same.
    fn ready(&mut self, limits: &RunLimits) -> Result<&mut Ready, Unreplayable> {
        let kept = self.ready.take().filter(|ready| ready.limits == *limits);
        let ready = match kept {
            Some(ready) => ready,
            None => Ready {
                limits: limits.clone(),
                engine: engine(limits, self.cache.clone())?,
                policies: HashMap::new(),
            },
        };
        Ok(self.ready.insert(ready))
    }
}

fn engine(limits: &RunLimits, cache: Option<PathBuf>) -> Result<Engine, Unreplayable> {
    let memory = usize::try_from(limits.memory).ok().filter(|_| limits.memory <= MEMORY);
    let memory = memory.ok_or_else(|| {
        Unreplayable::Engine(format!(
            "found {} bytes of memory, expected {MEMORY} at most",
            limits.memory
        ))
    })?;
    let limits = Limits {
        fuel: limits.fuel,
        deadline: DEADLINE,
        memory,
        // The host that made the receipt took it, whatever its size.
        component: usize::MAX,
        concurrent: 1,
    };
    Engine::new(limits, cache).map_err(|error| Unreplayable::Engine(format!("{error:#}")))
}

/// Whether a run that failed so may end otherwise on another day.
fn of_machine(cause: Cause) -> bool {
    matches!(cause, Cause::Deadline | Cause::Host)
}

/// The receipt with all that follows from its reads put in anew.
fn written_again<'a>(
    was: &Body<'a>,
    rulings: &'a [Ruling],
    fuel: bool,
) -> Result<Body<'a>, Uncanonical> {
    let voices: Vec<_> = rulings.iter().map(Ruling::voice).collect();
    let (lead, payer) = (was.lead.as_ref(), was.payer.as_ref());
    let mut combined = conclude(&was.combine.rule(), &voices, lead, payer);
    let payer = |body: &PurseBody| Payer {
        purse: body.purse.clone(),
        city: body.city.clone(),
        weight: body.weight,
    };
    let payers: Vec<_> = was.purses.iter().map(payer).collect();
    let parts = payment::parts(was.combine.award, &payers, &combined, rulings);
    let available: Vec<_> =
        was.purses.iter().map(|body| (body.purse.clone(), body.available)).collect();
    let withheld = withhold(&mut combined, &parts, &available);
    let part_of = |body: &PurseBody| {
        let part = parts.iter().find(|part| part.purse == body.purse);
        PurseBody { part: part.map_or(body.part, |part| part.awarded), ..body.clone() }
    };
    let granted = combined.outcome == Outcome::Eligible && withheld.is_none();
    let transfers = reserved(was.application.is_some(), granted, &parts);
    let purses = was.purses.iter().map(part_of).collect();
    let Combined { outcome, cause, award: whole, awards } = combined;
    let mut written: Vec<_> = rulings.iter().map(ruling).collect::<Result<_, _>>()?;
    for (again, said) in written.iter_mut().zip(&was.rulings).filter(|_| !fuel) {
        again.fuel = said.fuel;
    }
    Ok(Body {
        rulings: written,
        outcome,
        cause,
        award: whole.as_ref().map(award),
        awards: amounts(&awards),
        withheld,
        purses,
        transfers,
        ..was.clone()
    })
}
