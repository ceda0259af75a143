//! What the contract's indices are called, for explanations.

use std::fmt;

use concord_contract::Subject;
use concord_contract::manifest::{Manifest, Pull};
use concord_contract::value::Shape;
use serde::{Serialize, Serializer};

/// The names behind a policy's fact and parameter indices.
#[derive(Clone, Debug, Default)]
pub struct Names {
    facts: Vec<Name>,
    parameters: Vec<Name>,
}

/// What one index stands for.
#[derive(Clone, Debug)]
pub struct Name {
    /// The fact or parameter.
    pub name: String,
    /// The unit of its values.
    pub unit: Option<String>,
    /// The position of the fact or parameter in the manifest.
    pub position: usize,
    /// The column within it.
    pub column: usize,
    /// What a fact is about.
    pub subject: Subject,
    /// The column's name, for a table.
    column_name: Option<String>,
    /// Whether it has rows.
    many: bool,
}

impl Names {
    /// The names of a manifest.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Names {
        let fact = |pull: Pull<'_>| {
            let fact = manifest.facts.get(pull.fact)?;
            Some(Name::of(fact.subject, &fact.name, &fact.shape, &pull))
        };
        let parameter = |pull: Pull<'_>| {
            let parameter = manifest.parameters.get(pull.fact)?;
            Some(Name::of(Subject::Project, &parameter.name, &parameter.shape, &pull))
        };
        Names {
            facts: manifest.fact_columns().into_iter().filter_map(fact).collect(),
            parameters: manifest.parameter_columns().into_iter().filter_map(parameter).collect(),
        }
    }

    /// What a fact index stands for.
    #[must_use]
    pub fn fact(&self, index: u32) -> Option<&Name> {
        self.facts.get(index as usize)
    }

    /// What a parameter index stands for.
    #[must_use]
    pub fn parameter(&self, index: u32) -> Option<&Name> {
        self.parameters.get(index as usize)
    }
}

impl Name {
    fn of(subject: Subject, name: &str, shape: &Shape, pull: &Pull<'_>) -> Name {
        let column_name = match shape {
            Shape::Table(columns) => columns.get(pull.column).map(|(name, _)| name.clone()),
            Shape::One(_) | Shape::List(_) => None,
        };
        Name {
            name: name.to_owned(),
            unit: pull.declared.unit.clone(),
            position: pull.fact,
            column: pull.column,
            subject,
            column_name,
            many: !matches!(shape, Shape::One(_)),
        }
    }

    /// A fact's path in the case: `parties/0/sales/2/year`.
    #[must_use]
    pub fn path(&self, item: u32, row: u32) -> Label<'_> {
        Label { item: Some((self.subject, item)), ..self.in_row(row) }
    }

    /// A fact's path without its rows: `parties/0/sales`.
    #[must_use]
    pub fn of_item(&self, item: u32) -> Label<'_> {
        Label { name: Some(&self.name), ..Label::item(self.subject, item) }
    }

    /// The name with its row and column: `brackets/0/rate`.
    #[must_use]
    pub fn in_row(&self, row: u32) -> Label<'_> {
        let column = self.column_name.as_deref();
        Label {
            record: None,
            item: None,
            name: Some(&self.name),
            row: self.many.then_some((row, column)),
        }
    }
}

/// What is named in an explanation, written with slashes: `parties/0`, `parties/0/sales/2/year`, `project/trl`.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    record: Option<&'static str>,
    item: Option<(Subject, u32)>,
    name: Option<&'a str>,
    row: Option<(u32, Option<&'a str>)>,
}

impl<'a> Label<'a> {
    /// An item: `parties/0`, or `project` where there is only one.
    #[must_use]
    pub fn item(subject: Subject, item: u32) -> Label<'a> {
        Label { record: None, item: Some((subject, item)), name: None, row: None }
    }

    /// What is on record of an item: `awards/parties/0`.
    #[must_use]
    pub fn record(record: &'static str, subject: Subject, item: u32) -> Label<'a> {
        Label { record: Some(record), ..Label::item(subject, item) }
    }

    /// The id of an item: `parties/0/id`.
    #[must_use]
    pub fn id(subject: Subject, item: u32) -> Label<'a> {
        Label { name: Some("id"), ..Label::item(subject, item) }
    }

    /// A word by itself.
    #[must_use]
    pub fn word(word: &'a str) -> Label<'a> {
        Label { record: None, item: None, name: Some(word), row: None }
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(record) = self.record {
            f.write_str(record)?;
            f.write_str("/")?;
        }
        if let Some((subject, item)) = self.item {
            f.write_str(subject.as_str())?;
            if subject.is_many() {
                write!(f, "/{item}")?;
            }
        }
        if let Some(name) = self.name {
            if self.item.is_some() {
                f.write_str("/")?;
            }
            f.write_str(name)?;
        }
        if let Some((row, column)) = self.row {
            write!(f, "/{row}")?;
            if let Some(column) = column {
                f.write_str("/")?;
                f.write_str(column)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Label<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Label { record: None, item: None, name: Some(name), row: None } => {
                serializer.serialize_str(name)
            }
            pieces => serializer.collect_str(pieces),
        }
    }
}
