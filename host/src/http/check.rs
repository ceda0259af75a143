//! `POST /v1/programs/{program}/check`: decides a case, and changes nothing.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::extract::{Id, RawBody};
use super::language::Reads;
use super::problem::{Problem, ProblemDocument, ProblemKind};
use super::{App, metrics};
use crate::decide::Decision;
use crate::decide::body::DecisionBody;
use crate::decide::explain::explain;
use crate::domain::case::Case;
use crate::domain::ids::ProgramId;
use crate::domain::shapes::CaseShape;

/// Bytes that most answers fit in.
const ANSWER: usize = 16 * 1024;

/// Decides a case under the rules that are in force on its date, and says why.
///
/// A subject's `id` pulls in what is on record of an entity; facts that stand beside it go before it. What
/// goes wrong in a policy is no fault of the case: its ruling is then `undetermined`, with its cause.
#[utoipa::path(
    post, path = "/v1/programs/{program}/check", tag = "programs",
    operation_id = "check", summary = "Check a case",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = CaseShape, content_type = "application/json"),
    responses(
        (status = 200, description = "What the program says of the case.", body = DecisionBody),
        (status = 400, description = "The body is not JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The case cannot be judged as it stands; says where and why.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn check(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    language: Reads,
    RawBody(raw): RawBody,
) -> Result<Response, Problem> {
    let (programs, program) = app.program(&program)?;
    let case = Case::read(raw).map_err(Problem::invalid)?;
    let entities = app.store.entities();
    let as_of = case.as_of.unwrap_or_else(|| program.today(&entities, (app.clock)()));
    let decision = programs.decide(program, &case, as_of, &entities).map_err(Problem::invalid)?;
    metrics::decided(&decision);
    tell_failures(&decision);
    // Written at once: an explanation has several thousand bytes, and a buffer that grows costs copies.
    let mut json = Vec::with_capacity(ANSWER);
    serde_json::to_writer(&mut json, &explain(&decision, language.0)).map_err(Problem::internal)?;
    Ok((language, [(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// A policy that failed is no failure of the request; the log says which, and never what it read.
pub(super) fn tell_failures(decision: &Decision) {
    for ruling in &decision.rulings {
        if let Some(failure) = &ruling.report.failure {
            let manifest = &ruling.bound.policy.manifest;
            let (policy, version) = (&manifest.id, &manifest.version);
            tracing::warn!(policy, version, cause = failure.cause.as_str(), "a policy failed");
        }
    }
}

/// Before the policies are loaded there is nothing to decide with.
pub(super) fn not_ready() -> Problem {
    Problem::new(ProblemKind::NotReady, "The host is waiting for its policies to be loaded.")
}
