//! Takes an application in.

use std::sync::Arc;

use concord_contract::language::Language;
use concord_contract::path;
use concord_contract::raw::Raw;

use super::body::submitted;
use super::check::{beneficiaries, check, takes_applications};
use super::record::Done;
use super::unit::in_unit;
use super::{ApplyError, Desk, Request, settle};
use crate::decide::Decision;
use crate::domain::application::{Application, Move, State};
use crate::domain::case::{Case, CaseText};
use crate::domain::fault::Fault;
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId};
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

/// An application that has been read.
struct Incoming {
    program: ProgramId,
    text: CaseText,
    case: Arc<Result<Case, Vec<Fault>>>,
    by: String,
    language: Language,
}

/// What came of a request.
#[derive(Debug)]
pub struct Handled {
    /// What is answered.
    pub answer: Answer,
    /// How it was decided; nothing where it was answered before, or there was nothing to decide.
    pub decision: Option<Arc<Decision>>,
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
        let Submission { program, case, by, language } = submission;
        let text = CaseText::of(&case).map_err(ApplyError::internal)?;
        // It is read here, and let go of here, so that the units before which others wait have less to do.
        let case = Arc::new(Case::read(case));
        let incoming = Incoming { program, text, case: case.clone(), by, language };
        let (desk, store) = (self.clone(), self.store.clone());
        in_unit(store.as_ref(), move |unit| desk.submit_in(unit, incoming, request)).await
    }

    fn submit_in(
        &self,
        unit: &mut dyn Unit,
        incoming: Incoming,
        request: Request,
    ) -> Result<Handled, ApplyError> {
        if let Some(answer) = request.answered(unit)? {
            return Ok(Handled { answer, decision: None });
        }
        let program = self.program(&incoming.program)?;
        takes_applications(program)?;
        let case = incoming.case.as_ref().as_ref();
        let case = case.map_err(|faults| ApplyError::Faults(faults.clone()))?;
        let today = program.today(unit.entities(), request.now);
        if let Some(as_of) = case.as_of.filter(|as_of| *as_of != today) {
            let message = format!(
                "found {as_of}; an application is judged on the day that it is submitted, which is {today}"
            );
            return Err(ApplyError::Faults(vec![Fault::new(path!["as_of"], message)]));
        }
        check(program, case, unit.entities(), today)?;
        let (sequence, number) = unit.next(&incoming.program)?;
        let id = ApplicationId::of(&incoming.program, number).map_err(ApplyError::internal)?;
        // The one that is about to be made.
        let decision = unit.next_decision(&incoming.program)?;
        let decision = DecisionId::of(&incoming.program, decision).map_err(ApplyError::internal)?;
        let mut application = Application {
            id,
            program: incoming.program,
            sequence,
            number,
            state: State::Submitted,
            submitted: today,
            at: request.now,
            case: incoming.text,
            decision,
            outcome: Outcome::Undetermined,
            waiting: false,
            parts: Vec::new(),
            reserved: None,
            sign_by: None,
            agreement: None,
            beneficiaries: beneficiaries(case, unit.entities()),
        };
        let decision = self.decide_case(&application, case, unit.entities(), request.now)?;
        let transfers = settle(&mut application, &decision, unit, request.now)?;
        let done = Done { what: Move::Submit, by: &incoming.by, note: None, at: request.now };
        let application = self.record(unit, application, &decision, &transfers, &done)?;
        let id = application.id.clone();
        let decided = Some(decision.clone());
        let body = submitted(application, unit.entities(), decided, incoming.language);
        let answer = request.answer(unit, CREATED, id, incoming.language, body)?;
        Ok(Handled { answer, decision: Some(decision) })
    }
}
