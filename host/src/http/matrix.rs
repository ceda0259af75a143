//! `POST /v1/matrix`: one case against every program.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::App;
use super::check::not_ready;
use super::extract::RawBody;
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use crate::decide::matrix::{MatrixBody, explain_matrix};
use crate::domain::case::Case;
use crate::domain::shapes::CaseShape;

/// Judges one case by every program that it fits, and changes nothing: who would fund it, who would not and
/// at which clause, and where programs get in each other's way.
///
/// A program takes of the case the facts that its policies read. It fits where the case mentions every subject
/// that they read something of, and what the case says is of the types that they read. A fact that no program
/// reads is an error.
#[utoipa::path(
    post, path = "/v1/matrix", tag = "programs",
    operation_id = "matrix", summary = "Check a case against every program",
    params(
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = CaseShape, content_type = "application/json"),
    responses(
        (status = 200, description = "What each program says of the case.", body = MatrixBody),
        (status = 400, description = "The body is not JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The body is no case, or says what no program reads; says where and why.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn matrix(
    State(app): State<App>,
    language: Reads,
    RawBody(raw): RawBody,
) -> Result<Response, Problem> {
    let programs = app.programs.get().ok_or_else(not_ready)?;
    let case = Case::read(raw).map_err(Problem::invalid)?;
    let matrix = programs.matrix(&case, (app.clock)(), &app.store.entities());
    let matrix = matrix.map_err(Problem::invalid)?;
    Ok((language, Json(explain_matrix(&matrix, language.0))).into_response())
}
