//! One line of a batch and its answer, over HTTP and on the command line alike.

use concord_contract::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::decide::Decision;
use crate::decide::batch::{Batch, Content, Cut, Line};
use crate::decide::body::DecisionBody;
use crate::decide::explain::explain;
use crate::domain::case::Case;
use crate::http::extract::JsonBody;
use crate::http::problem::{Problem, ProblemDocument, ProblemKind};

/// What is said of a line.
#[derive(Debug)]
pub struct Judged {
    /// The number of the line.
    pub number: u64,
    /// The decision, or what is wrong with the line.
    pub said: Result<Decision, Problem>,
}

/// The answer to a line: it has a decision or a problem.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchLine)]
pub struct LineBody<'a> {
    /// The number of the line, from 1.
    #[schema(minimum = 1)]
    line: u64,
    /// What the program says of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionBody<'a>>,
    /// Why the line could not be judged, as a check would say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemDocument>,
}

/// Judges a line.
#[must_use]
pub fn judge(batch: &Batch, line: Line) -> Judged {
    let said = case(line.content).and_then(|case| batch.decide(&case).map_err(Problem::invalid));
    Judged { number: line.number, said }
}

fn case(content: Content) -> Result<Case, Problem> {
    let wrong = |kind, detail: &str| Err(Problem::of_body(kind, detail));
    match content {
        Content::Whole(bytes) => {
            let raw = JsonBody::of(bytes.into()).raw()?;
            Case::read(raw).map_err(Problem::invalid)
        }
        Content::TooLong(limit) => {
            wrong(ProblemKind::TooLarge, &format!("The line is larger than {limit} bytes."))
        }
        Content::Cut(Cut::BrokenOff) => {
            wrong(ProblemKind::Malformed, "The batch broke off before the end of this line.")
        }
        Content::Cut(Cut::Silent) => {
            wrong(ProblemKind::Timeout, "Nothing more came for too long; the batch ends here.")
        }
    }
}

impl Judged {
    /// Writes the answer in a language, with the end of its line.
    pub fn write(&self, language: Language, into: &mut Vec<u8>) {
        let decision = self.said.as_ref().ok().map(|decision| explain(decision, language));
        let problem = self.said.as_ref().err().map(ProblemDocument::of);
        let body = LineBody { line: self.number, decision, problem };
        let start = into.len();
        if serde_json::to_writer(&mut *into, &body).is_err() {
            // Nothing in an answer can fail to be written; half of one must not stand in the middle of others.
            into.truncate(start);
            return;
        }
        into.push(b'\n');
    }
}
