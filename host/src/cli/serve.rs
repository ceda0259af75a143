//! `concord serve`: the host.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{ConfigArg, Failed, Outcome, input, output};
use crate::apply::{Desk, Swept};
use crate::config::{Config, LogFormat};
use crate::decide::Programs;
use crate::http::{self, App, Parts};
use crate::keys::Keys;
use crate::store::{Seeding, SqliteStore, Store};

/// Serve checks over HTTP, until SIGINT or SIGTERM.
///
/// It listens at once; /readyz says no until every bound policy is loaded. RUST_LOG sets how much is logged.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigArg,
    /// Where to listen, instead of where the configuration says; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        start_log(config.host.log);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve(config))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(&self, config: Config) -> Result<(), Failed> {
        let config = Arc::new(config);
        let store = open_store(&config).await?;
        let keys = Arc::new(Keys::open(&config.host.keys, jiff::Timestamp::now())?);
        let wanted = self.listen.unwrap_or(config.host.listen);
        let listener = TcpListener::bind(wanted)
            .await
            .with_context(|| format!("cannot listen on {wanted}"))?;
        let address = listener.local_addr()?;
        let programs = Arc::new(OnceLock::new());
        let app = App::from(Parts {
            store: store.clone(),
            programs: programs.clone(),
            keys: keys.clone(),
            policies: config.host.policies.clone(),
            cache: config.host.cache.clone(),
            clock: Arc::new(jiff::Timestamp::now),
            metrics: http::metrics::recorder()?,
        });
        let (failed, failure) = tokio::sync::oneshot::channel();
        let loading = config.clone();
        let desk = (store.clone(), keys.clone());
        let runtime = tokio::runtime::Handle::current();
        let load = tokio::task::spawn_blocking(move || match load(&loading) {
            Ok(loaded) => {
                let loaded = Arc::new(loaded);
                let _ = programs.set(loaded.clone());
                let (store, keys) = desk;
                runtime.spawn(sweep(Desk { store, programs: loaded, keys }));
                tracing::info!(%address, "ready");
                output::tell(&format!(
                    "Concord is ready on http://{address} (documentation: http://{address}/docs)"
                ));
            }
            Err(error) => {
                let _ = failed.send(error);
            }
        });
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (reason, told) = tokio::sync::oneshot::channel();
        let stop = async move {
            let failure = async {
                match failure.await {
                    Ok(failure) => failure,
                    // Loaded: nothing of this sort will come any more.
                    Err(_) => std::future::pending().await,
                }
            };
            let failure = tokio::select! {
                _ = interrupt.recv() => None,
                _ = terminate.recv() => None,
                failure = failure => Some(failure),
            };
            tracing::info!("stopping");
            let _ = reason.send(failure);
        };
        http::serve(listener, app, stop, config.host.drain).await.context("cannot serve")?;
        let _ = load.await;
        store.close().await;
        match told.await {
            Ok(Some(failure)) => Err(failure),
            _ => Ok(()),
        }
    }
}

/// Opens the store; a fresh one starts with the entity files, and every program is taken over from its file.
async fn open_store(config: &Config) -> Result<Arc<dyn Store>, Failed> {
    let store = SqliteStore::open(&config.host.data).await?;
    if store.seed(config.entities.clone(), jiff::Timestamp::now()).await? == Seeding::Done {
        let entities = config.entities.len();
        tracing::info!(entities, "a fresh store was filled from the entity files");
    }
    let mut faults = Vec::new();
    for program in &config.programs {
        let id = program.id.clone();
        match store.mirror(program.clone()).await {
            Ok(_) => {}
            Err(crate::store::StoreError::Faults(wrong)) => faults.extend(
                wrong
                    .into_iter()
                    .map(|fault| crate::decide::BindFault { program: id.clone(), fault }),
            ),
            Err(error) => return Err(error.into()),
        }
    }
    if faults.is_empty() { Ok(Arc::new(store)) } else { Err(Failed::usage(config.locate(faults))) }
}

fn load(config: &Config) -> Result<Programs, Failed> {
    let started = Instant::now();
    let programs = input::programs(config)?;
    let (policies, count) = (programs.policies().len(), programs.all().count());
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(programs = count, policies, millis, "policies are loaded");
    Ok(programs)
}

/// How often it is looked whether something lapsed or expired.
const SWEEP: Duration = Duration::from_secs(3600);

/// Does what the passing of days does, as long as the host runs.
async fn sweep(desk: Desk) {
    let mut hours = tokio::time::interval(SWEEP);
    loop {
        hours.tick().await;
        match desk.sweep(jiff::Timestamp::now()).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(Swept { lapsed, expired }) => {
                tracing::info!(lapsed, expired, "reservations lapsed and vouchers expired");
            }
            Err(error) => tracing::warn!(%error, "what lapsed or expired could not be booked"),
        }
    }
}

/// Logs go to standard error.
fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    // A second start in one process keeps the first log.
    let _ = match format {
        LogFormat::Json => log.json().with_span_list(false).try_init(),
        LogFormat::Text => log.try_init(),
    };
}
