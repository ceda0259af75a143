//! What the passing of days does: reservations lapse, and what is left on vouchers expires.

use std::sync::Arc;

use jiff::Timestamp;

use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, HOST, purses};
use crate::domain::application::{Move, State};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::ApplicationId;
use crate::domain::purse::{Purse, Stage, Transfer};
use crate::store::{ApplicationFilter, Page, Posting, Unit};

/// How many applications are looked at together.
const PAGE: u32 = 500;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Reservations that lapsed.
    pub lapsed: usize,
    /// Vouchers of which something expired.
    pub expired: usize,
}

impl Desk {
    /// Lets lapse what was not signed in time, and expire what is left on vouchers after their last day.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, ApplyError> {
        let mut swept = Swept::default();
        let programs: Vec<_> = self.programs.all().cloned().collect();
        for program in programs {
            let today = program.today(&self.store.entities(), now);
            let filter = ApplicationFilter { state: Some(State::Reserved) };
            let mut page = Page { after: None, limit: PAGE };
            loop {
                let (found, next) =
                    self.store.applications(&program.laid_down.id, &filter, &page).await?;
                let late = |last: concord_contract::Date| last < today;
                for application in found.iter().filter(|one| one.sign_by.is_some_and(late)) {
                    swept.lapsed += usize::from(self.lapse(application.id.clone(), now).await?);
                }
                if next.is_none() {
                    break;
                }
                page.after = next;
            }
        }
        swept.expired = self.expire(now).await?;
        // Whatever kept an offer from being made, it is made now.
        self.offer_of(self.store.entities().books().waited_for(), now).await?;
        Ok(swept)
    }

    async fn lapse(&self, id: ApplicationId, now: Timestamp) -> Result<bool, ApplyError> {
        let (desk, store) = (self.clone(), self.store.clone());
        in_unit(store.as_ref(), move |unit| desk.lapse_in(unit, &id, now)).await
    }

    fn lapse_in(
        &self,
        unit: &mut dyn Unit,
        id: &ApplicationId,
        now: Timestamp,
    ) -> Result<bool, ApplyError> {
        let Some(mut application) = unit.application(id)? else { return Ok(false) };
        if application.state != State::Reserved {
            return Ok(false);
        }
        let freed = purses(&application.parts);
        let transfers = application.end(State::Lapsed);
        let done = Done { what: Move::Lapse, by: HOST, note: None, at: now };
        let event = done.event(&application);
        unit.write(Arc::new(application), event, &transfers)?;
        self.offer(unit, &freed, now)?;
        Ok(true)
    }

    async fn expire(&self, now: Timestamp) -> Result<usize, ApplyError> {
        let store = self.store.clone();
        in_unit(store.as_ref(), move |unit| expire_in(unit, now)).await
    }
}

fn expire_in(unit: &mut dyn Unit, now: Timestamp) -> Result<usize, ApplyError> {
    let entities = unit.entities().clone();
    let mut transfers = Vec::new();
    for entity in entities.all(EntityKind::Voucher) {
        let Entity::Voucher(voucher) = entity.as_ref() else { continue };
        let zone = entities.city(voucher.city.as_str()).map(|city| city.time_zone.clone());
        let zone = zone.and_then(|zone| jiff::tz::TimeZone::get(&zone).ok());
        let today = now.to_zoned(zone.unwrap_or(jiff::tz::TimeZone::UTC)).date();
        let held = entities.books().held(&voucher.id);
        if let Some(held) = held.filter(|_| voucher.expires < today) {
            let purse = Purse::Voucher(voucher.id.clone());
            transfers.extend(Transfer::of(&purse, Stage::Available, Stage::Expired, held));
        }
    }
    if !transfers.is_empty() {
        let (by, what) = (HOST, "expire");
        unit.post(&Posting { at: now, by, what, transfers: &transfers })?;
    }
    Ok(transfers.len())
}
