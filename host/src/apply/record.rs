//! Decisions are written down: a receipt, signed and chained, with the event that it belongs to.

use jiff::Timestamp;

use super::{ApplyError, Desk};
use crate::decide::Decision;
use crate::decide::receipt::{self, Context};
use crate::domain::application::{Application, Event, Move};
use crate::domain::purse::Transfer;
use crate::store::{DecisionRecord, Link, Unit};

impl Desk {
    /// Records a decision of an application, the application as it is now, and the transfers.
    pub(super) async fn record(
        &self,
        unit: &mut dyn Unit,
        application: &mut Application,
        decision: &Decision,
        transfers: &[Transfer],
        done: &Done<'_>,
    ) -> Result<(), ApplyError> {
        let program = application.program.clone();
        let previous = unit.newest_decision(&program).await?;
        let number = previous.as_ref().map_or(1, |link| link.number + 1);
        let id = format!("{program}-d{number}");
        let context = Context {
            id: id.clone(),
            number,
            previous: previous.map(|link| link.digest),
            application: Some(application.id.to_string()),
            decided: done.at,
        };
        let receipt = receipt::write(decision, &context).map_err(ApplyError::internal)?;
        let signature = self.keys.sign(receipt.body.as_bytes());
        application.decision = id.parse().map_err(ApplyError::internal)?;
        unit.record(&DecisionRecord {
            id: application.decision.clone(),
            program,
            link: Link { number, digest: receipt.digest },
            application: application.id.clone(),
            receipt: receipt.body,
            signature,
        })
        .await?;
        let event =
            Event { decision: Some(application.decision.clone()), ..done.event(application) };
        unit.write(application, &event, transfers).await?;
        Ok(())
    }
}

/// What is done, by whom and when.
pub(super) struct Done<'a> {
    pub(super) what: Move,
    pub(super) by: &'a str,
    pub(super) note: Option<&'a str>,
    pub(super) at: Timestamp,
}

impl Done<'_> {
    /// The event of it, with the application as it is now.
    pub(super) fn event(&self, application: &Application) -> Event {
        Event {
            what: self.what,
            state: application.state,
            at: self.at,
            by: self.by.to_owned(),
            decision: None,
            amount: None,
            note: self.note.map(str::to_owned),
        }
    }
}
