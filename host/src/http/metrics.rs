//! What is counted of every request, at a cost that a check does not feel.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "http_requests_total";
const SECONDS: &str = "http_request_duration_seconds";

/// From a check that everything is warm for to a request that is about to time out.
const BUCKETS: [f64; 19] = [
    10e-6, 20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3, 0.1, 0.2,
    0.5, 1.0, 5.0, 10.0, 30.0,
];

/// Makes the process count: everything that is counted through the crate `metrics`, in any layer, from
/// then on. A second call gives the same handle again.
pub fn recorder() -> Result<PrometheusHandle, BuildError> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.into()), &BUCKETS)?
        .install_recorder()?;
    describe_counter!(REQUESTS, "Requests answered, by method, route and status.");
    describe_histogram!(SECONDS, "Time from the head of a request to the head of its answer.");
    Ok(RECORDER.get_or_init(|| handle).clone())
}

/// The counters of every route. Looking one up by its labels costs more than a check may, so each is kept.
#[derive(Default)]
pub(super) struct Meter {
    routes: RwLock<HashMap<Box<str>, Vec<Series>>>,
}

struct Series {
    method: &'static str,
    status: StatusCode,
    requests: Counter,
    seconds: Histogram,
}

impl Meter {
    /// Counts one request.
    pub(super) fn record(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let method = word(method);
        let count = |series: &Series| {
            series.requests.increment(1);
            series.seconds.record(took);
        };
        let of_this = |series: &&Series| series.method == method && series.status == status;
        {
            let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(series) = routes.get(route).and_then(|all| all.iter().find(of_this)) {
                return count(series);
            }
        }
        let series = Series {
            method,
            status,
            requests: counter!(
                REQUESTS, "method" => method, "route" => route.to_owned(), "status" => status.as_str().to_owned()
            ),
            seconds: histogram!(SECONDS, "method" => method, "route" => route.to_owned()),
        };
        count(&series);
        // Two at once may both keep theirs; they count into the same place.
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.entry(route.into()).or_default().push(series);
    }
}

/// The method as a label. A caller can make methods up, and must not be able to make up labels.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
