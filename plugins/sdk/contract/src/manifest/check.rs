//! From `policy.toml` as written to a checked [`Manifest`].

use indexmap::IndexMap;

use super::parameter::read_parameter;
use super::source::{
    ChoicesSource, ClauseSource, FactSource, LabelSource, ParameterSource, RegistrySource, Source,
    Sources,
};
use super::{Choices, Clause, Fact, Manifest, Mistake, Named, Parameter, Registry, Scope};
use crate::kind::Kind;
use crate::language::{Language, Texts};
use crate::path;
use crate::place::{self, Path};
use crate::subject::Subject;
use crate::value::{Cell, Shape, Type};

/// Names that no fact may have: they mean something else in a case or in code.
const RESERVED: [&str; 4] = ["self", "super", "crate", "item"];

/// How many mistakes are told at once.
const MISTAKES: usize = 100;

/// Where figures and rules may come from.
const SOURCES: [&str; 3] = ["doc", "pub", "ill"];

pub fn check(text: &str) -> Result<Manifest, Vec<Mistake>> {
    let source: Source = toml::from_str(text).map_err(|error| vec![unreadable(text, &error)])?;
    let mut checker = Checker { text, mistakes: Vec::new() };
    let manifest = checker.manifest(source);
    if checker.mistakes.is_empty() { Ok(manifest) } else { Err(checker.mistakes) }
}

fn unreadable(text: &str, error: &toml::de::Error) -> Mistake {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().to_owned();
    Mistake { line: place::line_of_offset(text, offset), key: String::new(), message }
}

pub(super) struct Checker<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
}

impl Checker<'_> {
    pub(super) fn wrong(&mut self, path: Path, message: impl Into<String>) {
        if self.mistakes.len() >= MISTAKES {
            return;
        }
        let line = place::line(self.text, &path);
        self.mistakes.push(Mistake { line, key: place::dotted(&path), message: message.into() });
    }

    fn manifest(&mut self, source: Source) -> Manifest {
        self.id(path!["id"], &source.id);
        if semver::Version::parse(&source.version).is_err() {
            let message = format!("found \"{}\", expected a version such as 1.0.0", source.version);
            self.wrong(path!["version"], message);
        }
        self.texts(path!["name"], &source.name);
        self.only_for(&source);
        let choices = self.choices(source.choices);
        let facts = self.facts(source.facts, &choices);
        let mut manifest = Manifest {
            parameters: self.parameters(source.parameters, &choices),
            registry: self.registry(source.registry, &choices),
            clauses: self.clauses(source.clauses),
            notes: self.named("notes", source.notes),
            entitlements: self.named("entitlements", source.entitlements),
            tiers: self.named("tiers", source.tiers),
            criteria: self.named("criteria", source.criteria),
            id: source.id,
            version: source.version,
            kind: source.kind,
            name: source.name,
            promises: Vec::new(),
            choices,
            facts,
        };
        manifest.promises = self.promises(source.promises, &manifest);
        manifest
    }

    /// Tables that only some kinds of policy have a use for.
    fn only_for(&mut self, source: &Source) {
        let tables = [
            ("entitlements", source.entitlements.is_empty(), vec![Kind::Funding, Kind::Talent]),
            ("tiers", source.tiers.is_empty(), vec![Kind::Talent]),
            ("criteria", source.criteria.is_empty(), vec![Kind::Selection]),
        ];
        for (table, empty, kinds) in tables {
            if !empty && !kinds.contains(&source.kind) {
                let kinds: Vec<_> = kinds.into_iter().map(Kind::as_str).collect();
                let kind = source.kind.as_str();
                let message =
                    format!("a {kind} policy has none; expected kind {}", kinds.join(" or "));
                self.wrong(path![table], message);
            }
        }
        if source.clauses.is_empty() {
            self.wrong(path!["clauses"], "found no clause, expected at least one");
        }
    }

    fn choices(&mut self, source: IndexMap<String, ChoicesSource>) -> IndexMap<String, Choices> {
        let mut checked = IndexMap::new();
        for (name, ChoicesSource { open, options }) in source {
            self.snake(path!["choices", &name], &name);
            if options.is_empty() {
                self.wrong(path!["choices", &name, "options"], "found no option, expected some");
            }
            for (option, texts) in &options {
                self.id(path!["choices", &name, "options", option], option);
                if option == "other" {
                    let message = "\"other\" is what an open choice calls the values not listed";
                    self.wrong(path!["choices", &name, "options", option], message);
                }
                self.texts(path!["choices", &name, "options", option], texts);
            }
            checked.insert(name, Choices { open, options });
        }
        checked
    }

    fn facts(
        &mut self,
        source: IndexMap<Subject, IndexMap<String, FactSource>>,
        choices: &IndexMap<String, Choices>,
    ) -> Vec<Fact> {
        let mut facts = Vec::new();
        for (subject, of_subject) in source {
            for (name, fact) in of_subject {
                let at = path!["facts", subject.as_str(), &name];
                self.snake(at.clone(), &name);
                self.texts(at.clone(), &fact.label);
                let shape = self.shape(at.clone(), fact.shape(), choices);
                let is_text = matches!(&shape, Shape::One(column) if column.ty == Type::Text);
                if name == "id" && !is_text {
                    self.wrong(at, "the fact \"id\" is the id of the entity that is named: a text");
                }
                facts.push(Fact { subject, name, label: fact.label, shape });
            }
        }
        facts
    }

    fn parameters(
        &mut self,
        source: IndexMap<String, ParameterSource>,
        choices: &IndexMap<String, Choices>,
    ) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for (name, parameter) in source {
            let at = path!["parameters", &name];
            self.snake(at.clone(), &name);
            self.texts(at.clone(), &parameter.label);
            let shape = self.shape(at.clone(), parameter.shape(), choices);
            let default = read_parameter(&parameter.default, &shape, choices);
            let default = default.unwrap_or_else(|(below, message)| {
                self.wrong([path!["parameters", &name, "default"], below].concat(), message);
                Cell::List(Vec::new())
            });
            let ParameterSource { label, source: Sources(sources), .. } = parameter;
            for source in &sources {
                self.source(at.clone(), source);
            }
            if sources.len() != 1 && sources.len() != default.rows() {
                let (found, rows) = (sources.len(), default.rows());
                let message =
                    format!("found {found} sources, expected one, or one for each of {rows} rows");
                self.wrong([at, path!["source"]].concat(), message);
            }
            parameters.push(Parameter { name, label, shape, default, sources });
        }
        parameters
    }

    fn registry(
        &mut self,
        source: RegistrySource,
        choices: &IndexMap<String, Choices>,
    ) -> Registry {
        let mut funds = Vec::new();
        for (name, LabelSource { label }) in source.funds {
            self.id(path!["registry", "funds", &name], &name);
            self.texts(path!["registry", "funds", &name], &label);
            funds.push(Named { name, label });
        }
        let (awards, listed, agreed) = (source.awards, source.listed, source.agreed);
        let payers = source.payers.and_then(|name| {
            let at = path!["registry", "payers"];
            let position = self.choices_named(at.clone(), &name, choices);
            if position.is_some() && awards.is_empty() {
                let message = "found who pays awards, but the policy reads none";
                self.wrong(at, message);
            }
            position
        });
        Registry { funds, awards, listed, agreed, payers }
    }

    fn clauses(&mut self, source: IndexMap<String, ClauseSource>) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for (id, clause) in source {
            let at = path!["clauses", &id];
            self.id(at.clone(), &id);
            self.texts(path!["clauses", &id, "title"], &clause.title);
            self.texts(path!["clauses", &id, "unmet"], &clause.unmet);
            self.source(at.clone(), &clause.source);
            if clause.citation.trim().is_empty() {
                self.wrong(path!["clauses", &id, "citation"], "found nothing, expected a citation");
            }
            let scope = match (clause.each, clause.some) {
                (None, None) => Scope::Case,
                (Some(subject), None) => Scope::Each(subject),
                (None, Some(subject)) => Scope::Some(subject),
                (Some(subject), Some(_)) => {
                    self.wrong(at.clone(), "found \"each\" and \"some\", expected one of them");
                    Scope::Each(subject)
                }
            };
            if let Scope::Each(subject) | Scope::Some(subject) = scope
                && !subject.is_many()
            {
                let message = format!("found \"{}\", expected \"parties\"", subject.as_str());
                self.wrong(at, message);
            }
            let ClauseSource { group, citation, source, title, unmet, .. } = clause;
            clauses.push(Clause { id, group, scope, citation, source, title, unmet });
        }
        clauses
    }

    fn named(&mut self, table: &str, source: IndexMap<String, LabelSource>) -> Vec<Named> {
        let mut named = Vec::new();
        for (name, LabelSource { label }) in source {
            self.id(path![table, &name], &name);
            self.texts(path![table, &name], &label);
            named.push(Named { name, label });
        }
        named
    }

    pub(super) fn texts(&mut self, at: Path, texts: &Texts) {
        for language in Language::ALL {
            if texts.get(language).trim().is_empty() {
                let at = [at.clone(), path![language.tag()]].concat();
                self.wrong(at, "found nothing, expected a text");
            }
        }
    }

    fn source(&mut self, at: Path, source: &str) {
        let known = source
            .split_once(':')
            .is_some_and(|(mark, what)| SOURCES.contains(&mark) && !what.trim().is_empty());
        if !known {
            let message =
                format!("found \"{source}\", expected \"doc: …\", \"pub: …\" or \"ill: …\"");
            self.wrong([at, path!["source"]].concat(), message);
        }
    }

    pub(super) fn id(&mut self, at: Path, id: &str) {
        if !is_name(id, '-') {
            let message = format!("found \"{id}\", expected small letters, digits and hyphens");
            self.wrong(at, message);
        }
    }

    pub(super) fn snake(&mut self, at: Path, name: &str) {
        if !is_name(name, '_') {
            let message =
                format!("found \"{name}\", expected small letters, digits and underscores");
            self.wrong(at, message);
        } else if RESERVED.contains(&name) {
            self.wrong(at, format!("the name \"{name}\" is taken"));
        }
    }
}

fn is_name(name: &str, joiner: char) -> bool {
    let body = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joiner;
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(body)
        && !name.ends_with(joiner)
        && name.len() <= 64
}
