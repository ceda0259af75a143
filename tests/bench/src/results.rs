//! What was measured over HTTP, kept in a file between the programs that measure and show it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Checks over HTTP.
#[derive(Debug, Serialize, Deserialize)]
pub struct Http {
    /// Concord.
    pub concord: Load,
    /// The same server with the rules in native Rust.
    pub native: Load,
    /// The median over the turns of Concord's rate by that of native Rust.
    pub ratio: f64,
    /// Connections that were busy with these two.
    pub connections: usize,
    /// Checks by Concord beside applications.
    pub checked_by_crowd: Load,
    /// Applications to Concord: decided, signed, recorded, reserved.
    pub recorded: Load,
    /// The median over the turns of its rate by that of checks.
    pub recorded_ratio: f64,
    /// Connections that were busy with these two.
    pub crowd: usize,
    /// The size of an answer's body.
    pub bytes: usize,
}

/// How a server fared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Load {
    /// Requests a second.
    pub rate: f64,
    /// The median latency in microseconds.
    pub p50: u64,
    /// The latency in microseconds that one request in a hundred exceeds.
    pub p99: u64,
}

impl Load {
    /// The turn of the median rate.
    #[must_use]
    pub fn median(turns: &[Load]) -> Load {
        let mut turns = turns.to_vec();
        turns.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        turns.swap_remove(turns.len() / 2)
    }
}

/// The median, of an odd number of values.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.swap_remove(values.len() / 2)
}

impl Http {
    /// Writes it where [`Http::kept`] finds it.
    pub fn keep(&self) -> Result<()> {
        std::fs::write(file(), serde_json::to_string_pretty(self)?)?;
        Ok(())
    }

    /// What the last run measured.
    pub fn kept() -> Result<Http> {
        let file = file();
        let text = std::fs::read_to_string(&file);
        let text = text.with_context(|| format!("cannot read {}", file.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

fn file() -> PathBuf {
    target().join("http.json")
}

/// The median time of a benchmark that criterion ran, in nanoseconds.
pub fn criterion(benchmark: &str) -> Result<f64> {
    #[derive(Deserialize)]
    struct Estimates {
        median: Estimate,
    }
    #[derive(Deserialize)]
    struct Estimate {
        point_estimate: f64,
    }
    let file = target().join("criterion").join(benchmark).join("new/estimates.json");
    let text = std::fs::read_to_string(&file);
    let text =
        text.with_context(|| format!("cannot read {}; `cargo bench` makes it", file.display()))?;
    let estimates: Estimates = serde_json::from_str(&text)?;
    Ok(estimates.median.point_estimate)
}

/// The folder that cargo builds in, and criterion writes to.
fn target() -> PathBuf {
    let given = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"))
}
