//! `config/programs/*.toml`: one program a file.

use std::path::Path;
use std::sync::Arc;

use concord_contract::path;

use super::{ConfigError, Source, toml_files};
use crate::domain::entities::Entities;
use crate::domain::entity::Entity;
use crate::domain::fault::Fault;
use crate::domain::program::Program;

/// Reads the programs, and holds them against the entities that they name, if these could all be read.
pub(super) fn load(
    folder: &Path,
    entities: &[Entity],
    sources: &mut Vec<Source>,
    errors: &mut Vec<ConfigError>,
) -> Vec<Program> {
    let all_known = errors.is_empty();
    let files = toml_files(folder).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    let mut known = Entities::default();
    for entity in entities {
        known.put(Arc::new(entity.clone()));
    }
    let mut programs = Vec::new();
    for file in files {
        let read = Source::read(&file).and_then(|source| Ok((source.parse::<Program>()?, source)));
        let (program, source) = match read {
            Ok(read) => read,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem != program.id.as_str() {
            let message =
                format!("found \"{}\", expected \"{stem}\", the name of the file", program.id);
            errors.push(source.error(Fault::new(path!["id"], message)));
        }
        if all_known {
            let faults = known.faults(&Entity::Program(Box::new(program.clone())));
            errors.extend(faults.into_iter().map(|fault| source.error(fault)));
        }
        sources.push(source);
        programs.push(program);
    }
    programs
}
