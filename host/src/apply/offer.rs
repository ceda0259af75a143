//! What is released is offered to the first that waits for it.

use jiff::Timestamp;

use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, HOST, settle};
use crate::domain::application::Move;
use crate::domain::purse::Purse;
use crate::store::Unit;

impl Desk {
    /// Offers what these purses have to those that wait for it, as a unit of its own.
    pub async fn offer_of(&self, purses: Vec<Purse>, now: Timestamp) -> Result<(), ApplyError> {
        let (desk, store) = (self.clone(), self.store.clone());
        in_unit(store.as_ref(), move |unit| {
            Box::pin(async move { desk.offer(unit, &purses, now).await })
        })
        .await
    }

    /// Decides the first that waits for one of these purses again, and the next, until one goes on waiting. Nobody
    /// is passed over.
    pub(super) async fn offer(
        &self,
        unit: &mut dyn Unit,
        purses: &[Purse],
        now: Timestamp,
    ) -> Result<(), ApplyError> {
        for purse in purses {
            loop {
                let first = unit.entities().books().waiting(std::slice::from_ref(purse)).next();
                let Some(id) = first.cloned() else { break };
                if self.goes_on_waiting(unit, &id, now).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn goes_on_waiting(
        &self,
        unit: &mut dyn Unit,
        id: &crate::domain::ids::ApplicationId,
        now: Timestamp,
    ) -> Result<bool, ApplyError> {
        let found = unit.application(id).await?;
        let mut application = found.ok_or_else(|| ApplyError::NotFound(id.to_string()))?;
        let decision = match self.decide(&application, unit.entities(), now) {
            Ok(decision) => decision,
            // Its rules or its entities are gone: it waits for somebody to look at it, and nobody behind it is
            // served out of turn.
            Err(ApplyError::Faults(_) | ApplyError::Gone(_)) => return Ok(true),
            Err(error) => return Err(error),
        };
        let waited = application.parts.clone();
        let transfers = settle(&mut application, &decision, unit, now);
        if application.waiting {
            application.parts = waited;
            return Ok(true);
        }
        let done = Done { what: Move::Offer, by: HOST, note: None, at: now };
        self.record(unit, &mut application, &decision, &transfers, &done).await?;
        Ok(false)
    }
}
