//! Listening: connections in, a bounded number of them, and out again in good order.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_io_timeout::TimeoutStream;

use super::{App, router};

/// More connections wait in the kernel's queue.
const CONNECTIONS: usize = 8192;
/// How long a caller may take to send the head of a request, and stay silent between two.
const HEAD_LIMIT: Duration = Duration::from_secs(30);
/// How long a caller may take nothing of an answer that is there for it.
const TAKE_LIMIT: Duration = Duration::from_secs(60);
/// How often samples are summed up; they take room until then.
const UPKEEP: Duration = Duration::from_secs(5);
/// How long to leave it at that when no connection can be taken, for want of file handles, say.
const BREATH: Duration = Duration::from_secs(1);

/// Serves until `stop` is ready. Requests under way then have the time `drain` to be answered; what is left
/// after that is cut off.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
    drain: Duration,
) -> io::Result<()> {
    let metrics = app.metrics.clone();
    serve_routes(listener, router(app), metrics, stop, drain).await
}

/// Serves other routes in the same way. The benchmarks do, so that only the handlers differ.
pub async fn serve_routes(
    listener: TcpListener,
    routes: axum::Router,
    metrics: PrometheusHandle,
    stop: impl Future<Output = ()> + Send + 'static,
    drain: Duration,
) -> io::Result<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(upkeep(metrics));
    let mut connections = JoinSet::new();
    let shutdown = GracefulShutdown::new();
    let routes = TowerToHyperService::new(routes);
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = room.clone().acquire_owned().await;
            (accept(&listener).await, place)
        };
        tokio::select! {
            () = &mut stop => break,
            (stream, place) = next => {
                let connection = answer(stream, routes.clone(), shutdown.watcher());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    if tokio::time::timeout(drain, shutdown.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "not all requests were answered in time");
    }
    connections.shutdown().await;
    Ok(())
}

/// The next connection. A failure is the caller's, who went away, or will pass.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_callers(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn is_callers(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(error.kind(), E::ConnectionRefused | E::ConnectionAborted | E::ConnectionReset)
}

async fn answer(stream: TcpStream, routes: TowerToHyperService<axum::Router>, watcher: Watcher) {
    // An answer is written at once and whole: to wait for more to send would only cost time.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it was answered");
        return;
    }
    answer_on(stream, routes, watcher).await;
}

pub(super) async fn answer_on(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    routes: TowerToHyperService<axum::Router>,
    watcher: Watcher,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKE_LIMIT));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
    let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), routes);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}

async fn upkeep(metrics: PrometheusHandle) {
    let mut tick = tokio::time::interval(UPKEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        metrics.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;
    use crate::http::{Parts, metrics};
    use crate::keys::Keys;
    use crate::store::SqliteStore;

    #[tokio::test]
    async fn a_host_that_is_told_to_stop_answers_first_and_waits_for_nobody_longer_than_it_was_told()
     {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
        let metrics = metrics::recorder().unwrap();
        let clock = Arc::new(jiff::Timestamp::now);
        let keys = Keys::open(&folder.path().join("keys"), jiff::Timestamp::UNIX_EPOCH).unwrap();
        let (programs, keys) = (Arc::default(), Arc::new(keys));
        let (policies, cache) = (folder.path().to_owned(), folder.path().to_owned());
        let app = App::from(Parts { store, programs, keys, policies, cache, clock, metrics });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap_or_default() };
        let host = tokio::spawn(serve(listener, app, stopped, Duration::from_millis(200)));

        // One caller has been answered and stays; another has sent half of a request.
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
        let mut head = [0; 15];
        idle.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();

        let told = Instant::now();
        stop.send(()).unwrap();
        host.await.unwrap().unwrap();
        assert!(told.elapsed() < HEAD_LIMIT);
        let mut rest = Vec::new();
        idle.read_to_end(&mut rest).await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
