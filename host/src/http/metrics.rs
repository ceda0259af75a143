//! What is counted of every request, at a cost that a check does not feel.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::decide::Decision;
use crate::domain::ids::ProgramId;
use crate::domain::outcome::Outcome;

const REQUESTS: &str = "http_requests_total";
const SECONDS: &str = "http_request_duration_seconds";
const DECISIONS: &str = "decisions_total";
const UNDETERMINED: &str = "rulings_undetermined_total";

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
    describe_counter!(DECISIONS, "Cases decided, by program and outcome.");
    describe_counter!(
        UNDETERMINED,
        "Rulings that could not be said, by policy, version and cause."
    );
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

/// Counts a decision. What is undetermined is counted by policy and cause too: it is how a policy that
/// fails shows.
pub(super) fn decided(decision: &Decision) {
    static COUNTERS: RwLock<Vec<(ProgramId, Outcome, Counter)>> = RwLock::new(Vec::new());
    let (program, outcome) = (&decision.program.laid_down.id, decision.outcome);
    for ruling in &decision.rulings {
        if let Some(cause) = ruling.cause {
            let manifest = &ruling.bound.policy.manifest;
            let (policy, version) = (manifest.id.clone(), manifest.version.clone());
            counter!(UNDETERMINED, "policy" => policy, "version" => version, "cause" => cause.as_str())
                .increment(1);
        }
    }
    {
        let counters = COUNTERS.read().unwrap_or_else(PoisonError::into_inner);
        let known = counters.iter().find(|(of, with, _)| of == program && *with == outcome);
        if let Some((_, _, counter)) = known {
            return counter.increment(1);
        }
    }
    let counter = counter!(
        DECISIONS, "program" => program.to_string(), "outcome" => outcome.as_str()
    );
    counter.increment(1);
    let mut counters = COUNTERS.write().unwrap_or_else(PoisonError::into_inner);
    counters.push((program.clone(), outcome, counter));
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
