//! What is released is offered to the first that waits for it.

use jiff::Timestamp;

use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, HOST, settle};
use crate::domain::application::{Application, Move};
use crate::domain::entities::Entities;
use crate::domain::ids::ApplicationId;
use crate::domain::purse::Purse;
use crate::store::Unit;

/// How many are decided in one unit of work: others want their turn, too.
const TOGETHER: usize = 32;

impl Desk {
    /// Offers what these purses have to those that wait for it, in units of their own.
    pub async fn offer_of(&self, purses: Vec<Purse>, now: Timestamp) -> Result<(), ApplyError> {
        let mut more = true;
        while more {
            let (desk, store, purses) = (self.clone(), self.store.clone(), purses.clone());
            more = in_unit(store.as_ref(), move |unit| desk.offer(unit, &purses, now)).await?;
        }
        Ok(())
    }

    /// Decides the first that waits for one of these purses again, and the next, until one goes on waiting. Nobody
    /// is passed over. Says whether there may be more to offer.
    pub(super) fn offer(
        &self,
        unit: &mut dyn Unit,
        purses: &[Purse],
        now: Timestamp,
    ) -> Result<bool, ApplyError> {
        let mut decided = 0;
        for purse in purses {
            let waiting = unit.entities().books().waiting(std::slice::from_ref(purse));
            let waiting: Vec<ApplicationId> =
                waiting.map(|(_, id)| id.clone()).take(TOGETHER).collect();
            for id in waiting {
                match self.offer_to(unit, &id, now)? {
                    Offered::Taken => decided += 1,
                    Offered::Passed => {}
                    Offered::Waits => break,
                }
                if decided >= TOGETHER {
                    return Ok(true);
                }
            }
        }
        Ok(decided > 0)
    }

    fn offer_to(
        &self,
        unit: &mut dyn Unit,
        id: &ApplicationId,
        now: Timestamp,
    ) -> Result<Offered, ApplyError> {
        let found = unit.application(id)?;
        let mut application = found.ok_or_else(|| ApplyError::NotFound(id.to_string()))?;
        let decision = match self.decide(&application, unit.entities(), now) {
            Ok(decision) => decision,
            // Its program or entities are gone: somebody must look at it, and the others go on.
            Err(ApplyError::Faults(_) | ApplyError::Gone(_)) => return Ok(Offered::Passed),
            Err(error) => return Err(error),
        };
        if decision.withheld.is_some() || self.wants_more(&application, &decision, unit, now)? {
            return Ok(Offered::Waits);
        }
        let transfers = settle(&mut application, &decision, unit, now)?;
        let done = Done { what: Move::Offer, by: HOST, note: None, at: now };
        self.record(unit, application, &decision, &transfers, &done)?;
        Ok(Offered::Taken)
    }

    /// Whether it would be granted more if there were enough: nobody waits for a remainder.
    fn wants_more(
        &self,
        application: &Application,
        decision: &crate::decide::Decision,
        unit: &dyn Unit,
        now: Timestamp,
    ) -> Result<bool, ApplyError> {
        let purses = super::purses(&decision.parts);
        let mut plenty = Entities::clone(unit.entities());
        *plenty.books_mut() = unit.entities().books().with_plenty(&purses);
        let wanted = self.decide(application, &plenty, now)?;
        Ok(wanted.parts != decision.parts)
    }
}

/// What came of an offer.
enum Offered {
    /// It no longer waits.
    Taken,
    /// It waits for somebody to look at it.
    Passed,
    /// It waits for more.
    Waits,
}
