//! The API in its own words: the OpenAPI document, and pages to read it, which need no other network.

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::problem;

/// The head of the document; the routes bring the rest.
#[derive(OpenApi)]
#[openapi(info(
    title = "Concord",
    description = "Eligibility checks of regional cooperation programs, and the entities that they share.",
))]
pub(super) struct Head;

/// The routes `/openapi.json` and `/docs`.
pub(super) fn routes(document: &Document) -> Router {
    // Written once: it does not change while the host runs.
    let json = document.to_json().map(Bytes::from).unwrap_or_default();
    let document = move || async move { ([(header::CONTENT_TYPE, "application/json")], json) };
    // Else the page would ask a validator on the internet about the document.
    let config = Config::from("/openapi.json").validator_url("none");
    let pages: Router = SwaggerUi::new("/docs").config(config).into();
    Router::new().route("/openapi.json", get(document)).merge(pages.layer(map_response(missing)))
}

/// A page that is not there is a problem like any other.
async fn missing(uri: Uri, response: Response) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND => problem::no_route(uri).await.into_response(),
        _ => response,
    }
}
