//! The two servers: Concord's own, and the same one with the rules in native Rust behind the same route.

use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use concord::domain::ids::ProgramId;
use concord::http::extract::Id;
use concord::http::{self, App, Parts};
use concord::keys::Keys;
use concord::store::{SqliteStore, Store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fixture::{Fixture, PROGRAM, fill};
use crate::native::Rules;
use crate::native::case::Case;

/// How long requests under way may take at the end.
const DRAIN: Duration = Duration::from_secs(1);

/// Serves Concord, as `concord serve` does, until standard input ends.
pub fn concord() -> Result<()> {
    serve(Fixture::new()?, ready)
}

/// The same with full funds, for applications.
pub fn filled() -> Result<()> {
    let mut fixture = Fixture::new()?;
    fill(&mut fixture.config.entities);
    serve(fixture, ready)
}

fn ready(fixture: Fixture, app: App) -> Result<Router> {
    let ready = app.programs.set(Arc::new(fixture.programs));
    ready.map_err(|_| anyhow!("the programs are ready once"))?;
    Ok(http::router(app))
}

/// Serves the rules in native Rust, with the same middleware.
pub fn native() -> Result<()> {
    serve(Fixture::new()?, |fixture, _| {
        let rules = Arc::new(Rules::new(&fixture.decide()?)?);
        let routes = Router::new().route("/v1/programs/{program}/check", post(check));
        Ok(http::around(routes.with_state(rules)))
    })
}

async fn check(
    State(rules): State<Arc<Rules>>,
    Id(program): Id<ProgramId>,
    Json(case): Json<Case>,
) -> Response {
    if program.as_str() != PROGRAM {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    }
    Json(rules.decide(&case)).into_response()
}

/// Serves, with a log that is written as `concord serve` writes it.
fn serve(fixture: Fixture, routes: impl FnOnce(Fixture, App) -> Result<Router>) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::new("info");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let data = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = SqliteStore::open(data.path()).await?;
        store.seed(fixture.config.entities.clone(), jiff::Timestamp::UNIX_EPOCH).await?;
        let app = App::from(Parts {
            store: Arc::new(store),
            programs: Arc::new(OnceLock::new()),
            keys: Arc::new(Keys::open(&data.path().join("keys"), jiff::Timestamp::UNIX_EPOCH)?),
            policies: fixture.config.host.policies.clone(),
            cache: fixture.config.host.cache.clone(),
            clock: Arc::new(jiff::Timestamp::now),
            metrics: http::metrics::recorder()?,
        });
        let metrics = app.metrics.clone();
        let routes = routes(fixture, app)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let mut output = std::io::stdout();
        writeln!(output, "{}", listener.local_addr()?.port())?;
        output.flush()?;
        http::serve_routes(listener, routes, metrics, input_ends(), DRAIN).await.context("serving")
    })
}

async fn input_ends() {
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = ended.send(());
    });
    let _ = end.await;
}
