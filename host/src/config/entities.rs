//! `config/entities/*.toml`: the shared entities that a fresh store starts with.

use std::path::Path;
use std::sync::Arc;

use concord_contract::path;
use serde::Deserialize;

use super::{ConfigError, Source, toml_files};
use crate::domain::entities::Entities;
use crate::domain::entity::{
    Agreement, City, Entity, EntityKind, Fund, Organisation, Project, Rate, Resource, Talent,
    Voucher,
};
use crate::domain::fault::Fault;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct EntitiesFile {
    cities: Vec<City>,
    funds: Vec<Fund>,
    organisations: Vec<Organisation>,
    talents: Vec<Talent>,
    projects: Vec<Project>,
    vouchers: Vec<Voucher>,
    resources: Vec<Resource>,
    agreements: Vec<Agreement>,
    rates: Vec<Rate>,
}

impl EntitiesFile {
    /// The entities, each with its place in the file.
    fn entities(self) -> Vec<(EntityKind, usize, Entity)> {
        fn of<T>(all: Vec<T>, make: impl Fn(T) -> Entity) -> impl Iterator<Item = (usize, Entity)> {
            all.into_iter().map(make).enumerate()
        }
        of(self.cities, Entity::City)
            .chain(of(self.funds, Entity::Fund))
            .chain(of(self.organisations, Entity::Organisation))
            .chain(of(self.talents, Entity::Talent))
            .chain(of(self.projects, Entity::Project))
            .chain(of(self.vouchers, Entity::Voucher))
            .chain(of(self.resources, Entity::Resource))
            .chain(of(self.agreements, Entity::Agreement))
            .chain(of(self.rates, Entity::Rate))
            .map(|(position, entity)| (entity.kind(), position, entity))
            .collect()
    }
}

/// Reads all files, and holds the entities against each other.
pub(super) fn load(folder: &Path, errors: &mut Vec<ConfigError>) -> Vec<Entity> {
    let files = toml_files(folder).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    let mut known = Entities::default();
    let mut found = Vec::new();
    for file in files {
        let read =
            Source::read(&file).and_then(|source| Ok((source.parse::<EntitiesFile>()?, source)));
        let (parsed, source) = match read {
            Ok(read) => read,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let source = Arc::new(source);
        for (kind, position, entity) in parsed.entities() {
            if known.get(kind, entity.id()).is_some() {
                let message = format!("found \"{}\" a second time", entity.id());
                let at = path![kind.plural(), position, "id"];
                errors.push(source.error(Fault::new(at, message)));
            }
            known.put(Arc::new(entity.clone()));
            found.push((source.clone(), position, entity));
        }
    }
    for (source, position, entity) in &found {
        for fault in known.faults(entity) {
            let at = [path![entity.kind().plural(), *position], fault.path].concat();
            errors.push(source.error(Fault::new(at, fault.message)));
        }
    }
    found.into_iter().map(|(_, _, entity)| entity).collect()
}
