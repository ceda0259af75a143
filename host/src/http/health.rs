//! Operations: whether the host is up, whether it is ready, and what it has counted.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::problem::{Problem, ProblemDocument, ProblemKind};

/// A store that answers does so at once.
const STORE_LIMIT: Duration = Duration::from_secs(2);

/// That all is well.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `up`, or `ready`.
    #[schema(example = "ready")]
    status: &'static str,
}

/// Says that the process answers; nothing more.
#[utoipa::path(get, path = "/healthz", tag = "operations", operation_id = "health", summary = "Is it up?",
    responses((status = 200, description = "It is up.", body = Health)))]
pub async fn healthz() -> Json<Health> {
    Json(Health { status: "up" })
}

/// Says whether checks can be made: every bound policy is loaded, and the store answers. It may be ready while nothing
/// can be written, on a full disk; then what would write is 503.
#[utoipa::path(get, path = "/readyz", tag = "operations", operation_id = "readiness", summary = "Is it ready?",
    responses(
        (status = 200, description = "It is ready.", body = Health),
        (status = 503, description = "It is not ready yet, or no more, and says what it waits for.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let not_ready = |waits_for: &str| {
        Problem::new(ProblemKind::NotReady, format!("The host is waiting for {waits_for}."))
    };
    if app.programs.get().is_none() {
        return Err(not_ready("its policies to be loaded"));
    }
    match tokio::time::timeout(STORE_LIMIT, app.store.ping()).await {
        Ok(Ok(())) => Ok(Json(Health { status: "ready" })),
        Ok(Err(error)) => Err(not_ready("its store to answer").because(error)),
        Err(late) => Err(not_ready("its store to answer").because(late)),
    }
}

/// What was counted since the host started, in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations", operation_id = "metrics", summary = "Metrics",
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain")))]
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let text_format = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, text_format)], app.metrics.render())
}
