//! `config/concord.toml`: the host's own settings.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use concord_contract::path;
use serde::Deserialize;

use super::{ConfigError, Source};
use crate::domain::fault::Fault;
use crate::engine::Limits;

/// The host's own settings. Folders are absolute, or relative to where the process runs.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of the store.
    pub data: PathBuf,
    /// The folder of compiled policies.
    pub cache: PathBuf,
    /// The folder of the keys that receipts are signed with.
    pub keys: PathBuf,
    /// The folder of policies.
    pub policies: PathBuf,
    /// The folder of program files.
    pub programs: PathBuf,
    /// The folder of entity files.
    pub entities: PathBuf,
    /// How long requests under way may take when the host is told to stop.
    pub drain: Duration,
    /// What policies are held to.
    pub limits: Limits,
    /// How logs are written.
    pub log: LogFormat,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// A JSON object a line.
    Json,
    /// For people.
    #[default]
    Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostSource {
    listen: SocketAddr,
    data: PathBuf,
    cache: Option<PathBuf>,
    keys: Option<PathBuf>,
    policies: PathBuf,
    programs: PathBuf,
    entities: PathBuf,
    #[serde(default = "ten_seconds")]
    drain_seconds: u64,
    #[serde(default)]
    limits: LimitsSource,
    #[serde(default)]
    log: LogFormat,
}

fn ten_seconds() -> u64 {
    10
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsSource {
    fuel: Option<u64>,
    deadline_ms: Option<u64>,
    memory_bytes: Option<usize>,
    component_bytes: Option<usize>,
    concurrent: Option<u32>,
}

/// The pages of WebAssembly memory.
const PAGE: usize = 65_536;

impl HostConfig {
    pub(super) fn load(file: &Path) -> Result<HostConfig, ConfigError> {
        let source = Source::read(file)?;
        let HostSource {
            listen,
            data,
            cache,
            keys,
            policies,
            programs,
            entities,
            drain_seconds,
            limits,
            log,
        } = source.parse()?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let resolve = |path: PathBuf| folder.join(path);
        let data = resolve(data);
        Ok(HostConfig {
            listen,
            cache: cache.map_or_else(|| data.join("compiled"), resolve),
            keys: keys.map_or_else(|| data.join("keys"), resolve),
            data,
            policies: resolve(policies),
            programs: resolve(programs),
            entities: resolve(entities),
            drain: Duration::from_secs(drain_seconds),
            limits: check_limits(limits).map_err(|fault| source.error(fault))?,
            log,
        })
    }
}

fn check_limits(source: LimitsSource) -> Result<Limits, Fault> {
    let default = Limits::default();
    let limits = Limits {
        fuel: source.fuel.unwrap_or(default.fuel),
        deadline: source.deadline_ms.map_or(default.deadline, Duration::from_millis),
        memory: source.memory_bytes.unwrap_or(default.memory),
        component: source.component_bytes.unwrap_or(default.component),
        concurrent: source.concurrent.unwrap_or(default.concurrent),
    };
    let fault = |key: &str, message: &str| Err(Fault::new(path!["limits", key], message));
    if limits.fuel == 0 {
        return fault("fuel", "found 0, expected at least 1");
    }
    if limits.deadline.is_zero() {
        return fault("deadline_ms", "found 0, expected at least 1");
    }
    if limits.memory < PAGE || !limits.memory.is_multiple_of(PAGE) {
        return fault("memory_bytes", "expected a multiple of 65536, the page of WebAssembly");
    }
    if !(1..=1000).contains(&limits.concurrent) {
        return fault("concurrent", "expected a number from 1 to 1000");
    }
    Ok(limits)
}
