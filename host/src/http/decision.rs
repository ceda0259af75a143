//! Recorded decisions over HTTP: what was decided, its receipt, and again.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use concord_contract::path;
use concord_contract::raw::Raw;
use concord_contract::{Date, value};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::extract::{Id, RawBody};
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use crate::apply::ApplyError;
use crate::decide::body::DecisionBody;
use crate::decide::explain::explain;
use crate::decide::receipt::{Components, Replayed, Replayer, Signed, Unreplayable};
use crate::domain::fault::Fault;
use crate::domain::ids::DecisionId;
use crate::domain::shapes::{ReplayShape, SignedShape};
use crate::keys::JwkSet;
use crate::store::DecisionRecord;

/// A recorded decision.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedDecision)]
pub struct RecordBody<'a> {
    /// Its id.
    decision: &'a str,
    /// The program.
    program: &'a str,
    /// Its number in the program's chain, from 1.
    number: i64,
    /// The digest of its receipt.
    digest: &'a str,
    /// The application that it decided.
    application: &'a str,
    /// All that it rests on.
    #[schema(value_type = Object)]
    receipt: &'a serde_json::value::RawValue,
}

/// What was decided, with all that it rests on.
#[utoipa::path(
    get, path = "/v1/decisions/{decision}", tag = "decisions",
    operation_id = "get-decision", summary = "Read a recorded decision",
    params(("decision" = String, Path, description = "Its id.")),
    responses(
        (status = 200, description = "It.", body = RecordBody),
        (status = 404, description = "There is no such decision.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn get(State(app): State<App>, Id(id): Id<DecisionId>) -> Result<Response, Problem> {
    let record = find(&app, &id).await?;
    let body = RecordBody {
        decision: record.id.as_str(),
        program: record.program.as_str(),
        number: record.number,
        digest: &record.paper.digest,
        application: record.application.as_str(),
        receipt: serde_json::from_str(&record.paper.receipt).map_err(Problem::internal)?,
    };
    Ok(Json(body).into_response())
}

/// The signed receipt of a decision, for anyone to verify and replay.
#[utoipa::path(
    get, path = "/v1/decisions/{decision}/receipt", tag = "decisions",
    operation_id = "get-receipt", summary = "Get the receipt of a decision",
    params(("decision" = String, Path, description = "The decision's id.")),
    responses(
        (status = 200, description = "The receipt with its signature.", body = SignedShape),
        (status = 404, description = "There is no such decision.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn receipt(State(app): State<App>, Id(id): Id<DecisionId>) -> Result<Response, Problem> {
    let record = find(&app, &id).await?;
    let signed = Signed { body: record.paper.receipt, signature: record.signature };
    Ok(([(header::CONTENT_TYPE, "application/json")], signed.text()).into_response())
}

/// What came of a replay.
#[derive(Serialize, ToSchema)]
#[schema(as = Replay)]
pub struct ReplayBody {
    /// Whether the receipt came out the same, to the byte.
    same: bool,
    /// Whether the fuel was compared too: the engine is of the version that the receipt names.
    fuel_compared: bool,
    /// Where it came out otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<DifferenceBody>,
    /// Why it cannot be repeated: a run failed for a reason that lies in the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    not_repeatable: Option<String>,
}

/// A place where a receipt came out otherwise.
#[derive(Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceBody {
    /// Where, as a JSON pointer.
    pointer: String,
    /// What the receipt says.
    #[schema(value_type = Option<Object>)]
    was: Option<serde_json::Value>,
    /// What came out now.
    #[schema(value_type = Option<Object>)]
    is: Option<serde_json::Value>,
}

/// Decides again, and changes nothing.
///
/// With `{}`, the policies of the receipt run again from the receipt alone, and the answer says whether it came out the
/// same. With `as_of`, the application's case as it is known now is decided by the rules of that date, by what is on record
/// but for what it was granted itself.
#[utoipa::path(
    post, path = "/v1/decisions/{decision}/replay", tag = "decisions",
    operation_id = "replay", summary = "Decide again",
    params(
        ("decision" = String, Path, description = "The decision's id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of messages: zh-Hans, zh-Hant or en."),
    ),
    request_body(content = ReplayShape, content_type = "application/json"),
    responses(
        (status = 200, description = "What came of it: a `Replay`, or with `as_of` a `Decision`.", body = ReplayBody),
        (status = 400, description = "The body is not JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such decision.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "A policy of the receipt is no longer there.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The body is not said to be JSON.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The date is none, or no rules are in force on it.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet, or the store does not answer.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn replay(
    State(app): State<App>,
    Id(id): Id<DecisionId>,
    language: Reads,
    RawBody(raw): RawBody,
) -> Result<Response, Problem> {
    let as_of = read_date(&raw)?;
    let record = find(&app, &id).await?;
    match as_of {
        Some(as_of) => decide_again(&app, &record, as_of, language).await,
        None => {
            let (policies, cache) = (app.policies.clone(), app.cache.clone());
            let run = move || {
                let components = Components::of(&[policies]).map_err(Problem::internal)?;
                let mut replayer =
                    Replayer::new(|digest: &str| components.find(digest), Some(cache));
                replayer.replay(&record.paper.receipt).map_err(unreplayable)
            };
            // Policies are compiled where the cache has lost them.
            let replayed = tokio::task::spawn_blocking(run).await.map_err(Problem::internal)??;
            Ok(Json(ReplayBody::of(replayed)).into_response())
        }
    }
}

async fn decide_again(
    app: &App,
    record: &DecisionRecord,
    as_of: Date,
    language: Reads,
) -> Result<Response, Problem> {
    let (programs, program) = app.program(&record.program)?;
    let found = app.store.application(&record.application).await?;
    let (application, _) =
        found.ok_or_else(|| ApplyError::NotFound(record.application.to_string()))?;
    let entities = app.store.entities();
    let today = program.today(&entities, (app.clock)());
    let case = application.case().map_err(Problem::invalid)?;
    // What it was granted itself does not stand against it.
    let mut before = entities.as_ref().clone();
    *before.books_mut() = entities.books().without_application(&application);
    let decided = programs.decide_knowing(program, &case, as_of, today, &before);
    let decision = decided.map_err(Problem::invalid)?;
    let body: DecisionBody<'_> = explain(&decision, language.0);
    Ok((language, Json(body)).into_response())
}

/// The public halves of the keys that receipts are signed with, newest first (RFC 7517).
#[utoipa::path(
    get, path = "/v1/keys", tag = "decisions", operation_id = "list-keys",
    summary = "Get the public keys",
    responses((status = 200, description = "A JSON Web Key set.", body = Object)),
)]
pub async fn keys(State(app): State<App>) -> Json<JwkSet> {
    Json(app.keys.public().clone())
}

async fn find(app: &App, id: &DecisionId) -> Result<DecisionRecord, Problem> {
    let found = app.store.decision(id).await?;
    found.ok_or_else(|| Problem::not_found(format!("There is no decision with the id \"{id}\".")))
}

fn read_date(raw: &Raw) -> Result<Option<Date>, Problem> {
    let wrong = |at, message: String| Problem::invalid(vec![Fault::new(at, message)]);
    let expected = "expected {} or { \"as_of\": \"2026-11-01\" }";
    let Raw::Map(entries) = raw else {
        return Err(wrong(path![], format!("found {}, {expected}", raw.describe())));
    };
    match entries.as_slice() {
        [] => Ok(None),
        [(key, given)] if key == "as_of" => match given {
            Raw::Text(text) if value::read_date(text).is_some() => Ok(value::read_date(text)),
            given => {
                let message =
                    format!("found {}, expected a date such as \"2026-11-01\"", given.describe());
                Err(wrong(path!["as_of"], message))
            }
        },
        [(key, _), ..] => Err(wrong(path![key], format!("found the key \"{key}\", {expected}"))),
    }
}

fn unreplayable(error: Unreplayable) -> Problem {
    match error {
        error @ (Unreplayable::NoComponent { .. } | Unreplayable::Refused { .. }) => {
            Problem::new(super::problem::ProblemKind::Conflict, super::problem::sentence(&error))
        }
        error => Problem::internal(error),
    }
}

impl ReplayBody {
    fn of(replayed: Replayed) -> ReplayBody {
        let body = |same, fuel_compared, differences| ReplayBody {
            same,
            fuel_compared,
            differences,
            not_repeatable: None,
        };
        match replayed {
            Replayed::Same { fuel_compared } => body(true, fuel_compared, Vec::new()),
            Replayed::Different { fuel_compared, differences } => {
                let differences = differences.into_iter().map(|one| DifferenceBody {
                    pointer: one.pointer,
                    was: one.was,
                    is: one.is,
                });
                body(false, fuel_compared, differences.collect())
            }
            Replayed::NotRepeatable { policy, cause } => ReplayBody {
                not_repeatable: Some(format!("{policy} failed by {}", cause.as_str())),
                ..body(false, false, Vec::new())
            },
        }
    }
}
