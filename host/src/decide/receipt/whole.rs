//! Whole numbers in JSON. A number there is a double (RFC 8785), so that one beyond 2^53 - 1 is written as a
//! text; each has one form only.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::canonical::order;

/// The largest whole number whose neighbours are all doubles too.
pub(super) const LARGEST: u64 = (1 << 53) - 1;

/// Whether it can be a number in JSON.
pub(super) fn fits(number: i128) -> bool {
    number.unsigned_abs() <= u128::from(LARGEST)
}

/// A value whose numbers beyond the largest are texts, and whose keys are in order.
pub(super) fn safe(value: Value) -> Value {
    match value {
        Value::Number(number) => match whole(&number) {
            Some(whole) if !fits(whole) => Value::String(whole.to_string()),
            _ => Value::Number(number),
        },
        Value::Array(values) => Value::Array(values.into_iter().map(safe).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().collect();
            entries.sort_by(|(one, _), (other, _)| order(one, other));
            Value::Object(entries.into_iter().map(|(key, value)| (key, safe(value))).collect())
        }
        other => other,
    }
}

/// The number that a text stands for, if it had to be a text.
pub(super) fn of_text(text: &str) -> Option<i128> {
    let number: i128 = text.parse().ok()?;
    (!fits(number) && number.to_string() == text).then_some(number)
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// For `#[serde(with = "whole")]`.
pub(super) fn serialize<S: Serializer, T: Copy + Into<i128>>(
    number: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let number: i128 = (*number).into();
    match i64::try_from(number) {
        Ok(small) if fits(number) => small.serialize(serializer),
        _ => serializer.collect_str(&number),
    }
}

/// For `#[serde(with = "whole")]`.
pub(super) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<i128>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = match &value {
        Value::Number(number) => whole(number).filter(|number| fits(*number)),
        Value::String(text) => of_text(text),
        _ => None,
    };
    let read = number.and_then(|number| T::try_from(number).ok());
    read.ok_or_else(|| D::Error::custom(format!("found {value}, expected a whole number")))
}
