//! All that can be done to an application after it was submitted.

use std::sync::Arc;

use concord_contract::language::Language;
use concord_contract::raw::Raw;
use concord_contract::{Date, Money, path};

use super::body::submitted;
use super::check::{beneficiaries, check};
use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, Handled, Request, purses, settle};
use crate::decide::Decision;
use crate::domain::application::{Application, Event, Move, State};
use crate::domain::case::{Case, CaseText};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::fault::Fault;
use crate::domain::ids::{AgreementId, ApplicationId};
use crate::domain::purse::{Purse, Transfer};
use crate::store::Unit;

/// Something to be done to an application.
#[derive(Clone, Debug)]
pub struct Action {
    /// What.
    pub what: Move,
    /// Who does it.
    pub by: String,
    /// A remark.
    pub note: Option<String>,
    /// To commit: the agreement that was signed.
    pub agreement: Option<AgreementId>,
    /// To pay: the instalment.
    pub amount: Option<Money>,
    /// To decide again: the case as it is known now.
    pub case: Option<Raw>,
    /// The language of the answer.
    pub language: Language,
}

const OK: u16 = 200;

impl Desk {
    /// Does something to an application: all or nothing, and once for each key.
    pub async fn act(
        &self,
        id: ApplicationId,
        action: Action,
        request: Request,
    ) -> Result<Handled, ApplyError> {
        let (desk, store) = (self.clone(), self.store.clone());
        let now = request.now;
        let done = in_unit(store.as_ref(), move |unit| desk.act_in(unit, &id, action, request));
        let (handled, freed) = done.await?;
        // What could not be offered with it, for it was too much for one unit.
        if !freed.is_empty() {
            self.offer_of(freed, now).await?;
        }
        Ok(handled)
    }

    fn act_in(
        &self,
        unit: &mut dyn Unit,
        id: &ApplicationId,
        action: Action,
        request: Request,
    ) -> Result<(Handled, Vec<Purse>), ApplyError> {
        if let Some(answer) = request.answered(unit)? {
            return Ok((Handled { answer, decision: None }, Vec::new()));
        }
        let found = unit.application(id)?;
        let mut application = found.ok_or_else(|| ApplyError::NotFound(id.to_string()))?;
        allow(&application, action.what)?;
        let done = Done {
            what: action.what,
            by: &action.by,
            note: action.note.as_deref(),
            at: request.now,
        };
        let waited = purses(&application.parts);
        let (application, decision, freed) = match action.what {
            Move::Decide => {
                let (application, decision) =
                    self.decide_again(unit, application, &action, &done)?;
                let now_for = purses(&application.parts);
                (application, Some(decision), [waited, now_for].concat())
            }
            _ => {
                let today = self.today(&application, unit.entities(), done.at);
                let transfers = moved(&mut application, &action, unit.entities(), today)?;
                let event = Event {
                    amount: action.amount.filter(|_| action.what == Move::Pay),
                    ..done.event(&application)
                };
                let application = Arc::new(application);
                unit.write(application.clone(), event, &transfers)?;
                let freed = released(&application, &transfers);
                (application, None, freed)
            }
        };
        // Others may have waited behind it, or for what it gives back.
        let more = self.offer(unit, &freed, done.at)?;
        let id = application.id.clone();
        let body = submitted(application, unit.entities(), decision.clone(), action.language);
        let answer = request.answer(unit, OK, id, action.language, body)?;
        Ok((Handled { answer, decision }, if more { freed } else { Vec::new() }))
    }

    /// Decides an application again, with what has become known.
    fn decide_again(
        &self,
        unit: &mut dyn Unit,
        mut application: Application,
        action: &Action,
        done: &Done<'_>,
    ) -> Result<(Arc<Application>, Arc<Decision>), ApplyError> {
        if let Some(raw) = &action.case {
            let case = Case::read(raw.clone()).map_err(ApplyError::Faults)?;
            if case.as_of.is_some() {
                let message = "found a date; an application keeps the one of its submission";
                return Err(ApplyError::Faults(vec![Fault::new(path!["as_of"], message)]));
            }
            let program = self.program(&application.program)?;
            let today = program.today(unit.entities(), done.at);
            let as_of = application.judged_on(&program.laid_down.applications, today);
            check(program, &case, unit.entities(), as_of)?;
            application.beneficiaries = beneficiaries(&case, unit.entities());
            application.case = CaseText::of(raw).map_err(ApplyError::internal)?;
        }
        let decision = self.decide(&application, unit.entities(), done.at)?;
        let transfers = settle(&mut application, &decision, unit, done.at)?;
        Ok((self.record(unit, application, &decision, &transfers, done)?, decision))
    }
}

/// Whether the state of an application lets somebody do this to it. What is released is offered by the host alone.
fn allow(application: &Application, asked: Move) -> Result<(), ApplyError> {
    let state = application.state;
    if asked != Move::Offer && state.moves().contains(&asked) {
        return Ok(());
    }
    Err(ApplyError::NotAllowed { asked, state })
}

fn moved(
    application: &mut Application,
    action: &Action,
    entities: &Entities,
    today: Date,
) -> Result<Vec<Transfer>, ApplyError> {
    let wrong =
        |key: &str, message: String| ApplyError::Faults(vec![Fault::new(path![key], message)]);
    match action.what {
        Move::Commit => {
            if let Some(last) = application.sign_by.filter(|last| *last < today) {
                return Err(ApplyError::TooLate { last, today });
            }
            if let Some(id) = &action.agreement {
                signed(id, entities, today).map_err(|message| wrong("agreement", message))?;
            }
            Ok(application.commit(action.agreement.clone()))
        }
        Move::Pay => {
            let amount = action.amount.ok_or_else(|| {
                wrong("amount", "found none, expected the amount of the instalment".to_owned())
            })?;
            let left = application.unpaid(amount.currency);
            application.pay(amount).ok_or_else(|| {
                let code = amount.currency.code();
                let message = format!(
                    "found {amount} {code}, expected more than nought and at most {left} {code}"
                );
                wrong("amount", message)
            })
        }
        Move::Close => Ok(application.end(State::Closed)),
        Move::Withdraw => Ok(application.end(State::Withdrawn)),
        Move::Lapse => Ok(application.end(State::Lapsed)),
        Move::Submit | Move::Decide | Move::Offer => Ok(Vec::new()),
    }
}

fn signed(id: &AgreementId, entities: &Entities, today: Date) -> Result<(), String> {
    match entities.get(EntityKind::Agreement, id.as_str()).map(AsRef::as_ref) {
        Some(Entity::Agreement(agreement)) if agreement.signed.is_some_and(|on| on <= today) => {
            Ok(())
        }
        Some(_) => Err(format!("found \"{id}\", which is not signed by {today}")),
        None => Err(format!("found \"{id}\", which is not among the agreements")),
    }
}

/// The purses that others may be waiting for: those that got something back, and those that this application no
/// longer stands before others for.
fn released(application: &Application, transfers: &[Transfer]) -> Vec<Purse> {
    let mut freed: Vec<_> =
        transfers.iter().filter(|one| one.releases()).map(|one| one.purse.clone()).collect();
    if application.state.moves().is_empty() && transfers.is_empty() {
        freed.extend(purses(&application.parts));
    }
    freed
}
