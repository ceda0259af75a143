//! Layer 1: bytes ⇄ domain.
//!
//! [`router()`] has every route, a line each; `middleware` what stands around them; [`problem`] every error.
//! A handler extracts, calls down and encodes; it decides nothing. What is logged is said in `middleware`.
//!
//! Routes are plural nouns under `/v1`, with the singular for the id: `/v1/programs/{program}`. What is done
//! to one is a verb behind it: `/v1/programs/{program}/check`. A new route has an entry in the OpenAPI
//! document, which comes from its handler.

mod middleware;
mod router;
mod serve;

pub mod problem;

mod conditions;
pub mod extract;
pub mod language;
pub mod list;
pub mod metrics;

mod action;
mod application;
mod balance;
pub mod batch;
mod check;
mod decision;
mod docs;
mod entity;
mod health;
mod matches;
mod matrix;
mod nouns;
mod policy;
mod progress;
mod round;

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use crate::apply::Desk;
use crate::decide::{Program, Programs};
use crate::domain::ids::ProgramId;
use crate::keys::Keys;
use crate::store::Store;
use problem::Problem;

pub use middleware::around;
pub use router::{document, router};
pub use serve::{serve, serve_routes};

/// Where the time is read: handed in, so that a test can set it.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// What the handlers work with. A copy is cheap, and is the same.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    /// Who judges parts of batches: as many at once as there are cores, however many batches there are. The
    /// engine has room for so many runs and no more, and checks need some of it.
    turns: Arc<Semaphore>,
}

/// The parts of an [`App`].
pub struct Parts {
    /// Where entities are kept.
    pub store: Arc<dyn Store>,
    /// The programs, once their policies are loaded.
    pub programs: Arc<OnceLock<Arc<Programs>>>,
    /// The host's keys.
    pub keys: Arc<Keys>,
    /// The folder of policies, where receipts find theirs.
    pub policies: PathBuf,
    /// The folder of compiled policies.
    pub cache: PathBuf,
    /// What time it is.
    pub clock: Clock,
    /// What was counted.
    pub metrics: PrometheusHandle,
}

impl App {
    /// The programs, and one of them; a problem while they are not loaded, or where there is none.
    fn program(&self, id: &ProgramId) -> Result<(&Arc<Programs>, &Arc<Program>), Problem> {
        let programs = self.programs.get().ok_or_else(check::not_ready)?;
        let none = || Problem::not_found(format!("There is no program with the id \"{id}\"."));
        Ok((programs, programs.get(id).ok_or_else(none)?))
    }
}

impl App {
    /// Where applications are dealt with; a problem while the policies are not loaded.
    fn desk(&self) -> Result<Desk, Problem> {
        let programs = self.programs.get().ok_or_else(check::not_ready)?.clone();
        Ok(Desk { store: self.store.clone(), programs, keys: self.keys.clone() })
    }
}

impl From<Parts> for App {
    fn from(parts: Parts) -> App {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        App { parts: Arc::new(parts), turns: Arc::new(Semaphore::new(cores)) }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}
