//! `policy.toml` as it is written. Unknown keys are refused.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::language::Texts;
use crate::raw::Raw;
use crate::subject::Subject;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: String,
    pub version: String,
    pub kind: Kind,
    pub name: Texts,
    #[serde(default)]
    pub choices: IndexMap<String, ChoicesSource>,
    #[serde(default)]
    pub facts: IndexMap<Subject, IndexMap<String, FactSource>>,
    #[serde(default)]
    pub parameters: IndexMap<String, ParameterSource>,
    #[serde(default)]
    pub registry: RegistrySource,
    #[serde(default)]
    pub clauses: IndexMap<String, ClauseSource>,
    #[serde(default)]
    pub promises: IndexMap<String, PromiseSource>,
    #[serde(default)]
    pub notes: IndexMap<String, LabelSource>,
    #[serde(default)]
    pub entitlements: IndexMap<String, LabelSource>,
    #[serde(default)]
    pub tiers: IndexMap<String, LabelSource>,
    #[serde(default)]
    pub criteria: IndexMap<String, LabelSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoicesSource {
    #[serde(default)]
    pub open: bool,
    pub options: IndexMap<String, Texts>,
}

/// The types of a column, and the two that hold several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeSource {
    Flag,
    Integer,
    Decimal,
    Text,
    Choice,
    Date,
    Amount,
    List,
    Table,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSource {
    #[serde(rename = "type")]
    pub ty: TypeSource,
    pub of: Option<TypeSource>,
    pub unit: Option<String>,
    pub choices: Option<String>,
    pub min: Option<Raw>,
    pub max: Option<Raw>,
    #[serde(default)]
    pub columns: IndexMap<String, ColumnSource>,
    pub label: Texts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterSource {
    #[serde(rename = "type")]
    pub ty: TypeSource,
    pub of: Option<TypeSource>,
    pub unit: Option<String>,
    pub choices: Option<String>,
    pub min: Option<Raw>,
    pub max: Option<Raw>,
    #[serde(default)]
    pub columns: IndexMap<String, ColumnSource>,
    pub label: Texts,
    pub default: Raw,
    pub source: Sources,
}

/// Where figures come from: one mark for all of them, or one for each row of a list or table.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Sources(pub Vec<String>);

impl TryFrom<Raw> for Sources {
    type Error = String;
    fn try_from(raw: Raw) -> Result<Self, String> {
        let mark = |raw: Raw| match raw {
            Raw::Text(text) => Ok(text),
            raw => Err(format!("found {}, expected a text such as \"pub: …\"", raw.describe())),
        };
        match raw {
            Raw::List(rows) => rows.into_iter().map(mark).collect::<Result<_, _>>().map(Sources),
            raw => mark(raw).map(|mark| Sources(vec![mark])),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSource {
    #[serde(rename = "type")]
    pub ty: TypeSource,
    pub unit: Option<String>,
    pub choices: Option<String>,
    pub min: Option<Raw>,
    pub max: Option<Raw>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySource {
    #[serde(default)]
    pub funds: IndexMap<String, LabelSource>,
    #[serde(default)]
    pub awards: Vec<Subject>,
    #[serde(default)]
    pub listed: Vec<Subject>,
    #[serde(default)]
    pub agreed: Vec<Subject>,
    pub payers: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseSource {
    #[serde(default)]
    pub group: Group,
    pub each: Option<Subject>,
    pub some: Option<Subject>,
    pub citation: String,
    pub source: String,
    pub title: Texts,
    pub unmet: Texts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseSource {
    pub more: Option<String>,
    pub less: Option<String>,
    pub swap: Option<Vec<String>>,
    pub at_most: Option<String>,
    pub unaffected_by: Option<String>,
    pub text: Texts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSource {
    pub label: Texts,
}

/// How a clause counts towards the ruling: `all`, `any`, `any:NAME` or `advisory`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Group {
    /// It must be met.
    #[default]
    All,
    /// One of the clauses with the same name must be met.
    Any(String),
    /// It is told, and changes nothing.
    Advisory,
}

impl TryFrom<String> for Group {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "all" => Ok(Group::All),
            None if text == "advisory" => Ok(Group::Advisory),
            None if text == "any" => Ok(Group::Any(String::new())),
            Some(("any", name)) if !name.is_empty() => Ok(Group::Any(name.to_owned())),
            _ => Err(format!("found \"{text}\", expected all, any, any:NAME or advisory")),
        }
    }
}

impl From<Group> for String {
    fn from(group: Group) -> String {
        match group {
            Group::All => "all".into(),
            Group::Advisory => "advisory".into(),
            Group::Any(name) if name.is_empty() => "any".into(),
            Group::Any(name) => format!("any:{name}"),
        }
    }
}

/// The keys of a shape, wherever they stand.
pub struct ShapeSource<'a> {
    pub ty: TypeSource,
    pub of: Option<TypeSource>,
    pub unit: Option<&'a str>,
    pub choices: Option<&'a str>,
    pub min: Option<&'a Raw>,
    pub max: Option<&'a Raw>,
    pub columns: &'a IndexMap<String, ColumnSource>,
}

impl FactSource {
    pub fn shape(&self) -> ShapeSource<'_> {
        ShapeSource {
            ty: self.ty,
            of: self.of,
            unit: self.unit.as_deref(),
            choices: self.choices.as_deref(),
            min: self.min.as_ref(),
            max: self.max.as_ref(),
            columns: &self.columns,
        }
    }
}

impl ParameterSource {
    pub fn shape(&self) -> ShapeSource<'_> {
        ShapeSource {
            ty: self.ty,
            of: self.of,
            unit: self.unit.as_deref(),
            choices: self.choices.as_deref(),
            min: self.min.as_ref(),
            max: self.max.as_ref(),
            columns: &self.columns,
        }
    }
}
