//! `concord policy inspect`: what a component declares and imports.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use concord_contract::language::Language;
use serde_json::json;

use crate::cli::{Failed, LanguageArg, Outcome, input, output};
use crate::engine::{Engine, Limits, Policy};

/// Show what a component declares and imports, without running it.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Inspect {
    /// The component; `-` for standard input.
    file: PathBuf,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
    /// The language of titles.
    #[arg(long, value_enum, default_value = "en")]
    language: LanguageArg,
}

impl Inspect {
    pub(super) fn run(&self) -> Outcome {
        let file = self.file.display();
        let bytes = input::bytes(&self.file)?;
        let engine = Engine::new(Limits::default(), None).map_err(|error| anyhow!("{error:#}"))?;
        let policy = engine
            .load(&bytes)
            .map_err(|error| Failed::usage(anyhow!("{file} is refused: {error}")))?;
        let language = Language::from(self.language);
        if self.json {
            output::say_json(&as_json(&policy))?;
        } else {
            output::say(&write_out(&policy, language));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(policy: &Policy) -> serde_json::Value {
    let manifest = &policy.manifest;
    let facts: Vec<_> = manifest
        .facts
        .iter()
        .map(|fact| json!({ "subject": fact.subject, "fact": fact.name, "label": fact.label }))
        .collect();
    let parameters: Vec<_> = manifest
        .parameters
        .iter()
        .map(|one| json!({ "parameter": one.name, "label": one.label, "source": one.sources }))
        .collect();
    let clauses: Vec<_> = manifest
        .clauses
        .iter()
        .map(|one| {
            json!({ "clause": one.id, "group": one.group, "citation": one.citation,
                "source": one.source, "title": one.title })
        })
        .collect();
    let promises: Vec<_> = manifest
        .promises
        .iter()
        .map(|one| {
            json!({ "promise": one.id, "property": one.property.key(),
                "about": one.property.about(manifest), "text": one.text })
        })
        .collect();
    json!({
        "policy": manifest.id,
        "version": manifest.version,
        "kind": manifest.kind,
        "contract": policy.contract,
        "name": manifest.name,
        "digest": policy.digest,
        "bytes": policy.size,
        "imports": policy.imports,
        "facts": facts,
        "parameters": parameters,
        "clauses": clauses,
        "promises": promises,
    })
}

fn write_out(policy: &Policy, language: Language) -> String {
    let manifest = &policy.manifest;
    let mut text = format!(
        "{} {}, a {} policy\n{}\n\ndigest   {}\nsize     {} bytes\ncontract {}\nimports  {}",
        manifest.id,
        manifest.version,
        manifest.kind.as_str(),
        manifest.name.get(language),
        policy.digest,
        policy.size,
        policy.contract,
        policy.imports.join(", "),
    );
    text.push_str("\n\nfacts");
    for fact in &manifest.facts {
        let (subject, label) = (fact.subject.as_str(), fact.label.get(language));
        text.push_str(&format!("\n  {subject}.{}: {label}", fact.name));
    }
    text.push_str("\n\nparameters");
    for one in &manifest.parameters {
        text.push_str(&format!(
            "\n  {}: {}\n    {}",
            one.name,
            one.label.get(language),
            one.sources.join("\n    ")
        ));
    }
    text.push_str("\n\nclauses");
    for one in &manifest.clauses {
        let group = String::from(one.group.clone());
        let title = one.title.get(language);
        text.push_str(&format!("\n  {} ({group}): {title}\n    {}", one.id, one.citation));
    }
    text.push_str("\n\npromises");
    for one in &manifest.promises {
        let about = one.property.about(manifest).join(", ");
        let (key, says) = (one.property.key(), one.text.get(language));
        text.push_str(&format!("\n  {} ({key} {about}): {says}", one.id));
    }
    text
}
