//! What the contract's indices are called, for explanations.

use std::borrow::Cow;
use std::fmt::Write;

use concord_contract::Subject;
use concord_contract::manifest::{Manifest, Pull};
use concord_contract::value::Shape;

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
    /// The path of a fact that there is one of: `project/trl`.
    whole: String,
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
            whole: format!("{}/{name}", subject.as_str()),
            column_name,
            many: !matches!(shape, Shape::One(_)),
        }
    }

    /// A fact's path in the case: `parties/0/sales/2/year`.
    #[must_use]
    pub fn path(&self, item: u32, row: u32) -> Cow<'_, str> {
        if !self.many {
            return self.of_item(item);
        }
        let mut path = self.of_item(item).into_owned();
        self.push_row(&mut path, row);
        Cow::Owned(path)
    }

    /// A fact's path without its rows: `parties/0/sales`.
    #[must_use]
    pub fn of_item(&self, item: u32) -> Cow<'_, str> {
        if !self.subject.is_many() {
            return Cow::Borrowed(&self.whole);
        }
        let mut path = item_name(self.subject, item).into_owned();
        path.push('/');
        path.push_str(&self.name);
        Cow::Owned(path)
    }

    /// The name with its row and column: `brackets/0/rate`.
    #[must_use]
    pub fn in_row(&self, row: u32) -> Cow<'_, str> {
        if !self.many {
            return Cow::Borrowed(&self.name);
        }
        let mut name = String::with_capacity(ROOM);
        name.push_str(&self.name);
        self.push_row(&mut name, row);
        Cow::Owned(name)
    }

    fn push_row(&self, path: &mut String, row: u32) {
        push_number(path, row);
        if let Some(column) = &self.column_name {
            path.push('/');
            path.push_str(column);
        }
    }
}

/// Room for most paths, so that they are made in one piece.
const ROOM: usize = 40;

/// An item as paths name it: `parties/0`, `project`.
pub(super) fn item_name(subject: Subject, item: u32) -> Cow<'static, str> {
    if !subject.is_many() {
        return Cow::Borrowed(subject.as_str());
    }
    let mut name = String::with_capacity(ROOM);
    name.push_str(subject.as_str());
    push_number(&mut name, item);
    Cow::Owned(name)
}

fn push_number(path: &mut String, number: u32) {
    path.push('/');
    let _ = write!(path, "{number}");
}
