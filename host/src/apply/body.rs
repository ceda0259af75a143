//! The shape of an application that is written out.

use std::sync::Arc;

use concord_contract::Date;
use concord_contract::language::Language;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApplyError, purses};
use crate::decide::body::DecisionBody;
use crate::decide::explain::explain;
use crate::decide::{Decision, Program, Programs};
use crate::domain::application::{Application, Event, Move, Part, State};
use crate::domain::books::Books;
use crate::domain::entities::Entities;
use crate::domain::json;
use crate::domain::outcome::Outcome;
use crate::domain::program::Transition;
use crate::store::Text;

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Application)]
pub struct ApplicationBody<'a> {
    /// Its id.
    pub application: &'a str,
    /// The program.
    pub program: &'a str,
    /// How far it has come.
    pub state: State,
    /// The day on which it was submitted.
    #[schema(value_type = String, format = Date)]
    pub submitted: String,
    /// What was decided last.
    pub outcome: Outcome,
    /// The newest decision.
    pub decision: &'a str,
    /// Its place among those that wait for money, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// What it is awarded, by who pays it.
    #[serde(skip_serializing_if = "<[Part]>::is_empty")]
    pub parts: &'a [Part],
    /// The last day on which an agreement can be signed, where the program sets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub sign_by: Option<String>,
    /// The agreement that was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agreement: Option<&'a str>,
    /// What can be done to it now.
    pub moves: Vec<Move>,
}

/// An application that waits for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Waiting {
    /// Its place in the waiting list, from 1.
    pub place: usize,
}

/// What was done: the application as it is now, and how it was decided, if it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationDone)]
pub struct Submitted<'a> {
    /// The application.
    #[serde(flatten)]
    pub application: ApplicationBody<'a>,
    /// The decision that was made, explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided: Option<DecisionBody<'a>>,
}

/// What was done, as a text to be.
pub(super) fn submitted(
    application: Arc<Application>,
    entities: &Entities,
    decision: Option<Arc<Decision>>,
    language: Language,
) -> Text {
    // Whoever waits for nothing does not hold on to them.
    let books = application.waiting.then(|| entities.books().clone());
    Text::to_be(move || {
        let decided = decision.as_ref().map(|decision| explain(decision, language));
        let waiting = books.and_then(|books| Waiting::of(&application, &books));
        let application = ApplicationBody::of(&application, waiting);
        Ok(json::long(&Submitted { application, decided })?)
    })
}

impl Waiting {
    /// Where an application stands in the books among those that wait, if it does.
    #[must_use]
    pub fn of(application: &Application, books: &Books) -> Option<Waiting> {
        let place = || {
            let purses = purses(&application.parts);
            let waiting = books.waiting(&purses);
            let before = waiting.take_while(|(sequence, _)| *sequence < application.sequence);
            Waiting { place: before.count() + 1 }
        };
        application.waiting.then(place)
    }
}

impl<'a> ApplicationBody<'a> {
    /// An application, with where it waits if it does.
    #[must_use]
    pub fn of(application: &'a Application, waiting: Option<Waiting>) -> ApplicationBody<'a> {
        let asked = application.state.moves().iter().filter(|one| match one {
            Move::Offer => false,
            Move::Pay => application.is_unpaid(),
            _ => true,
        });
        ApplicationBody {
            application: application.id.as_str(),
            program: application.program.as_str(),
            state: application.state,
            submitted: application.submitted.to_string(),
            outcome: application.outcome,
            decision: application.decision.as_str(),
            waiting,
            parts: if application.waiting { &[] } else { &application.parts },
            sign_by: application.sign_by.map(|day| day.to_string()),
            agreement: application.agreement.as_ref().map(|agreement| agreement.as_str()),
            moves: asked.copied().collect(),
        }
    }
}

/// An application on which the rules changed before it was decided: what it would come to by either.
#[derive(Debug, Serialize, ToSchema)]
pub struct BothRules<'a> {
    /// Which of the two the program follows.
    pub follows: Transition,
    /// By the rules of the day on which it was submitted.
    pub by_submission: DecisionBody<'a>,
    /// By the rules of today.
    pub by_decision: DecisionBody<'a>,
}

/// What an application that is not decided yet comes to by the rules of its submission and by those of today, where
/// they differ.
pub fn both_rules(
    programs: &Programs,
    application: &Application,
    entities: &Entities,
    now: Timestamp,
) -> Result<Option<(Decision, Decision)>, ApplyError> {
    let Some(program) = programs.get(&application.program) else { return Ok(None) };
    let today = program.today(entities, now);
    if application.state != State::Submitted || !changed(program, application.submitted, today) {
        return Ok(None);
    }
    let case = application.case()?;
    let decide = |as_of: Date| {
        programs.decide_knowing(program, &case, as_of, today, entities).map_err(ApplyError::Faults)
    };
    Ok(Some((decide(application.submitted)?, decide(today)?)))
}

fn changed(program: &Program, submitted: Date, today: Date) -> bool {
    let from = |on: Date| program.edition(on).map(|edition| edition.from).ok();
    from(submitted) != from(today)
}

impl<'a> BothRules<'a> {
    /// The two decisions, explained.
    #[must_use]
    pub fn of(decisions: &'a (Decision, Decision), language: Language) -> BothRules<'a> {
        let (by_submission, by_decision) = decisions;
        BothRules {
            follows: by_submission.program.laid_down.applications.transition,
            by_submission: explain(by_submission, language),
            by_decision: explain(by_decision, language),
        }
    }
}

/// An application with what was done to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationHistory)]
pub struct HistoryBody<'a> {
    /// The application.
    #[serde(flatten)]
    pub application: ApplicationBody<'a>,
    /// What was done to it, in order.
    pub events: &'a [Event],
    /// Where the rules changed before it was decided: what it would come to by either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_changed: Option<BothRules<'a>>,
}
