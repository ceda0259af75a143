//! From a case as it came in to typed facts, with what the entities that it names bring.

use std::collections::HashSet;
use std::sync::Arc;

use concord_contract::place::Path;
use concord_contract::raw::Raw;
use concord_contract::value::{self, Cell, Value};
use concord_contract::{Date, Subject, path};
use indexmap::IndexMap;

use super::bound::Bound;
use super::programs::Edition;
use super::vocabulary::Declared;
use crate::domain::application::Beneficiary;
use crate::domain::case::{Case, Item, item_path};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::facts::{Facts, ItemFacts, PriorAward, Standing};
use crate::domain::fault::Fault;
use crate::domain::program::Program;

/// What a case is typed with.
pub(super) struct Resolver<'a> {
    /// The date that it is judged on.
    pub as_of: Date,
    /// The last day of what is on record.
    pub known_until: Date,
    /// The program.
    pub program: &'a Program,
    /// The rules that are in force.
    pub edition: &'a Edition,
    /// What the case can name.
    pub entities: &'a Entities,
}

impl Resolver<'_> {
    /// Types a case's facts. All faults are found at once.
    pub(super) fn facts(&self, case: &Case) -> Result<Facts, Vec<Fault>> {
        let nothing = IndexMap::new();
        let mut facts = Facts::default();
        let mut faults = Vec::new();
        for (subject, items) in &case.subjects {
            if items.is_empty() && !subject.is_many() {
                continue;
            }
            let declared = self.edition.vocabulary.facts(*subject).unwrap_or(&nothing);
            faults.extend(named_twice(*subject, items));
            let mut resolved = Vec::with_capacity(items.len());
            for (position, item) in items.iter().enumerate() {
                resolved.push(self.item(*subject, position, item, declared, &mut faults));
            }
            facts.set(*subject, resolved);
        }
        if faults.is_empty() { Ok(facts) } else { Err(faults) }
    }
}

/// The facts of a case that say otherwise than what is on record of the entities that it names.
#[must_use]
pub fn overridden(case: &Case, edition: &Edition, entities: &Entities) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (subject, items) in &case.subjects {
        let Some(declared) = edition.vocabulary.facts(*subject) else { continue };
        for (position, item) in items.iter().enumerate() {
            let kind = EntityKind::behind(*subject);
            let entity = item.id.as_deref().and_then(|id| entities.get(kind, id));
            let Some(entity) = entity else { continue };
            for (name, given) in &item.facts {
                let stored = entities.fact(entity, name);
                let (Some(declared), Some(stored)) = (declared.get(name), stored) else { continue };
                let cell = |raw: &Raw| value::read_cell(raw, &declared.shape).ok();
                if cell(given) != cell(&stored) {
                    let mut at = item_path(*subject, position);
                    at.push(name.as_str().into());
                    let message = format!(
                        "found {}, which is not what is on record of \"{}\"; an application goes by the record",
                        given.describe(),
                        entity.id()
                    );
                    faults.push(Fault::new(at, message));
                }
            }
        }
    }
    faults
}

/// One organisation cannot be two parties.
fn named_twice(subject: Subject, items: &[Item]) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (position, item) in items.iter().enumerate() {
        if let Some(id) = item.id.as_deref().filter(|id| !seen.insert(*id)) {
            let message = format!("found \"{id}\" a second time");
            faults.push(Fault::new([item_path(subject, position), path!["id"]].concat(), message));
        }
    }
    faults
}

impl Resolver<'_> {
    fn item(
        &self,
        subject: Subject,
        position: usize,
        item: &Item,
        declared: &IndexMap<String, Declared>,
        faults: &mut Vec<Fault>,
    ) -> ItemFacts {
        let at = |key: &str| -> Path {
            let mut path = item_path(subject, position);
            path.push(key.into());
            path
        };
        let mut given = vec![None; declared.len()];
        for (name, raw) in &item.facts {
            match declared.get_index_of(name).and_then(|place| given.get_mut(place)) {
                Some(given) => *given = Some(raw),
                None => faults.push(unknown_fact(at(name), name, subject, declared)),
            }
        }
        let entity = item.id.as_deref().and_then(|id| {
            let kind = EntityKind::behind(subject);
            let found = self.entities.get(kind, id);
            if found.is_none() {
                let message = format!("found \"{id}\", which is not among the {}", kind.plural());
                faults.push(Fault::new(at("id"), message));
            }
            found
        });
        let id = item.id.clone().map(Raw::Text);
        let mut cells = Vec::with_capacity(declared.len());
        for ((name, declared), given) in declared.iter().zip(given) {
            let given = if name == "id" { id.as_ref() } else { given };
            let cell = match (given, entity) {
                (Some(raw), _) => read(raw, declared, || at(name)),
                (None, Some(entity)) => self.read_stored(entity, name, declared, || at("id")),
                (None, None) => Ok(None),
            };
            cells.push(cell.unwrap_or_else(|fault| {
                faults.push(fault);
                None
            }));
        }
        let standing = entity.map(|entity| Arc::new(self.standing(entity)));
        ItemFacts { entity: item.id.clone(), cells, standing }
    }

    /// A fact that a stored entity gives. What is wrong with it is wrong with the entity that the case names.
    fn read_stored(
        &self,
        entity: &Entity,
        name: &str,
        declared: &Declared,
        at: impl Fn() -> Path,
    ) -> Result<Option<Cell>, Fault> {
        let Some(raw) = self.entities.fact(entity, name) else { return Ok(None) };
        read(&raw, declared, &at).map_err(|fault| {
            let message =
                format!("the stored fact \"{name}\" of {}: {}", entity.id(), fault.message);
            Fault::new(at(), message)
        })
    }

    fn standing(&self, entity: &Entity) -> Standing {
        let beneficiary = Beneficiary::of(entity.kind(), entity.id());
        let mut awards: Vec<_> = entity
            .awards()
            .iter()
            .chain(self.entities.books().awards(&beneficiary))
            // What came later is not held against it.
            .filter(|award| award.on <= self.known_until)
            .map(|award| PriorAward {
                amount: award.amount,
                on: award.on,
                same_program: award.program == self.program.id,
                payer: award.city.clone(),
            })
            .collect();
        awards.sort_by_key(|award| award.on);
        let here = |city| self.program.cities.contains(city);
        let asks = |bound: &Arc<Bound>| !bound.policy.manifest.registry.agreed.is_empty();
        // Looking through all agreements costs time.
        let asked = self.edition.rules.iter().any(asks);
        Standing {
            awards,
            listed: entity.listed() && entity.city().is_some_and(here),
            agreed: asked && self.entities.agreed(entity, self.as_of),
        }
    }
}

fn unknown_fact(
    at: Path,
    name: &str,
    subject: Subject,
    declared: &IndexMap<String, Declared>,
) -> Fault {
    let subject = subject.as_str();
    let message = if declared.is_empty() {
        format!("found the fact \"{name}\"; this program's policies read nothing of {subject}")
    } else {
        let known: Vec<_> = declared.keys().map(String::as_str).collect();
        let known = known.join(", ");
        format!(
            "found the fact \"{name}\", which no policy of this program reads; expected id, {known}"
        )
    };
    Fault::new(at, message)
}

fn read(raw: &Raw, declared: &Declared, at: impl Fn() -> Path) -> Result<Option<Cell>, Fault> {
    let cell = value::read_cell(raw, &declared.shape).map_err(|wrong| Fault::of(at(), &wrong))?;
    if let Some(cell) = &cell {
        check_options(cell, declared, at)?;
    }
    Ok(cell)
}

/// Holds choices against the options, where these are closed.
fn check_options(cell: &Cell, declared: &Declared, at: impl Fn() -> Path) -> Result<(), Fault> {
    for (column, options) in declared.options.iter().enumerate() {
        let Some(options) = options else { continue };
        for row in 0..cell.rows() {
            let Some(Value::Choice(chosen)) = cell.get(row, column) else { continue };
            if !options.contains(chosen) {
                let many = !matches!(cell, Cell::One(_));
                let at = if many { [at(), path![row]].concat() } else { at() };
                let message =
                    format!("found \"{chosen}\", expected one of: {}", options.join(", "));
                return Err(Fault::new(at, message));
            }
        }
    }
    Ok(())
}
