//! A real server on a port of its own, with the real policies and a store in a folder of its own.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};
use std::time::Duration;

use concord::apply::Desk;
use concord::config::Config;
use concord::decide::Programs;
use concord::domain::entity::EntityKind;
use concord::domain::program::Program;
use concord::engine::{Engine, Limits};
use concord::http::{App, Parts, metrics, serve};
use concord::keys::Keys;
use concord::review::suite;
use concord::store::{SqliteStore, Store};
use concord_contract::manifest::Manifest;
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::concord::CONFIG;
use super::guests::Guest;
use super::places;

/// Noon in Guangzhou, on the day of the sample cases.
const NOON: &str = "2026-11-01T04:00:00Z";

/// Compiled policies, for all servers.
static COMPILED: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// A server. It ends with the test.
pub struct Server {
    pub address: std::net::SocketAddr,
    pub store: Arc<SqliteStore>,
    client: reqwest::Client,
    programs: Arc<OnceLock<Arc<Programs>>>,
    keys: Arc<Keys>,
    now: Arc<Mutex<Timestamp>>,
    stop: oneshot::Sender<()>,
    host: JoinHandle<std::io::Result<()>>,
    _data: tempfile::TempDir,
}

impl Server {
    /// A server that is ready.
    pub async fn start() -> Server {
        let server = Server::without_policies().await;
        server.load(None);
        server
    }

    /// A server that is ready, with a program more: a guest, under its own name.
    pub async fn with_guest(guest: Guest) -> Server {
        let server = Server::without_policies().await;
        server.load(Some(guest));
        server
    }

    /// A server that is ready, with something changed in one of its programs.
    pub async fn start_with(program: &str, change: impl Fn(&mut Program)) -> Server {
        let server = Server::without_policies().await;
        let mut programs = Config::load(&CONFIG.file()).unwrap().programs;
        change(programs.iter_mut().find(|one| one.id.as_str() == program).unwrap());
        server.load_programs(programs, places::policies());
        server
    }

    /// A server that still waits for its policies.
    pub async fn without_policies() -> Server {
        let config = Config::load(&CONFIG.file()).unwrap();
        let data = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(data.path()).await.unwrap());
        store.seed(config.entities.clone(), Timestamp::UNIX_EPOCH).await.unwrap();
        for program in config.programs {
            store.mirror(program).await.unwrap();
        }
        let programs = Arc::new(OnceLock::new());
        let now = Arc::new(Mutex::new(NOON.parse().unwrap()));
        let clock = now.clone();
        let keys = Keys::open(&data.path().join("keys"), Timestamp::UNIX_EPOCH).unwrap();
        let keys = Arc::new(keys);
        let app = App::from(Parts {
            store: store.clone(),
            programs: programs.clone(),
            keys: keys.clone(),
            policies: places::policies().to_owned(),
            cache: COMPILED.path().to_owned(),
            clock: Arc::new(move || *clock.lock().unwrap()),
            metrics: metrics::recorder().unwrap(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { stopped.await.unwrap_or_default() };
        let host = tokio::spawn(serve(listener, app, stopped, Duration::from_secs(10)));
        let client = reqwest::Client::new();
        Server { address, store, client, programs, keys, now, stop, host, _data: data }
    }

    /// Loads the policies, as the host does when it starts.
    pub fn load(&self, guest: Option<Guest>) {
        let config = Config::load(&CONFIG.file()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut programs = config.programs.clone();
        for entry in std::fs::read_dir(places::policies()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        if let Some(guest) = guest {
            let file = folder.path().join(format!("{}-1.0.0.wasm", guest.name));
            std::fs::write(file, guest.component()).unwrap();
            let manifest = Manifest::parse(&guest.manifest()).unwrap();
            programs.push(suite::program_of(&manifest, &config.entities()).unwrap());
        }
        self.load_programs(programs, folder.path());
    }

    fn load_programs(&self, programs: Vec<Program>, policies: &Path) {
        let cache = Some(Path::new(COMPILED.path()).to_owned());
        // No machine is too slow for the deadline.
        let deadline = Duration::from_secs(60);
        let limits = Limits { concurrent: 8, deadline, ..Limits::default() };
        let engine = Engine::new(limits, cache).unwrap();
        let loaded = Programs::bind(engine, programs, policies).unwrap();
        assert!(self.programs.set(Arc::new(loaded)).is_ok());
    }

    /// Sets what time it is.
    pub fn at(&self, time: &str) {
        *self.now.lock().unwrap() = time.parse().unwrap();
    }

    /// Where it deals with applications.
    pub fn desk(&self) -> Desk {
        let programs = self.programs.get().unwrap().clone();
        Desk { store: self.store.clone(), programs, keys: self.keys.clone() }
    }

    /// What it answers to a POST that is done once for each key.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await
    }

    /// A request to it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// What it answers to a GET.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// What it answers to a check of a program.
    pub async fn check(&self, program: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.request(Method::POST, &format!("/v1/programs/{program}/check"));
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// All that the store holds, to see whether anything changed.
    pub fn content(&self) -> String {
        let entities = self.store.entities();
        let of_kind =
            |kind| entities.all(kind).map(|one| serde_json::to_string(one.as_ref()).unwrap());
        EntityKind::ALL.into_iter().flat_map(of_kind).collect::<Vec<_>>().join("\n")
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.host.await.unwrap().unwrap();
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem that it is, as `status type`, and the pointers to what is wrong.
    pub fn problem(&self) -> (String, Vec<String>) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let document = self.json();
        assert_eq!(document["status"], self.status.as_u16());
        for key in ["title", "detail"] {
            assert!(document[key].as_str().is_some_and(|text| !text.is_empty()), "{self:?}");
        }
        let errors = document["errors"].as_array().cloned().unwrap_or_default();
        let pointer = |error: &Value| error["pointer"].as_str().unwrap().to_owned();
        let kind = document["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned();
        (format!("{} {kind}", self.status.as_u16()), errors.iter().map(pointer).collect())
    }
}
