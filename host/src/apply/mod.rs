//! Applications: decided, recorded with a receipt, and their money moved, all of it or nothing.
//!
//! A [`Desk`] takes requests. Each is a unit of work of the store: it sees everything that was committed before
//! it and nothing that comes after, so that first come is first served in the order of commits. `submit` takes
//! an application in, `act` is all that can be done to one, `offer` gives what is released to the first that
//! waits for it, `sweep` does what the passing of days does. `record` writes decisions down.

mod act;
mod body;
mod check;
mod error;
mod offer;
mod record;
mod request;
mod submit;
mod sweep;
mod unit;

use std::sync::Arc;

use concord_contract::Date;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::decide::{Decision, Program, Programs};
use crate::domain::application::{Application, Part};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::domain::outcome::Outcome;
use crate::domain::purse::{Purse, Transfer};
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

    /// What day it is for an application: where its program is run, or by UTC where it is gone.
    fn today(&self, application: &Application, entities: &Entities, now: Timestamp) -> Date {
        let program = self.programs.get(&application.program);
        program.map_or_else(
            || now.to_zoned(TimeZone::UTC).date(),
            |program| program.today(entities, now),
        )
    }

    /// Decides an application with the books as they are for it: what others before it wait for is not there.
    fn decide(
        &self,
        application: &Application,
        entities: &Entities,
        now: Timestamp,
    ) -> Result<Arc<Decision>, ApplyError> {
        self.decide_case(application, &application.case()?, entities, now)
    }

    /// The same with the application's case, where it has been read.
    fn decide_case(
        &self,
        application: &Application,
        case: &Case,
        entities: &Entities,
        now: Timestamp,
    ) -> Result<Arc<Decision>, ApplyError> {
        let program = self.program(&application.program)?;
        let today = program.today(entities, now);
        let as_of = application.judged_on(&program.laid_down.applications, today);
        let decide = |entities: &Entities| {
            let decided = self.programs.decide_knowing(program, case, as_of, today, entities);
            decided.map(Arc::new).map_err(ApplyError::Faults)
        };
        let decision = decide(entities)?;
        let purses = purses(&decision.parts);
        let first = entities.books().waiting(&purses).next();
        if first.is_none_or(|(sequence, _)| sequence >= application.sequence) {
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

/// What a decision makes of an application: it is reserved, waits, or is refused. Gives the transfers. What no purse
/// stands behind is never reserved.
fn settle(
    application: &mut Application,
    decision: &Decision,
    unit: &dyn Unit,
    now: Timestamp,
) -> Result<Vec<Transfer>, ApplyError> {
    let laid_down = &decision.program.laid_down;
    application.outcome = decision.outcome;
    match decision.outcome {
        Outcome::Eligible if decision.withheld.is_some() => {
            application.wait(decision.parts.clone());
            Ok(Vec::new())
        }
        Outcome::Eligible if !decision.funded() => Err(ApplyError::TakesNone(format!(
            "{} awards something that no fund or voucher on record pays",
            laid_down.id
        ))),
        Outcome::Eligible => {
            let today = decision.program.today(unit.entities(), now);
            Ok(application.reserve(decision.parts.clone(), today, &laid_down.applications))
        }
        Outcome::Ineligible => Ok(application.refuse()),
        Outcome::Undetermined => Ok(application.pend()),
    }
}
