//! Dates in files and messages: TOML's own dates, or texts such as `2026-11-01`.
//!
//! For `#[serde(with = "dates")]`, and `#[serde(default, with = "dates::option")]`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::raw::Raw;
use crate::value::read_date;

/// Writes a date as a text.
pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// Reads a date.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let raw = Raw::deserialize(deserializer)?;
    let date = match &raw {
        Raw::Date(date) => Some(*date),
        Raw::Text(text) => read_date(text),
        _ => None,
    };
    let wrong = || format!("found {}, expected a date such as 2026-11-01", raw.describe());
    date.ok_or_else(|| D::Error::custom(wrong()))
}

/// Dates that may be missing.
pub mod option {
    use super::*;

    /// Writes a date as a text, or nothing.
    pub fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => serializer.collect_str(date),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a date; `null` is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Null => Ok(None),
            raw => super::deserialize(serde::de::value::StringDeserializer::new(match raw {
                Raw::Date(date) => date.to_string(),
                Raw::Text(text) => text,
                other => other.describe(),
            }))
            .map(Some),
        }
    }
}
