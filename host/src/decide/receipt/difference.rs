//! How two JSON values differ.

use concord_contract::path;
use concord_contract::place::{Path, Step, pointer};
use serde::Serialize;
use serde_json::Value;

/// One place at which two values differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What stands in the first; nothing where there is no such place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// What stands in the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Value>,
}

impl Difference {
    /// All of them, as deep down as they go.
    pub(super) fn between(was: &Value, is: &Value) -> Vec<Difference> {
        let mut found = Vec::new();
        compare(&mut path![], Some(was), Some(is), &mut found);
        found
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
        };
        write!(f, "{}: was {}, is {}", self.pointer, text(&self.was), text(&self.is))
    }
}

fn compare(at: &mut Path, was: Option<&Value>, is: Option<&Value>, found: &mut Vec<Difference>) {
    match (was, is) {
        (Some(Value::Object(was)), Some(Value::Object(is))) => {
            let added = is.keys().filter(|key| !was.contains_key(*key));
            for key in was.keys().chain(added) {
                at.push(Step::from(key));
                compare(at, was.get(key), is.get(key), found);
                at.pop();
            }
        }
        (Some(Value::Array(was)), Some(Value::Array(is))) => {
            for index in 0..was.len().max(is.len()) {
                at.push(Step::from(index));
                compare(at, was.get(index), is.get(index), found);
                at.pop();
            }
        }
        (was, is) if was == is => {}
        (was, is) => {
            found.push(Difference { pointer: pointer(at), was: was.cloned(), is: is.cloned() })
        }
    }
}
