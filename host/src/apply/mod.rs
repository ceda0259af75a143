//! Applications: decided, recorded with a receipt, and their money moved, all of it or nothing.
//!
//! A [`Desk`] takes requests. Each is a unit of work of the store: it sees everything that was committed before
//! it and nothing that comes after, so that first come is first served in the order of commits. `submit` takes
//! an application in, `act` is all that can be done to one, `offer` gives what is released to the first that
//! waits for it, `sweep` does what the passing of days does. `record` writes decisions down.

mod act;
mod body;
mod error;
mod offer;
mod record;
mod request;
mod submit;
mod sweep;
mod unit;

use std::sync::Arc;

use jiff::Timestamp;

use crate::decide::{Decision, Program, Programs};
use crate::domain::application::{Application, Part};
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::domain::outcome::Outcome;
use crate::domain::purse::Purse;
use crate::keys::Keys;
use crate::store::{Store, Unit};

pub use act::Action;
pub use body::{ApplicationBody, BothRules, HistoryBody, Submitted, Waiting, both_rules};
pub use error::ApplyError;
pub use request::{Request, digest};
pub use submit::{Handled, Submission};
pub use sweep::Swept;

/// Who acts where nobody asked.
pub const HOST: &str = "host";

/// Where applications are dealt with.
#[derive(Clone)]
pub struct Desk {
    /// Where everything is recorded.
    pub store: Arc<dyn Store>,
    /// What decides.
    pub programs: Arc<Programs>,
    /// What receipts are signed with.
    pub keys: Arc<Keys>,
}

impl Desk {
    fn program(&self, id: &ProgramId) -> Result<&Arc<Program>, ApplyError> {
        let gone = || ApplyError::Gone(format!("the program \"{id}\" is no longer laid down"));
        self.programs.get(id).ok_or_else(gone)
    }

    /// Decides an application with the books as they are for it: what others before it wait for is not there.
    fn decide(
        &self,
        application: &Application,
        entities: &Entities,
        now: Timestamp,
    ) -> Result<Decision, ApplyError> {
        let program = self.program(&application.program)?;
        let today = program.today(entities, now);
        let case = application.case()?;
        let as_of = application.judged_on(&program.laid_down.applications, today);
        let decide = |entities: &Entities| {
            let decided = self.programs.decide_knowing(program, &case, as_of, today, entities);
            decided.map_err(ApplyError::Faults)
        };
        let decision = decide(entities)?;
        let purses = purses(&decision.parts);
        let first = entities.books().waiting(&purses).next();
        if first.is_none_or(|first| *first == application.id) {
            return Ok(decision);
        }
        let mut queued = entities.clone();
        *queued.books_mut() = entities.books().without(&purses);
        decide(&queued)
    }
}

fn purses(parts: &[Part]) -> Vec<Purse> {
    parts.iter().map(|part| part.purse.clone()).collect()
}

/// What a decision makes of an application: it is reserved, waits, or is refused. Gives the transfers.
fn settle(
    application: &mut Application,
    decision: &Decision,
    unit: &dyn Unit,
    now: Timestamp,
) -> Vec<crate::domain::purse::Transfer> {
    let program = &decision.program;
    let today = program.today(unit.entities(), now);
    application.outcome = decision.outcome;
    match decision.outcome {
        Outcome::Eligible if decision.withheld.is_some() => {
            application.wait(decision.parts.clone());
            Vec::new()
        }
        Outcome::Eligible => {
            let rules = &program.laid_down.applications;
            application.reserve(decision.parts.clone(), today, rules)
        }
        Outcome::Ineligible => application.refuse(),
        Outcome::Undetermined => application.pend(),
    }
}
