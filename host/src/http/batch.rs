//! `POST /v1/programs/{program}/batch`: decides a case for each line, and changes nothing.
//!
//! [`mod@line`] says what one line is answered with; the command line says the same. `flow` reads and answers.

mod flow;
pub mod line;

use std::num::NonZeroU64;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tracing::Span;
use utoipa::IntoParams;

use super::check::tell_failures;
use super::extract::{Asked, BODY_LIMIT, Id, LinesBody};
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use super::{App, metrics};
use crate::decide::batch::{Batch, Lines};
use crate::domain::ids::ProgramId;
use crate::domain::shapes::CaseShape;
use line::LineBody;

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Only the lines from this number on; those before are counted. 1 where it is not said.
    #[param(value_type = Option<u64>, minimum = 1)]
    from: Option<NonZeroU64>,
}

/// Decides a case for each line, as a check does, and answers each with a line, in the same order.
///
/// The body may be of any length: it is read only as fast as the answers are taken, so read them while you
/// send. Lines are numbered from 1, and empty ones are counted and not answered. What is wrong with a line is a
/// problem in its answer, and no other line's; a line may be as long as the body of a check. All lines see
/// the entities as they were when the batch began. A body that breaks off, or stays silent for too long, ends
/// with a problem in the line from which to resume.
#[utoipa::path(
    post, path = "/v1/programs/{program}/batch", tag = "programs",
    operation_id = "batch", summary = "Check a case for each line",
    params(
        ("program" = String, Path, description = "The program's id."),
        BatchQuery,
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(description = "A case in each line.", content(
        (CaseShape = "application/x-ndjson"), (CaseShape = "application/jsonl"),
    )),
    responses(
        (status = 200, description = "An answer in each line: the decision, or what is wrong with the line.",
            body = LineBody, content_type = "application/x-ndjson"),
        (status = 400, description = "The query cannot be read.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON in lines.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn batch(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    Asked(query): Asked<BatchQuery>,
    language: Reads,
    LinesBody(body): LinesBody,
) -> Result<Response, Problem> {
    let (programs, program) = app.program(&program)?;
    let (programs, program) = (programs.clone(), program.clone());
    let batch = Batch::new(programs, program, app.store.entities(), (app.clock)());
    let span = Span::current();
    let judge = move |lines| {
        let _span = span.enter();
        let mut answers = Vec::new();
        for line in lines {
            let judged = line::judge(&batch, line);
            if let Ok(decision) = &judged.said {
                metrics::decided(decision);
                tell_failures(decision);
            }
            judged.write(language.0, &mut answers);
        }
        answers
    };
    let from = query.from.map_or(1, NonZeroU64::get);
    let answers = flow::answers(body, Lines::new(from, BODY_LIMIT), app.turns.clone(), judge);
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((language, headers, Body::from_stream(answers)).into_response())
}
