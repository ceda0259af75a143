//! Untyped input, as it stood in a JSON or TOML document.
//!
//! A key given twice is refused, and no number passes through a floating-point value unnoticed.

use std::fmt;

use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::value::{Value, read_date};

/// The key under which the `toml` crate hands a date over.
const TOML_DATE: &str = "$__toml_private_datetime";

/// A value that no type has been laid on yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// JSON's `null`: said to be unknown.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number, which may already have lost digits.
    Inexact(f64),
    /// A text.
    Text(String),
    /// A date, which only TOML has.
    Date(Date),
    /// A list.
    List(Vec<Raw>),
    /// Keys and values, in their order, no key twice.
    Map(Vec<(String, Raw)>),
}

impl Raw {
    /// A value as a case gives it; `unit` is the one that it is declared with.
    #[must_use]
    pub fn of(value: &Value, unit: Option<&str>) -> Raw {
        let text = || value.text(unit).to_string();
        match value {
            Value::Flag(flag) => Raw::Flag(*flag),
            Value::Integer(number) => Raw::Integer(*number),
            Value::Date(date) => Raw::Date(*date),
            Value::Decimal(_) | Value::Text(_) | Value::Choice(_) => Raw::Text(text()),
            Value::Amount(money) => Raw::Map(vec![
                ("amount".to_owned(), Raw::Text(text())),
                ("currency".to_owned(), Raw::Text(money.currency.code().to_owned())),
            ]),
        }
    }

    /// What it is, for an error message.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Raw::Null => "null".into(),
            Raw::Flag(flag) => flag.to_string(),
            Raw::Integer(number) => format!("the number {number}"),
            Raw::Inexact(number) => format!("the number {number:?}"),
            Raw::Text(text) if text.chars().count() > 40 => {
                format!("the text \"{}…\"", text.chars().take(40).collect::<String>())
            }
            Raw::Text(text) => format!("the text \"{text}\""),
            Raw::Date(date) => format!("the date {date}"),
            Raw::List(_) => "a list".into(),
            Raw::Map(_) => "an object".into(),
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Inexact(number as f64), Raw::Integer))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Inexact(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries: Vec<(String, Raw)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == TOML_DATE {
                let text: String = map.next_value()?;
                let wrong = || format!("found {text}, expected a date such as 2026-11-01");
                return read_date(&text).map(Raw::Date).ok_or_else(|| Error::custom(wrong()));
            }
            entries.push((key, map.next_value()?));
        }
        match twice(&entries) {
            Some(key) => Err(Error::custom(format!("the key \"{key}\" is given twice"))),
            None => Ok(Raw::Map(entries)),
        }
    }
}

/// A key that is given twice.
fn twice(entries: &[(String, Raw)]) -> Option<&str> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.array_windows().find_map(|[one, next]| (one == next).then_some(*one))
}

/// As JSON; a date is a text.
impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Raw::Null => serializer.serialize_unit(),
            Raw::Flag(flag) => serializer.serialize_bool(*flag),
            Raw::Integer(number) => serializer.serialize_i64(*number),
            Raw::Inexact(number) => serializer.serialize_f64(*number),
            Raw::Text(text) => serializer.serialize_str(text),
            Raw::Date(date) => serializer.collect_str(date),
            Raw::List(list) => serializer.collect_seq(list),
            Raw::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, raw)| (key, raw)))
            }
        }
    }
}
