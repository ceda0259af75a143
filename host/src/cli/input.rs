//! What commands read: files, standard input, the configuration and what it leads to.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};

use super::Failed;
use crate::config::Config;
use crate::decide::Programs;
use crate::engine::Engine;

/// The bytes of a file; `-` is standard input.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failed> {
    let read = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.with_context(|| format!("cannot read {}", file.display())).map_err(Failed::usage)
}

/// The text of a file; `-` is standard input.
pub(super) fn text(file: &Path) -> Result<String, Failed> {
    String::from_utf8(bytes(file)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failed::usage(anyhow!("{} is not UTF-8 from byte {at} on", file.display()))
    })
}

/// The configuration.
pub(super) fn config(file: &Path) -> Result<Config, Failed> {
    Config::load(file).map_err(Failed::usage)
}

/// The programs of a configuration, with their policies loaded.
pub(super) fn programs(config: &Config) -> Result<Programs, Failed> {
    let engine = engine(config)?;
    Programs::bind(engine, config.programs.clone(), &config.host.policies)
        .map_err(|faults| Failed::usage(config.locate(faults)))
}

/// An engine with the configuration's limits and cache.
pub(super) fn engine(config: &Config) -> Result<Engine, Failed> {
    let (limits, cache) = (config.host.limits.clone(), config.host.cache.clone());
    Engine::new(limits, Some(cache))
        .map_err(|error| anyhow!("cannot start the engine: {error:#}").into())
}
