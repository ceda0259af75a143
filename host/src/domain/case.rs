//! A case as it came in: subjects and facts that no policy has laid a type on yet.

use concord_contract::place::Path;
use concord_contract::raw::Raw;
use concord_contract::{Date, Subject, path, value};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::fault::Fault;

/// The most items that a subject may have.
pub const ITEM_LIMIT: usize = 100;

/// A case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// The date to judge it on, if it says.
    pub as_of: Option<Date>,
    /// The subjects that it mentions, with their items.
    pub subjects: Vec<(Subject, Vec<Item>)>,
}

/// One item of a subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The entity that its facts are pulled from.
    pub id: Option<String>,
    /// The facts that the case itself gives; they override the entity's.
    pub facts: Vec<(String, Raw)>,
}

impl Case {
    /// Reads a case. All faults are found at once.
    pub fn read(raw: Raw) -> Result<Case, Vec<Fault>> {
        let Raw::Map(entries) = raw else {
            let message = format!("found {}, expected a case: an object", raw.describe());
            return Err(vec![Fault::new(Path::new(), message)]);
        };
        let mut case = Case::default();
        let mut faults = Vec::new();
        for (key, raw) in entries {
            if key == "as_of" {
                match read_as_of(&raw) {
                    Ok(date) => case.as_of = date,
                    Err(fault) => faults.push(fault),
                }
                continue;
            }
            let Some(subject) = Subject::parse(&key) else {
                let known = Subject::ALL.map(Subject::as_str).join(", ");
                let message =
                    format!("found the key \"{key}\", expected as_of or a subject: {known}");
                faults.push(Fault::new(path![&key], message));
                continue;
            };
            match read_subject(subject, raw) {
                Ok(items) => case.subjects.push((subject, items)),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if faults.is_empty() { Ok(case) } else { Err(faults) }
    }

    /// The items of a subject; `None` where the case does not mention it.
    #[must_use]
    pub fn items(&self, subject: Subject) -> Option<&[Item]> {
        let found = self.subjects.iter().find(|(mentioned, _)| *mentioned == subject);
        found.map(|(_, items)| items.as_slice())
    }
}

/// The text of a case, as it is kept with an application: JSON in which no key is given twice.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct CaseText(Box<RawValue>);

impl CaseText {
    /// The text of what came in. The error is one of the host.
    pub fn of(raw: &Raw) -> serde_json::Result<CaseText> {
        to_raw_value(raw).map(CaseText)
    }

    /// The case that it is the text of.
    pub fn read(&self) -> Result<Case, Vec<Fault>> {
        let raw = serde_json::from_str(self.0.get());
        Case::read(raw.map_err(|error| vec![Fault::new(Path::new(), error.to_string())])?)
    }
}

impl<'de> Deserialize<'de> for CaseText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CaseText, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        serde_json::from_str::<Raw>(text.get()).map_err(D::Error::custom)?;
        Ok(CaseText(text))
    }
}

impl PartialEq for CaseText {
    fn eq(&self, other: &CaseText) -> bool {
        self.0.get() == other.0.get()
    }
}

/// Where an item stands in the case.
#[must_use]
pub fn item_path(subject: Subject, item: usize) -> Path {
    if subject.is_many() { path![subject.as_str(), item] } else { path![subject.as_str()] }
}

pub(super) fn read_as_of(raw: &Raw) -> Result<Option<Date>, Fault> {
    let date = match raw {
        Raw::Date(date) => Some(*date),
        Raw::Text(text) => value::read_date(text),
        _ => None,
    };
    let wrong = || format!("found {}, expected a date such as \"2026-11-01\"", raw.describe());
    date.map(Some).ok_or_else(|| Fault::new(path!["as_of"], wrong()))
}

fn read_subject(subject: Subject, raw: Raw) -> Result<Vec<Item>, Vec<Fault>> {
    if !subject.is_many() {
        return match raw {
            // "Unknown" said aloud is the same as not said.
            Raw::Null => Ok(Vec::new()),
            raw => read_item(|| path![subject.as_str()], raw).map(|item| vec![item]),
        };
    }
    let Raw::List(list) = raw else {
        let message = format!("found {}, expected a list", raw.describe());
        return Err(vec![Fault::new(path![subject.as_str()], message)]);
    };
    if list.len() > ITEM_LIMIT {
        let message = format!("found {} items, expected at most {ITEM_LIMIT}", list.len());
        return Err(vec![Fault::new(path![subject.as_str()], message)]);
    }
    let mut items = Vec::with_capacity(list.len());
    let mut faults = Vec::new();
    for (position, raw) in list.into_iter().enumerate() {
        match read_item(|| path![subject.as_str(), position], raw) {
            Ok(item) => items.push(item),
            Err(wrong) => faults.extend(wrong),
        }
    }
    if faults.is_empty() { Ok(items) } else { Err(faults) }
}

fn read_item(at: impl Fn() -> Path, raw: Raw) -> Result<Item, Vec<Fault>> {
    let Raw::Map(entries) = raw else {
        let message = format!("found {}, expected an object", raw.describe());
        return Err(vec![Fault::new(at(), message)]);
    };
    let mut item = Item { id: None, facts: Vec::with_capacity(entries.len()) };
    for (key, raw) in entries {
        match (key.as_str(), raw) {
            ("id", Raw::Text(id)) => item.id = Some(id),
            ("id", raw) => {
                let message = format!("found {}, expected the id of an entity", raw.describe());
                return Err(vec![Fault::new([at(), path!["id"]].concat(), message)]);
            }
            (_, raw) => item.facts.push((key, raw)),
        }
    }
    Ok(item)
}
