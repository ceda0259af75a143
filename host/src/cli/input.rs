//! What commands read: files, standard input, the configuration and what it leads to.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::Failed;
use crate::config::Config;
use crate::decide::{Program, Programs};
use crate::domain::entities::Entities;
use crate::domain::fault::Fault;
use crate::domain::ids::ProgramId;
use crate::engine::Engine;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

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
    if !file.exists() {
        let file = file.display();
        return Err(Failed::usage(anyhow!(
            "found no configuration at {file}; name one with --config or CONCORD_CONFIG"
        )));
    }
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

/// A program by its id.
pub(super) fn program<'a>(
    programs: &'a Programs,
    id: &ProgramId,
) -> Result<&'a Arc<Program>, Failed> {
    programs.get(id).ok_or_else(|| {
        let known: Vec<_> = programs.all().map(|known| known.laid_down.id.to_string()).collect();
        let known = known.join(", ");
        Failed::usage(anyhow!("found the program \"{id}\", expected one of: {known}"))
    })
}

/// The entities of the store, or of the files where there is no store yet.
pub(super) fn entities(config: &Config) -> Result<Entities, Failed> {
    if !config.host.data.join("concord.sqlite").exists() {
        return Ok(config.entities());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = runtime.block_on(SqliteStore::open_read_only(&config.host.data))?;
    Ok(store.entities().as_ref().clone())
}

/// What is wrong in a file, with where.
pub(super) fn faulty(file: &Path, faults: &[Fault]) -> Failed {
    const SHOWN: usize = 20;
    let mut lines: Vec<_> = faults.iter().take(SHOWN).map(|fault| format!("  {fault}")).collect();
    if faults.len() > SHOWN {
        lines.push(format!("  … and {} more", faults.len() - SHOWN));
    }
    Failed::usage(anyhow!("{} cannot be judged:\n{}", file.display(), lines.join("\n")))
}
