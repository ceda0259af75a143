//! `…/rounds/{round}`: ranks the entries of a round and records how it came out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::check::not_ready;
use super::conditions::{Tags, tag};
use super::extract::{Ids, ManyBody};
use super::problem::{Problem, ProblemDocument};
use crate::decide::Program;
use crate::decide::select::Selection;
use crate::domain::entry::Entries;
use crate::domain::ids::{ProgramId, RoundId};
use crate::domain::round::Round;
use crate::domain::shapes::EntriesShape;
use crate::store::RoundRecord;

/// Judges every entry of a round by the policies in force, ranks the eligible ones, and says of each whether
/// it goes on, where it stands and why.
///
/// The order in which the entries come changes nothing. What is not known stays open: an entry goes on only
/// if it does so however the undetermined ones turn out. A round of which everything can be said is
/// recorded; the last record is what `GET` gives. The same outcome is not recorded twice.
#[utoipa::path(
    post, path = "/v1/programs/{program}/rounds/{round}/select", tag = "programs",
    operation_id = "select", summary = "Rank the entries of a round",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("round" = String, Path, description = "The round's id, from the program's file."),
    ),
    request_body(content = EntriesShape, content_type = "application/json"),
    responses(
        (status = 201, description = "How the round came out; it is recorded.", body = Selection,
            headers(("ETag" = String, description = "The number of the record."),
                ("Location" = String, description = "Where the last record stands."))),
        (status = 200, description = "How the round came out; it is not settled and not recorded, or is \
            recorded already.", body = Selection),
        (status = 400, description = "The body is not JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program, or it has no such round.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The entries cannot be judged as they stand; says where and why.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn select(
    State(app): State<App>,
    Ids(program, round): Ids<ProgramId, RoundId>,
    ManyBody(raw): ManyBody,
) -> Result<Response, Problem> {
    let now = (app.clock)();
    let (program, round) = find(&app, &program, &round)?;
    let (id, round_id) = (program.laid_down.id.clone(), round.id.clone());
    let work = app.clone();
    // A round may take a second: it is not for a thread that answers others.
    let work = tokio::task::spawn_blocking(move || {
        let programs = work.programs.get().ok_or_else(not_ready)?;
        let Entries { as_of, entries } = Entries::read(raw).map_err(Problem::invalid)?;
        let stored = work.store.entities();
        let as_of = as_of.unwrap_or_else(|| program.today(&stored, now));
        let selected = programs.select(&program, &round, &entries, as_of, &stored);
        let selection = selected.map_err(Problem::invalid)?;
        let body = serde_json::to_string(&selection).map_err(Problem::internal)?;
        Ok::<_, Problem>((selection.settled, body))
    });
    let (settled, body) = work.await.map_err(Problem::internal)??;
    if !settled {
        return Ok((json(), body).into_response());
    }
    let (record, new) = app.store.record_round(&id, &round_id, body, now).await?;
    let place = format!("/v1/programs/{id}/rounds/{round_id}");
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = answer(status, record);
    if let Ok(place) = HeaderValue::try_from(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// A round as it was recorded last.
#[utoipa::path(
    get, path = "/v1/programs/{program}/rounds/{round}", tag = "programs",
    operation_id = "get-round", summary = "Get a recorded round",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("round" = String, Path, description = "The round's id, from the program's file."),
    ),
    responses(
        (status = 200, description = "How the round came out.", body = Selection,
            headers(("ETag" = String, description = "The number of the record."),
                ("Last-Modified" = String, description = "When it was recorded."))),
        (status = 304, description = "It is the record that the caller knows."),
        (status = 404, description = "There is no such program or round, or the round is not recorded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn get(
    State(app): State<App>,
    Ids(program, round): Ids<ProgramId, RoundId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    find(&app, &program, &round)?;
    let known = Tags::of(&headers, &header::IF_NONE_MATCH)?;
    let record = app.store.round(&program, &round).await?;
    let record = record.ok_or_else(|| {
        Problem::not_found(format!("The round \"{round}\" of {program} is not recorded yet."))
    })?;
    if known.is_some_and(|known| known.contain(record.number)) {
        let headers = [(header::ETAG, tag(record.number))];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(answer(StatusCode::OK, record))
}

fn find(app: &App, program: &ProgramId, round: &RoundId) -> Result<(Arc<Program>, Round), Problem> {
    let (_, program) = app.program(program)?;
    let found = program.round(round).ok_or_else(|| {
        let rounds = program.laid_down.rounds.iter().map(|round| round.id.as_str());
        let rounds = rounds.collect::<Vec<_>>().join(", ");
        let has =
            if rounds.is_empty() { "no rounds".to_owned() } else { format!("these: {rounds}") };
        let id = &program.laid_down.id;
        Problem::not_found(format!("There is no round \"{round}\" in {id}; it has {has}."))
    })?;
    Ok((program.clone(), found.clone()))
}

fn json() -> [(header::HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, "application/json")]
}

fn answer(status: StatusCode, record: RoundRecord) -> Response {
    let recorded = record.recorded.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = [(header::ETAG, tag(record.number))];
    let mut response = (status, json(), headers, record.body).into_response();
    if let Ok(recorded) = HeaderValue::try_from(recorded) {
        response.headers_mut().insert(header::LAST_MODIFIED, recorded);
    }
    response
}
