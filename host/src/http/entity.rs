//! The shared entities over HTTP: every noun is listed, read and written in the same way.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::conditions::{Allowed, Tags, changed, tag};
use super::extract::JsonBody;
use super::list::ListQuery;
use super::problem::{Problem, ProblemKind};
use crate::domain::entity::{Entity, EntityKind, Stored};
use crate::domain::fault::Fault;
use crate::domain::purse::Purse;
use crate::store::{Expect, StoreError};

/// A page of a kind.
pub(super) async fn list(
    app: &App,
    kind: EntityKind,
    query: &ListQuery,
) -> Result<Response, Problem> {
    let (filter, page) = query.checked()?;
    let listing = app.store.list(kind, &filter, &page).await?;
    Ok(query.answer(kind, &listing))
}

/// One entity; only that it is the same where the caller knows its version.
pub(super) async fn get(
    app: &App,
    kind: EntityKind,
    id: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let known = Tags::of(headers, &header::IF_NONE_MATCH)?;
    let stored = app.store.get(kind, id).await?;
    let stored = stored.ok_or_else(|| StoreError::NotFound { kind, id: id.to_owned() })?;
    if known.is_some_and(|known| known.contain(stored.version)) {
        let headers = [(header::ETAG, tag(stored.version))];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(answer(StatusCode::OK, &stored))
}

/// Creates an entity, or replaces the version that the caller names.
pub(super) async fn put(
    app: &App,
    kind: EntityKind,
    id: &str,
    headers: &HeaderMap,
    body: &JsonBody,
) -> Result<Response, Problem> {
    let entity = body.entity(kind)?;
    if entity.id() != id {
        let message = format!("found \"{}\", expected \"{id}\" as in the address", entity.id());
        return Err(Problem::invalid(vec![Fault::new(concord_contract::path!["id"], message)]));
    }
    let there = app.store.get(kind, id).await?.map(|stored| stored.version);
    let now = (app.clock)();
    // Whatever comes in between, the store finds out.
    match Allowed::of(headers, there)? {
        Allowed::Replace(version) => {
            let stored = app.store.put(entity, Expect::Version(version), now).await?;
            offer(app, &stored, now).await;
            Ok(answer(StatusCode::OK, &stored))
        }
        Allowed::Create { said } => match app.store.put(entity, Expect::New, now).await {
            Ok(stored) => {
                offer(app, &stored, now).await;
                let place = HeaderValue::try_from(format!("/v1/{}/{id}", kind.plural()));
                let place = place.ok().map(|place| (header::LOCATION, place));
                let mut response = answer(StatusCode::CREATED, &stored);
                response.headers_mut().extend(place);
                Ok(response)
            }
            Err(StoreError::Exists { .. }) => Err(exists(said)),
            Err(other) => Err(other.into()),
        },
    }
}

/// What a fund got is offered to those that wait for it. The fund is written, whatever comes of that.
async fn offer(app: &App, stored: &Stored, now: jiff::Timestamp) {
    let Entity::Fund(fund) = stored.entity.as_ref() else { return };
    let Ok(desk) = app.desk() else { return };
    let purses = fund.stated().into_iter();
    let purses: Vec<_> = purses.map(|(city, ..)| Purse::Fund(fund.id.clone(), city)).collect();
    let fund = fund.id.to_string();
    let offer = tokio::spawn(async move {
        if let Err(error) = desk.offer_of(purses, now).await {
            tracing::warn!(fund, %error, "what the fund got could not be offered; the next sweep offers it");
        }
    });
    // It goes on even where the caller does not wait for it.
    let _ = offer.await;
}

fn exists(caller_said_new: bool) -> Problem {
    if caller_said_new {
        return changed("It is there already.");
    }
    let detail = "It is there already: name the version to replace in the header If-Match.";
    Problem::new(ProblemKind::PreconditionRequired, detail)
}

fn answer(status: StatusCode, stored: &Stored) -> Response {
    (status, [(header::ETAG, tag(stored.version))], Json(stored.entity.as_ref())).into_response()
}
