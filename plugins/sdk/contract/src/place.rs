//! Where in a TOML file a key stands, so that an error can name its line.

use toml::de::{DeTable, DeValue};

/// One step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into an array.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}

impl From<&String> for Step {
    fn from(key: &String) -> Self {
        Step::Key(key.clone())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// The way to a value, from the top of the document.
pub type Path = Vec<Step>;

/// A path from its steps: `path!["bindings", 0, "policy"]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => { vec![$($crate::place::Step::from($step)),*] };
}

/// The path as a reader writes it: `bindings[0].policy`.
#[must_use]
pub fn dotted(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// The path as a JSON pointer (RFC 6901): `/bindings/0/policy`.
#[must_use]
pub fn pointer(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) => text.extend(["/", &key.replace('~', "~0").replace('/', "~1")]),
            Step::Index(index) => text.push_str(&format!("/{index}")),
        }
    }
    text
}

/// The line, from 1, that a byte of the document stands on.
#[must_use]
pub fn line_of_offset(document: &str, offset: usize) -> usize {
    let before = document.as_bytes().get(..offset).unwrap_or(document.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The line, from 1, of the value at `path`, or of the deepest table above it that is in the file.
#[must_use]
pub fn line(document: &str, path: &[Step]) -> usize {
    let Ok(root) = DeTable::parse(document) else { return 1 };
    let mut offset = 0;
    let mut steps = path.iter();
    let mut table = Some(root.get_ref());
    let mut array = None;
    for step in steps.by_ref() {
        let found = match step {
            Step::Key(key) => table.and_then(|table| {
                table.iter().find(|(name, _)| name.get_ref().as_ref() == key.as_str()).map(
                    |(name, value)| {
                        offset = name.span().start;
                        value
                    },
                )
            }),
            Step::Index(index) => array.and_then(|array: &toml::de::DeArray<'_>| {
                array.get(*index).inspect(|value| offset = value.span().start)
            }),
        };
        (table, array) = match found.map(|value| value.get_ref()) {
            Some(DeValue::Table(inner)) => (Some(inner), None),
            Some(DeValue::Array(inner)) => (None, Some(inner)),
            _ => (None, None),
        };
    }
    line_of_offset(document, offset)
}
