//! What stands around every handler, in order from the outside to the inside: the id of the request and
//! its span, the time limit, the net under a panic, the limit on bodies.
//!
//! What is logged: the method, the route's template, the status, the time taken, the id of the request, and
//! what stands behind a failure of the host. Never a body, a query or the value of a fact.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, Span, field};

use super::extract::BODY_LIMIT;
use super::metrics::Meter;
use super::problem::{Cause, Problem, ProblemKind};

/// How long a request may take until its answer begins.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// An answer that takes longer is worth a line in the log.
const SLOW: Duration = Duration::from_secs(1);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts the whole stack around the routes.
pub fn around(routes: Router) -> Router {
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::new(Watch::default()), watch))
}

#[derive(Default)]
struct Watch {
    meter: Meter,
    ids: Ids,
}

async fn watch(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = watch.ids.of(request.headers());
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = span(&method, route, &id);

    let answer = tokio::time::timeout(TIME_LIMIT, next.run(request)).instrument(span.clone());
    let mut response = answer.await.unwrap_or_else(|_| {
        let detail = format!("No answer was found within {} seconds.", TIME_LIMIT.as_secs());
        Problem::new(ProblemKind::Timeout, detail).because("the time limit").into_response()
    });

    let took = started.elapsed();
    watch.meter.record(&method, route, response.status(), took);
    log(&span, &mut response, took);
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn span(method: &Method, route: &str, id: &HeaderValue) -> Span {
    tracing::info_span!(
        "request",
        %method,
        route,
        request_id = id.to_str().unwrap_or_default(),
        status = field::Empty,
        micros = field::Empty,
    )
}

/// One line for what failed or was slow; for the rest, only where the log is asked for everything.
fn log(span: &Span, response: &mut Response, took: Duration) {
    let cause = response.extensions_mut().remove::<Cause>();
    // A host that says "not yet" has not failed; what has failed says why.
    let failed = cause.is_some() || response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    let slow = took >= SLOW;
    if !failed && !slow && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    span.record("status", response.status().as_u16());
    span.record("micros", u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    let cause = cause.as_ref().map(|Cause(text)| text.as_str());
    span.in_scope(|| match (failed, slow) {
        (true, _) => tracing::error!(cause, "request failed"),
        (false, true) => tracing::warn!("request was slow"),
        (false, false) => tracing::debug!("request answered"),
    });
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Problem::internal(format!("panic: {text}")).into_response()
}

/// Gives every request an id: the caller's own, where it brings a proper one.
struct Ids {
    /// Tells the ids of this process from those of another.
    start: String,
    next: AtomicU64,
}

impl Default for Ids {
    fn default() -> Ids {
        use std::hash::{BuildHasher, RandomState};
        let start = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Ids { start, next: AtomicU64::new(1) }
    }
}

impl Ids {
    fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(REQUEST_ID) {
            Some(id) if is_proper(id.as_bytes()) => id.clone(),
            _ => {
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                let id = format!("{}-{number:x}", self.start);
                HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("none"))
            }
        }
    }
}

/// Ids go to the log: nothing may hide in them.
fn is_proper(id: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    (1..=128).contains(&id.len()) && id.iter().all(fits)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    /// The status and the body of the answer to a GET.
    async fn answer(routes: Router) -> (StatusCode, String) {
        let request = Request::get("/").body(Body::empty()).unwrap();
        let response = around(routes).oneshot(request).await.unwrap();
        assert!(response.headers().contains_key(REQUEST_ID));
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_does_not_tell_why() {
        async fn panics() {
            panic!("a secret")
        }
        let (status, body) = answer(Router::new().route("/", get(panics))).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("/problems/internal") && !body.contains("secret"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_takes_too_long_is_cut_off() {
        let (status, body) =
            answer(Router::new().route("/", get(std::future::pending::<()>))).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("/problems/timeout"), "{body}");
    }

    fn headers(id: &str) -> HeaderMap {
        HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())])
    }

    #[test]
    fn a_proper_id_is_kept_and_any_other_replaced() {
        let ids = Ids::default();
        assert_eq!(ids.of(&headers("order-17/a:b")), "order-17/a:b");
        for wrong in ["", "two words", "quote\"", &"x".repeat(129)] {
            assert_ne!(ids.of(&headers(wrong)), wrong);
        }
    }

    #[test]
    fn no_two_requests_get_the_same_id() {
        let ids = Ids::default();
        assert_ne!(ids.of(&HeaderMap::new()), ids.of(&HeaderMap::new()));
        assert_ne!(ids.of(&HeaderMap::new()), Ids::default().of(&HeaderMap::new()));
    }
}
