//! Canonical JSON (RFC 8785): one text for one value, so that its bytes can be signed and compared.

use std::cmp::Ordering;

use concord_contract::raw::Raw;
use serde::Serialize;

use super::whole;

/// A value that has no canonical text, or a text that is not canonical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncanonical {
    /// Not JSON, or JSON with a key given twice.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// A number that a reader may take for another.
    #[error("found {0}, expected whole numbers of at most 53 bits (larger ones are texts)")]
    Number(String),
    /// Another text stands for the same value.
    #[error("it is JSON, but not in the canonical form of RFC 8785")]
    OtherForm,
}

/// The canonical text of a value.
///
/// No receipt has fractions, and no number beyond 2^53 - 1: these are refused, and so is whatever is not JSON.
pub fn canonical(value: &impl Serialize) -> Result<String, Uncanonical> {
    let wrong = |error: serde_json::Error| Uncanonical::NotJson(error.to_string());
    let mut raw: Raw =
        serde_json::from_slice(&serde_json::to_vec(value).map_err(wrong)?).map_err(wrong)?;
    check_numbers(&raw)?;
    sort(&mut raw);
    serde_json::to_string(&raw).map_err(wrong)
}

/// The order of the standard for keys: by UTF-16 code units.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// Puts the keys in order. Where numbers are whole, that is all that is between compact JSON and its canonical form.
fn sort(raw: &mut Raw) {
    match raw {
        Raw::List(list) => list.iter_mut().for_each(sort),
        Raw::Map(entries) => {
            entries.sort_by(|(one, _), (other, _)| order(one, other));
            entries.iter_mut().for_each(|(_, value)| sort(value));
        }
        Raw::Null
        | Raw::Flag(_)
        | Raw::Integer(_)
        | Raw::Inexact(_)
        | Raw::Text(_)
        | Raw::Date(_) => {}
    }
}

/// A text as JSON, if it is in the canonical form.
pub(super) fn parse(text: &str) -> Result<Raw, Uncanonical> {
    let wrong = |error: serde_json::Error| Uncanonical::NotJson(error.to_string());
    let raw: Raw = serde_json::from_str(text).map_err(wrong)?;
    if canonical(&raw)? == text { Ok(raw) } else { Err(Uncanonical::OtherForm) }
}

fn check_numbers(raw: &Raw) -> Result<(), Uncanonical> {
    match raw {
        Raw::Integer(number) if !whole::fits(i128::from(*number)) => {
            Err(Uncanonical::Number(raw.describe()))
        }
        Raw::Inexact(_) => Err(Uncanonical::Number(raw.describe())),
        Raw::List(list) => list.iter().try_for_each(check_numbers),
        Raw::Map(entries) => entries.iter().try_for_each(|(_, value)| check_numbers(value)),
        Raw::Null | Raw::Flag(_) | Raw::Integer(_) | Raw::Text(_) | Raw::Date(_) => Ok(()),
    }
}
