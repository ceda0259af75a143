//! `POST …/matches`: ranks the supplies for each demand.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use concord_contract::path;

use super::App;
use super::extract::{Id, ManyBody};
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use crate::decide::matching::Matches;
use crate::domain::entry::Pairing;
use crate::domain::fault::Fault;
use crate::domain::ids::ProgramId;
use crate::domain::shapes::PairingShape;

/// Judges every pair of demand and supply, and changes nothing: for each demand the supplies that fit it
/// best, with the clauses that joined them; and for the others the clauses that parted them.
#[utoipa::path(
    post, path = "/v1/programs/{program}/matches", tag = "programs",
    operation_id = "matches", summary = "Rank the supplies for each demand",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = PairingShape, content_type = "application/json"),
    responses(
        (status = 200, description = "Every demand with its supplies.", body = Matches),
        (status = 400, description = "The body is not JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The program does not match, or what is given cannot be judged as it \
            stands; says where and why.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn matches(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    language: Reads,
    ManyBody(raw): ManyBody,
) -> Result<Response, Problem> {
    let (programs, program) = app.program(&program)?;
    let Some(matcher) = program.matcher() else {
        let (id, kind) = (&program.laid_down.id, program.laid_down.kind.as_str());
        let message =
            format!("{id} is a {kind} program without a matching step; it matches nothing");
        return Err(Problem::invalid(vec![Fault::new(path![], message)]));
    };
    let (programs, program) = (programs.clone(), matcher.clone());
    let (now, entities, reads) = ((app.clock)(), app.store.entities(), language.0);
    // Many pairs may take a second: it is not for a thread that answers others.
    let work = tokio::task::spawn_blocking(move || {
        let pairing = Pairing::read(raw)?;
        let as_of = pairing.as_of.unwrap_or_else(|| program.today(&entities, now));
        programs.matches(&program, &pairing, as_of, &entities, reads)
    });
    let matches = work.await.map_err(Problem::internal)?.map_err(Problem::invalid)?;
    Ok((language, Json(matches)).into_response())
}
