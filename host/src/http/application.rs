//! Applications over HTTP: taken in, looked at, and moved on.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use concord_contract::path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::action::{asked_move, case_and_by, read_action};
use super::check::tell_failures;
use super::extract::{Asked, Id, JsonBody};
use super::language::Reads;
use super::problem::{Problem, ProblemDocument, ProblemKind};
use super::{App, metrics};
use crate::apply::{
    ApplicationBody, ApplyError, BothRules, Handled, HistoryBody, Request, Submission, Submitted,
    Waiting, both_rules, digest,
};
use crate::domain::application::{Move, State as Stage};
use crate::domain::fault::Fault;
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::shapes::{CaseShape, MoveShape};
use crate::store::{ApplicationFilter, Page, RequestKey};

/// Decides an application, records the receipt and reserves the award: all of it, or nothing.
///
/// The body is a case, as `check` takes it, and may say `by` whom it is submitted. The case is judged on the day of
/// submission by what is on record: a fact that stands beside an `id` and says otherwise than the record is
/// refused (409). An eligible case whose fund is exhausted waits for money, first come first.
///
/// The same `Idempotency-Key` gives the same answer, and nothing is done twice.
#[utoipa::path(
    post, path = "/v1/programs/{program}/applications", tag = "applications",
    operation_id = "submit-application", summary = "Submit an application",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("Idempotency-Key" = String, Header, description = "The caller's own name for this request to this path, 1 to 255 characters of ASCII. The same body, byte for byte, is answered as before; another is 422."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = CaseShape, content_type = "application/json"),
    responses(
        (status = 201, description = "It is recorded; says how it was decided.", body = Submitted,
            headers(("Location" = String, description = "Where the application stands."))),
        (status = 400, description = "The body is not JSON, or the key is missing.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Facts of the case say otherwise than what is on record.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The case cannot be judged as it stands, the program takes no applications, \
            or the key was used for another body.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store cannot write at present.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn submit(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    language: Reads,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    app.program(&program)?;
    let scope = format!("/v1/programs/{program}/applications");
    let request = request(&app, &headers, scope, &body)?;
    let (case, by) = case_and_by(body.raw()?)?;
    let submission = Submission { program, case, by, language: language.0 };
    let handled = app.desk()?.submit(submission, request).await?;
    answered(handled)
}

/// A program's applications, in the order of submission.
#[utoipa::path(
    get, path = "/v1/programs/{program}/applications", tag = "applications",
    operation_id = "list-applications", summary = "List a program's applications",
    params(("program" = String, Path, description = "The program's id."), ApplicationsQuery),
    responses(
        (status = 200, description = "A page.", body = ApplicationPage),
        (status = 400, description = "The query cannot be read.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    Asked(query): Asked<ApplicationsQuery>,
) -> Result<Response, Problem> {
    app.program(&program)?;
    let page = query.page()?;
    let filter = ApplicationFilter { state: query.state };
    let (found, next) = app.store.applications(&program, &filter, &page).await?;
    let entities = app.store.entities();
    let items = found
        .iter()
        .map(|one| ApplicationBody::of(one, Waiting::of(one, entities.books())))
        .collect();
    Ok(Json(ApplicationPage { items, next: next.as_deref() }).into_response())
}

/// Which applications, and which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsQuery {
    /// Only those in this state.
    #[param(nullable = false)]
    state: Option<Stage>,
    /// Begin behind this id.
    #[param(nullable = false)]
    after: Option<String>,
    /// At most so many: 1 to 1000, and 100 if it is not given.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

impl ApplicationsQuery {
    fn page(&self) -> Result<Page, Problem> {
        match self.limit.unwrap_or(100) {
            limit @ 1..=1000 => Ok(Page { after: self.after.clone(), limit }),
            found => {
                Err(Problem::bad_request(format!("The limit is {found}; expected 1 to 1000.")))
            }
        }
    }
}

/// A page of applications.
#[derive(Serialize, ToSchema)]
pub struct ApplicationPage<'a> {
    /// The applications.
    items: Vec<ApplicationBody<'a>>,
    /// The id to go on behind; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<&'a str>,
}

/// An application with everything that was done to it.
///
/// Where the rules changed before it was decided, it says what it would come to by either, and which of the two the
/// program follows.
#[utoipa::path(
    get, path = "/v1/applications/{application}", tag = "applications",
    operation_id = "get-application", summary = "Read an application",
    params(
        ("application" = String, Path, description = "Its id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    responses(
        (status = 200, description = "It.", body = HistoryBody),
        (status = 404, description = "There is no such application.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn get(
    State(app): State<App>,
    Id(id): Id<ApplicationId>,
    language: Reads,
) -> Result<Response, Problem> {
    let programs = app.programs.get().ok_or_else(super::check::not_ready)?;
    let found = app.store.application(&id).await?;
    let (application, events) = found.ok_or_else(|| ApplyError::NotFound(id.to_string()))?;
    let entities = app.store.entities();
    let both = both_rules(programs, &application, &entities, (app.clock)()).unwrap_or_default();
    let body = HistoryBody {
        application: ApplicationBody::of(&application, Waiting::of(&application, entities.books())),
        events: &events,
        rules_changed: both.as_ref().map(|both| BothRules::of(both, language.0)),
    };
    Ok((language, Json(body)).into_response())
}

/// Does something to an application: `decide`, `commit`, `pay`, `close`, `withdraw` or `lapse`.
///
/// What it releases is offered to the first that waits for it. The same `Idempotency-Key` gives the same answer,
/// and nothing is done twice.
#[utoipa::path(
    post, path = "/v1/applications/{application}/{move}", tag = "applications",
    operation_id = "move-application", summary = "Move an application on",
    params(
        ("application" = String, Path, description = "Its id."),
        ("move" = Move, Path, description = "What is done: decide, commit, pay, close, withdraw or lapse."),
        ("Idempotency-Key" = String, Header, description = "The caller's own name for this request to this path, 1 to 255 characters of ASCII. The same body, byte for byte, is answered as before; another is 422."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = MoveShape, content_type = "application/json"),
    responses(
        (status = 200, description = "It is done.", body = Submitted),
        (status = 400, description = "The body is not JSON, or the key is missing.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such application or move.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it, or the case says otherwise than the record.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The body does not say what is expected, or the key was used for another.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store cannot write at present.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn act(
    State(app): State<App>,
    Path((id, asked)): Path<(String, String)>,
    language: Reads,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id: ApplicationId =
        id.parse().map_err(|wrong| Problem::not_found(format!("Nothing has this id: {wrong}.")))?;
    let what = asked_move(&asked)?;
    let scope = format!("/v1/applications/{id}/{asked}");
    let request = request(&app, &headers, scope, &body)?;
    let action = read_action(what, body.raw()?, language)?;
    let handled = app.desk()?.act(id, action, request).await?;
    answered(handled)
}

/// The header that makes a request known again.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

fn request(
    app: &App,
    headers: &HeaderMap,
    scope: String,
    body: &JsonBody,
) -> Result<Request, Problem> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = keys.next().map(|value| value.to_str().unwrap_or_default());
    // Of two, nobody knows which one is meant.
    match key.filter(|_| keys.next().is_none()) {
        Some(key) if !key.trim().is_empty() && key.len() <= 255 => Ok(Request {
            key: RequestKey { scope, key: key.to_owned() },
            digest: digest(body.bytes()),
            now: (app.clock)(),
        }),
        _ => {
            let detail = "One header Idempotency-Key must name this request, in 1 to 255 characters of ASCII.";
            Err(Problem::bad_request(detail))
        }
    }
}

fn answered(handled: Handled) -> Result<Response, Problem> {
    let Handled { answer, decision } = handled;
    if let Some(decision) = &decision {
        metrics::decided(decision);
        tell_failures(decision);
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let body = Bytes::from_owner(answer.body.written()?);
    let place = format!("/v1/applications/{}", answer.application);
    let place = HeaderValue::try_from(place).ok().filter(|_| status == StatusCode::CREATED);
    let json = [(header::CONTENT_TYPE, "application/json")];
    // What was answered before is in the language of then.
    let mut response = (status, Reads(answer.language), json, body).into_response();
    if let Some(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// What applications are refused for → what the caller reads.
impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Problem {
        let detail = super::problem::sentence(&error);
        let with = |kind, faults: Vec<Fault>| {
            faults.into_iter().fold(Problem::new(kind, detail.clone()), Problem::at)
        };
        match error {
            ApplyError::Faults(faults) => Problem::invalid(faults),
            ApplyError::Overridden(faults) => with(ProblemKind::Conflict, faults),
            ApplyError::KeyReused => Problem::new(ProblemKind::KeyReused, detail),
            ApplyError::NotFound(_) => Problem::not_found(detail),
            ApplyError::NotAllowed { .. } | ApplyError::TooLate { .. } | ApplyError::Gone(_) => {
                Problem::new(ProblemKind::Conflict, detail)
            }
            ApplyError::TakesNone(message) => Problem::invalid(vec![Fault::new(path![], message)]),
            ApplyError::Store(error) => error.into(),
            ApplyError::Internal(source) => Problem::internal(source),
        }
    }
}
