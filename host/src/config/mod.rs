//! From files to checked configuration. Unknown keys are refused; an error names file, line and key.
//!
//! `host` is `config/concord.toml`, `programs` the folder of programs, `entities` the folder of shared
//! entities that a fresh store starts with.

mod entities;
mod host;
mod programs;

use std::fmt;
use std::path::{Path, PathBuf};

use concord_contract::place;
use serde::de::DeserializeOwned;

pub use host::{HostConfig, LogFormat};

use crate::decide::BindFault;
use crate::domain::entities::Entities;
use crate::domain::entity::Entity;
use crate::domain::fault::Fault;
use crate::domain::program::Program;

/// Everything that the files say.
#[derive(Debug)]
pub struct Config {
    /// The host's own settings.
    pub host: HostConfig,
    /// The programs, by id.
    pub programs: Vec<Program>,
    /// The shared entities that a fresh store starts with.
    pub entities: Vec<Entity>,
    sources: Vec<Source>,
}

/// A file as it was read, to find lines in.
#[derive(Debug)]
struct Source {
    file: PathBuf,
    text: String,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; none where the file cannot be read at all.
    pub line: Option<usize>,
    /// The key, such as `bindings[0].policy`.
    pub key: String,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All that is wrong in the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Config {
    /// Reads `concord.toml` and the folders that it names. All mistakes are found at once.
    pub fn load(file: &Path) -> Result<Config, ConfigErrors> {
        let host = HostConfig::load(file).map_err(|error| ConfigErrors(vec![error]))?;
        let mut sources = Vec::new();
        let mut errors = Vec::new();
        let entities = entities::load(&host.entities, &mut errors);
        let programs = programs::load(&host.programs, &entities, &mut sources, &mut errors);
        if errors.is_empty() {
            Ok(Config { host, programs, entities, sources })
        } else {
            Err(ConfigErrors(errors))
        }
    }

    /// The entities of the files, for lookups.
    #[must_use]
    pub fn entities(&self) -> Entities {
        let mut entities = Entities::default();
        for entity in &self.entities {
            // They were checked when they were read: none states more spent than put in.
            let _ = entities.settle(std::sync::Arc::new(entity.clone()));
        }
        entities
    }

    /// What was found wrong when programs were bound, with file and line.
    #[must_use]
    pub fn locate(&self, faults: Vec<BindFault>) -> ConfigErrors {
        let locate = |fault: BindFault| {
            let name = format!("{}.toml", fault.program);
            let source = self.sources.iter().find(|source| source.file.ends_with(&name));
            match source {
                Some(source) => source.error(fault.fault),
                None => {
                    let key = place::dotted(&fault.fault.path);
                    let (file, message) = (self.host.programs.join(name), fault.fault.message);
                    ConfigError { file, line: None, key, message }
                }
            }
        };
        ConfigErrors(faults.into_iter().map(locate).collect())
    }
}

impl Source {
    fn read(file: &Path) -> Result<Source, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let message = format!("cannot read it: {error}");
            ConfigError { file: file.to_owned(), line: None, key: String::new(), message }
        })?;
        Ok(Source { file: file.to_owned(), text })
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        let wrong = |error: &toml::de::Error, key: String| {
            let line = error.span().map(|span| place::line_of_offset(&self.text, span.start));
            let message = error.message().to_owned();
            ConfigError { file: self.file.clone(), line, key, message }
        };
        let document = toml::Deserializer::parse(&self.text);
        let document = document.map_err(|error| wrong(&error, String::new()))?;
        serde_path_to_error::deserialize(document).map_err(|error| {
            let key = error.path().to_string();
            wrong(error.inner(), if key == "." { String::new() } else { key })
        })
    }

    fn error(&self, fault: Fault) -> ConfigError {
        let line = Some(place::line(&self.text, &fault.path));
        let key = place::dotted(&fault.path);
        ConfigError { file: self.file.clone(), line, key, message: fault.message }
    }
}

/// The TOML files of a folder, by name.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot read the folder: {error}");
        ConfigError { file: folder.to_owned(), line: None, key: String::new(), message }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
