//! From a component's bytes to a policy that can be run, or a sentence that says why not.

use std::sync::Arc;

use concord_contract::manifest::{Manifest, Mistake, Scope};
use concord_contract::value::Column;
use concord_contract::{CONTRACT, CONTRACT_SECTION, MANIFEST_SECTION, Subject};
use wasmparser::{Parser, Payload};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre};

use super::state::{FactIndex, ParameterIndex, State, Tables};
use super::{Engine, grants};
use crate::domain::digest::sha256;

/// The package that a policy may import from, and no other.
const PACKAGE: &str = "concord:policy/";

/// The first bytes of all WebAssembly.
const MAGIC: &[u8] = b"\0asm";

/// Bytes that a `policy.toml` may have.
const MANIFEST_LIMIT: usize = 512 << 10;

/// A policy that can be run.
pub struct Policy {
    /// What it declares.
    pub manifest: Manifest,
    /// The digest of the component: `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// Bytes of the component.
    pub size: usize,
    /// What it imports, as `interface.function`.
    pub imports: Vec<String>,
    /// The contract version that it was built for.
    pub contract: String,
    pub(super) ready: InstancePre<State>,
    pub(super) decide: ComponentExportIndex,
    pub(super) tables: Arc<Tables>,
}

impl Policy {
    /// What a fact index of the policy is about.
    #[must_use]
    pub fn fact_subject(&self, fact: u32) -> Option<Subject> {
        self.tables.facts.get(fact as usize).map(|index| index.subject)
    }
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({})", self.manifest.id, self.manifest.version, self.digest)
    }
}

/// Why a component is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Larger than the host allows.
    #[error("the file has {found} bytes; a policy may have at most {limit}")]
    TooLarge {
        /// Bytes of the file.
        found: usize,
        /// The limit in force.
        limit: usize,
    },
    /// Not WebAssembly, or damaged.
    #[error("the file is not a WebAssembly component: {0}")]
    NotWasm(String),
    /// WebAssembly, but not a component.
    #[error(
        "the file is a WebAssembly core module; a policy is a component (`concord policy build` makes one)"
    )]
    CoreModule,
    /// Imports from outside the contract.
    #[error("it imports {0}; a policy may import nothing but {PACKAGE}*")]
    ForeignImport(String),
    /// Built for another version of the contract.
    #[error("it was built for version {0} of the contract; this host speaks {CONTRACT}")]
    ContractVersion(String),
    /// A section that every policy has is not there, or is there twice.
    #[error(
        "it has {found} sections {section}; a policy has exactly one (the SDK's policy! macro embeds it)"
    )]
    Section {
        /// Which section.
        section: &'static str,
        /// How many were found.
        found: usize,
    },
    /// The embedded `policy.toml` is larger than any that people write.
    #[error("its policy.toml has {found} bytes; it may have at most {MANIFEST_LIMIT}")]
    ManifestTooLarge {
        /// Bytes of the section.
        found: usize,
    },
    /// The embedded `policy.toml` is wrong.
    #[error("its policy.toml is wrong: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Manifest(Vec<Mistake>),
    /// The component does not do what its `policy.toml` says.
    #[error("the component does not fit its policy.toml: {0}")]
    Misfit(String),
    /// The engine does not take it.
    #[error("the engine does not take it: {0}")]
    Engine(String),
}

pub(super) fn load(engine: &Engine, bytes: &[u8]) -> Result<Policy, LoadError> {
    let limit = engine.limits().component;
    if bytes.len() > limit {
        return Err(LoadError::TooLarge { found: bytes.len(), limit });
    }
    if !bytes.starts_with(MAGIC) {
        return Err(LoadError::NotWasm("it does not begin as WebAssembly does".to_owned()));
    }
    if Parser::is_core_wasm(bytes) {
        return Err(LoadError::CoreModule);
    }
    let outline = Outline::read(bytes)?;
    outline.check_imports()?;
    let contract = outline.contract()?;
    let manifest = outline.manifest()?;

    let digest = sha256(bytes);
    let component = match &engine.cache {
        Some(cache) => cache.get_or_compile(&engine.wasmtime, &digest, bytes),
        None => Component::new(&engine.wasmtime, bytes),
    };
    let component = component.map_err(|error| LoadError::Engine(format!("{error:#}")))?;
    let imports = check_grants(engine, &manifest, &component)?;
    let misfit = |reason: String| LoadError::Misfit(reason);
    let linker = engine.linker(manifest.kind).ok_or_else(|| misfit("unknown kind".into()))?;
    let ready = linker.instantiate_pre(&component).map_err(|error| misfit(format!("{error:#}")))?;
    let decide = find_decide(&component)
        .ok_or_else(|| misfit("it does not export the function decide: func()".into()))?;
    let tables = Arc::new(tables(&manifest));
    Ok(Policy { manifest, digest, size: bytes.len(), imports, contract, ready, decide, tables })
}

/// What can be read of a component without running or compiling it.
#[derive(Default)]
struct Outline<'a> {
    imports: Vec<&'a str>,
    contracts: Vec<&'a [u8]>,
    manifests: Vec<&'a [u8]>,
}

impl<'a> Outline<'a> {
    fn read(bytes: &'a [u8]) -> Result<Outline<'a>, LoadError> {
        let wrong = |error: wasmparser::BinaryReaderError| LoadError::NotWasm(error.to_string());
        let mut outline = Outline::default();
        // Only the outermost component's imports reach the host; those of what is nested are met within.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(wrong)? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        outline.imports.push(import.map_err(wrong)?.name.name);
                    }
                }
                Payload::CustomSection(section) if section.name() == CONTRACT_SECTION => {
                    outline.contracts.push(section.data());
                }
                Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                    outline.manifests.push(section.data());
                }
                _ => {}
            }
        }
        Ok(outline)
    }

    fn check_imports(&self) -> Result<(), LoadError> {
        for import in &self.imports {
            let Some(rest) = import.strip_prefix(PACKAGE) else {
                return Err(LoadError::ForeignImport((*import).to_owned()));
            };
            match rest.split_once('@') {
                Some((_, version)) if version == CONTRACT => {}
                Some((_, version)) => return Err(LoadError::ContractVersion(version.to_owned())),
                None => return Err(LoadError::ContractVersion("(none)".to_owned())),
            }
        }
        Ok(())
    }

    fn contract(&self) -> Result<String, LoadError> {
        let version = only(CONTRACT_SECTION, &self.contracts)?;
        if version != CONTRACT {
            return Err(LoadError::ContractVersion(version.to_owned()));
        }
        Ok(version.to_owned())
    }

    fn manifest(&self) -> Result<Manifest, LoadError> {
        let found = self.manifests.iter().map(|data| data.len()).sum();
        if found > MANIFEST_LIMIT {
            return Err(LoadError::ManifestTooLarge { found });
        }
        Manifest::parse(only(MANIFEST_SECTION, &self.manifests)?).map_err(LoadError::Manifest)
    }
}

fn only<'a>(section: &'static str, found: &[&'a [u8]]) -> Result<&'a str, LoadError> {
    let [data] = found else {
        return Err(LoadError::Section { section, found: found.len() });
    };
    let text = std::str::from_utf8(data);
    text.map_err(|error| LoadError::NotWasm(format!("section {section} is not text: {error}")))
}

/// Holds what the component imports against what it declares, and lists it.
fn check_grants(
    engine: &Engine,
    manifest: &Manifest,
    component: &Component,
) -> Result<Vec<String>, LoadError> {
    let mut functions = Vec::new();
    for (name, item) in component.component_type().imports(&engine.wasmtime) {
        let interface = name.strip_prefix(PACKAGE).unwrap_or(name);
        let interface = interface.split_once('@').map_or(interface, |(interface, _)| interface);
        if !grants::is_of_kind(manifest.kind, interface) {
            let kind = manifest.kind.as_str();
            let reason = format!("it imports {interface}, which a {kind} policy may not");
            return Err(LoadError::Misfit(reason));
        }
        let ComponentItem::ComponentInstance(instance) = item.ty else { continue };
        for (function, item) in instance.exports(&engine.wasmtime) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                grants::may_import(manifest, interface, function).map_err(LoadError::Misfit)?;
                functions.push(format!("{interface}.{function}"));
            }
        }
    }
    Ok(functions)
}

/// The function that judges a case, if the component exports it as the contract has it.
fn find_decide(component: &Component) -> Option<ComponentExportIndex> {
    match component.get_export(None, "decide")? {
        (ComponentItem::ComponentFunc(decide), index) => {
            let plain = decide.params().len() == 0 && decide.results().len() == 0;
            (plain && !decide.async_()).then_some(index)
        }
        _ => None,
    }
}

fn tables(manifest: &Manifest) -> Tables {
    let options = |column: &Column| {
        let choices = manifest.options(column);
        choices.map_or_else(Vec::new, |choices| choices.options.keys().cloned().collect())
    };
    let fact_index = |pull: concord_contract::manifest::Pull<'_>| {
        let subject = manifest.facts.get(pull.fact).map_or(Subject::Project, |fact| fact.subject);
        FactIndex { subject, ty: pull.declared.ty, options: options(pull.declared) }
    };
    let parameter_index = |pull: concord_contract::manifest::Pull<'_>| ParameterIndex {
        parameter: pull.fact,
        column: pull.column,
        ty: pull.declared.ty,
        options: options(pull.declared),
    };
    let scope = |scope| match scope {
        Scope::Case => None,
        Scope::Each(subject) | Scope::Some(subject) => Some(subject),
    };
    Tables {
        facts: manifest.fact_columns().into_iter().map(fact_index).collect(),
        parameters: manifest.parameter_columns().into_iter().map(parameter_index).collect(),
        clauses: manifest.clauses.iter().map(|clause| scope(clause.scope)).collect(),
        funds: manifest.registry.funds.len(),
        notes: manifest.notes.len(),
        entitlements: manifest.entitlements.len(),
        tiers: manifest.tiers.len(),
        criteria: manifest.criteria.len(),
        awards: manifest.registry.awards.clone(),
        listed: manifest.registry.listed.clone(),
        agreed: manifest.registry.agreed.clone(),
        payers: manifest.registry.payers.map_or_else(Vec::new, |position| {
            let choices = manifest.choices.get_index(position);
            choices.map_or_else(Vec::new, |(_, choices)| choices.options.keys().cloned().collect())
        }),
    }
}
