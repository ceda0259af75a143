//! Layer 3: runs one policy on one dossier, in a fresh, sealed instance.
//!
//! `load` turns bytes into a [`Policy`] or refuses them with a reason. [`Engine::run`] makes an instance,
//! lets it pull facts and push clauses through the interfaces (`dossier`, `ruling`, `registry` and the one
//! of its kind, a file each), and gives back the [`Report`]. It folds nothing, knows no program and no
//! store, and never reads a clock.

mod cache;
mod grants;
mod limits;
mod load;
mod pool;
mod report;
mod state;

mod dossier;
mod funding;
mod matching;
mod registry;
mod ruling;
mod selection;
mod talent;
mod voucher;
mod wit;

use std::path::PathBuf;
use std::sync::Arc;

use concord_contract::Kind;
use wasmtime::component::Linker;

pub use cache::Cache;
pub use dossier::{Dossier, Slot};
pub use limits::Limits;
pub use load::{LoadError, Policy};
pub use report::{Cause, ClauseReport, Failure, Grant, Read, Report};

use limits::Ticker;
use state::State;

/// The version of wasmtime that runs the policies. The same one counts fuel alike on every machine.
pub const VERSION: &str = wasmtime_environ::VERSION;

/// Runs policies. A process needs only one; it owns the one epoch ticker.
pub struct Engine {
    wasmtime: wasmtime::Engine,
    linkers: [Linker<State>; 5],
    limits: Limits,
    cache: Option<Cache>,
    _ticker: Ticker,
}

impl Engine {
    /// An engine with these limits, which keeps compiled policies in `cache` if one is given.
    pub fn new(limits: Limits, cache: Option<PathBuf>) -> wasmtime::Result<Engine> {
        let wasmtime = wasmtime::Engine::new(&pool::config(&limits))?;
        let mut linkers = Vec::new();
        for kind in Kind::ALL {
            linkers.push(wit::linker(&wasmtime, kind)?);
        }
        let linkers = linkers.try_into().map_err(|_| wasmtime::Error::msg("five kinds"))?;
        let cache = cache.and_then(|folder| Cache::open(folder, &wasmtime));
        let ticker = Ticker::start(&wasmtime)?;
        Ok(Engine { wasmtime, linkers, limits, cache, _ticker: ticker })
    }

    /// The limits that every run is held to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Makes a policy of a component's bytes, or says why not.
    pub fn load(&self, bytes: &[u8]) -> Result<Policy, LoadError> {
        load::load(self, bytes)
    }

    /// Runs a policy on a dossier, in an instance of its own.
    ///
    /// It always gives a report: what went wrong stands in [`Report::failure`].
    #[must_use]
    pub fn run(&self, policy: &Policy, dossier: Arc<Dossier>) -> Report {
        let state = State::new(policy.tables.clone(), dossier, &self.limits);
        let mut store = wasmtime::Store::new(&self.wasmtime, state);
        let outcome = self.call(policy, &mut store);
        let fuel = self.limits.fuel - store.get_fuel().unwrap_or(self.limits.fuel);
        let mut report = store.into_data().into_report();
        report.fuel = fuel;
        report.failure = outcome.err();
        report
    }

    fn call(&self, policy: &Policy, store: &mut wasmtime::Store<State>) -> Result<(), Failure> {
        let not_run = |error: wasmtime::Error| {
            let detail = format!("the policy could not be run: {error}");
            Failure::of(&error).unwrap_or_else(|| Failure::new(Cause::Host, detail))
        };
        // Once it runs, what is neither a failure nor a trap is a value that the contract does not have.
        let broken = |error: wasmtime::Error| {
            let detail = format!("the policy broke the contract: {error}");
            Failure::of(&error).unwrap_or_else(|| Failure::new(Cause::Trap, detail))
        };
        store.limiter(|state| state.limiter());
        store.set_fuel(self.limits.fuel).map_err(not_run)?;
        store.set_epoch_deadline(self.limits.ticks());
        let instance = policy.ready.instantiate(&mut *store).map_err(not_run)?;
        let decide =
            instance.get_typed_func::<(), ()>(&mut *store, policy.decide).map_err(not_run)?;
        decide.call(&mut *store, ()).map_err(broken)
    }

    fn linker(&self, kind: Kind) -> Option<&Linker<State>> {
        self.linkers.get(kind as usize)
    }
}
