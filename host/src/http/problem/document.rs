//! A problem as it is written.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use crate::domain::fault::Fault;

/// A problem as it is written (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Which problem it is: `/problems/` and a name that stays the same for ever.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid")]
    type_: String,
    /// What that problem is, in a few words.
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What went wrong this time.
    detail: String,
    /// What is wrong in the body, and where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Pointed>,
}

/// One thing that is wrong in a body.
#[derive(Serialize, ToSchema)]
pub struct Pointed {
    /// Where it stands: a JSON pointer (RFC 6901). The empty one is the whole body.
    #[schema(example = "/parties/1/rd_intensity")]
    pointer: String,
    /// What was found and what was expected.
    detail: String,
}

impl ProblemDocument {
    /// A problem, written out.
    #[must_use]
    pub fn of(problem: &Problem) -> ProblemDocument {
        let pointed =
            |fault: &Fault| Pointed { pointer: fault.pointer(), detail: fault.message.clone() };
        ProblemDocument {
            type_: format!("/problems/{}", problem.kind.slug()),
            title: problem.kind.title(),
            status: problem.kind.status().as_u16(),
            detail: problem.detail.clone(),
            errors: problem.errors.iter().map(pointed).collect(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let body = serde_json::to_vec(&ProblemDocument::of(&self)).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}
