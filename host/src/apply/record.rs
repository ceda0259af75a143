//! Decisions are written down: a receipt, signed and chained, with the event that it belongs to.

use std::sync::Arc;

use jiff::Timestamp;

use super::{ApplyError, Desk};
use crate::decide::Decision;
use crate::decide::receipt::{self, Context, Receipt};
use crate::domain::application::{Application, Event, Move};
use crate::domain::ids::DecisionId;
use crate::domain::purse::Transfer;
use crate::keys::Keys;
use crate::store::{Draft, Paper, Sign, Unit};

impl Desk {
    /// Records a decision of an application, the application as it is now, and the transfers. The receipt is written
    /// when it is known which one it follows.
    pub(super) fn record(
        &self,
        unit: &mut dyn Unit,
        mut application: Application,
        decision: &Arc<Decision>,
        transfers: &[Transfer],
        done: &Done<'_>,
    ) -> Result<Arc<Application>, ApplyError> {
        let program = application.program.clone();
        let number = unit.next_decision(&program)?;
        let id = DecisionId::of(&program, number).map_err(ApplyError::internal)?;
        let (decision, of) = (decision.clone(), application.id.clone());
        let (text, decided) = (id.to_string(), done.at);
        let write = move |previous| {
            let application = Some(of.to_string());
            let context = Context { id: text, number, previous, application, decided };
            let Receipt { body, digest } = receipt::write(&decision, &context)?;
            Ok(Paper { receipt: body, digest })
        };
        application.decision = id;
        let (of, write, signer) = (application.sequence, Box::new(write), self.keys.clone());
        unit.record(Draft { program, number, application: of, write, signer })?;
        let event =
            Event { decision: Some(application.decision.clone()), ..done.event(&application) };
        let application = Arc::new(application);
        unit.write(application.clone(), event, transfers)?;
        Ok(application)
    }
}

impl Sign for Keys {
    fn sign(&self, digests: &[&str]) -> String {
        Keys::sign(self, digests)
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
