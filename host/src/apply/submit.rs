//! Takes an application in.

use concord_contract::language::Language;
use concord_contract::raw::Raw;
use concord_contract::{Kind, Subject, path};

use super::body::{ApplicationBody, Submitted};
use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, Request, settle};
use crate::decide::explain::explain;
use crate::decide::overridden;
use crate::decide::{Decision, Program};
use crate::domain::application::{Application, Beneficiary, Move, State};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::fault::Fault;
use crate::domain::ids::ProgramId;
use crate::domain::outcome::Outcome;
use crate::store::{Answer, Unit};

/// An application as it comes in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The program.
    pub program: ProgramId,
    /// The case, as it came.
    pub case: Raw,
    /// Who submits it.
    pub by: String,
    /// The language of the answer.
    pub language: Language,
}

/// What came of a request.
#[derive(Debug)]
pub struct Handled {
    /// What is answered.
    pub answer: Answer,
    /// How it was decided; nothing where it was answered before, or there was nothing to decide.
    pub decision: Option<Decision>,
}

/// The status of an answer to what was created.
const CREATED: u16 = 201;

impl Desk {
    /// Decides an application, records the receipt and reserves the award: all or nothing, and once for each key.
    pub async fn submit(
        &self,
        submission: Submission,
        request: Request,
    ) -> Result<Handled, ApplyError> {
        let (desk, store) = (self.clone(), self.store.clone());
        in_unit(store.as_ref(), move |unit| {
            Box::pin(async move { desk.submit_in(unit, submission, request).await })
        })
        .await
    }

    async fn submit_in(
        &self,
        unit: &mut dyn Unit,
        submission: Submission,
        request: Request,
    ) -> Result<Handled, ApplyError> {
        if let Some(answer) = request.answered(unit).await? {
            return Ok(Handled { answer, decision: None });
        }
        let program = self.program(&submission.program)?;
        takes_applications(program)?;
        let case = Case::read(submission.case.clone()).map_err(ApplyError::Faults)?;
        let today = program.today(unit.entities(), request.now);
        check(program, &case, unit.entities(), today)?;
        let (sequence, number) = unit.next(&submission.program).await?;
        let id = format!("{}-a{number}", submission.program);
        let mut application = Application {
            id: id.parse().map_err(ApplyError::internal)?,
            program: submission.program,
            sequence,
            number,
            state: State::Submitted,
            submitted: today,
            at: request.now,
            case: submission.case,
            // Set as soon as it is made, before anything is written.
            decision: id.parse().map_err(ApplyError::internal)?,
            outcome: Outcome::Undetermined,
            waiting: false,
            parts: Vec::new(),
            reserved: None,
            sign_by: None,
            agreement: None,
            beneficiaries: beneficiaries(&case, unit.entities()),
        };
        let decision = self.decide(&application, unit.entities(), request.now)?;
        let transfers = settle(&mut application, &decision, unit, request.now);
        let done = Done { what: Move::Submit, by: &submission.by, note: None, at: request.now };
        self.record(unit, &mut application, &decision, &transfers, &done).await?;
        let body = Submitted {
            application: ApplicationBody::of(&application, unit.entities()),
            decided: Some(explain(&decision, submission.language)),
        };
        let answer = request.answer(unit, CREATED, &body).await?;
        Ok(Handled { answer, decision: Some(decision) })
    }
}

/// Rounds and matches have their own ways in.
fn takes_applications(program: &Program) -> Result<(), ApplyError> {
    let (id, kind) = (&program.laid_down.id, program.laid_down.kind);
    match kind {
        Kind::Funding | Kind::Voucher | Kind::Talent => Ok(()),
        Kind::Selection => {
            Err(ApplyError::TakesNone(format!("{id} takes entries in rounds, and no applications")))
        }
        Kind::Matching => Err(ApplyError::TakesNone(format!(
            "{id} matches supply to demand, and takes no applications"
        ))),
    }
}

/// An application is judged on the day that it comes, by what is on record.
fn check(
    program: &Program,
    case: &Case,
    entities: &Entities,
    today: concord_contract::Date,
) -> Result<(), ApplyError> {
    if let Some(as_of) = case.as_of.filter(|as_of| *as_of != today) {
        let message = format!(
            "found {as_of}; an application is judged on the day that it is submitted, which is {today}"
        );
        return Err(ApplyError::Faults(vec![Fault::new(path!["as_of"], message)]));
    }
    let edition = program.edition(today).map_err(|fault| ApplyError::Faults(vec![fault]))?;
    let overridden = overridden(case, edition, entities);
    if !overridden.is_empty() {
        return Err(ApplyError::Overridden(overridden));
    }
    if program.laid_down.kind == Kind::Voucher && program.laid_down.fund.is_none() {
        let named = case.items(Subject::Voucher).unwrap_or_default().first();
        if named.is_none_or(|item| item.id.is_none()) {
            let message = "found no id; a voucher that is redeemed must be on record";
            return Err(ApplyError::Faults(vec![Fault::new(path!["voucher", "id"], message)]));
        }
    }
    Ok(())
}

/// Whom an award is on record of: a voucher's holder; else everyone that the case names, and the project.
fn beneficiaries(case: &Case, entities: &Entities) -> Vec<Beneficiary> {
    let ids = |subject: Subject| {
        let items = case.items(subject).unwrap_or_default();
        items.iter().filter_map(|item| item.id.as_deref()).collect::<Vec<_>>()
    };
    let voucher =
        ids(Subject::Voucher).first().and_then(|id| entities.get(EntityKind::Voucher, id));
    if let Some(Entity::Voucher(voucher)) = voucher.map(AsRef::as_ref) {
        return vec![Beneficiary::of(EntityKind::Organisation, voucher.holder.as_str())];
    }
    let subjects = [Subject::Project, Subject::Parties, Subject::Talent];
    let all = subjects.into_iter().flat_map(|subject| {
        ids(subject).into_iter().map(move |id| Beneficiary::of(EntityKind::behind(subject), id))
    });
    all.collect()
}
