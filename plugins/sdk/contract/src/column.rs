//! What a value is declared to be: its type, its unit, its options and its bounds.

use std::cmp::Ordering::{Equal, Less};

use crate::value::{Type, Value};

/// What one value is declared to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its type.
    pub ty: Type,
    /// Its unit: free text for numbers, `%` for a ratio, the currency for an amount.
    pub unit: Option<String>,
    /// The position in the manifest of the options that a choice is among.
    pub choices: Option<usize>,
    /// The least that a number, date or amount can be.
    pub min: Option<Value>,
    /// The most that it can be.
    pub max: Option<Value>,
}

impl Column {
    /// A value of a type and unit, and nothing more said of it.
    #[must_use]
    pub fn new(ty: Type, unit: Option<&str>) -> Column {
        Column { ty, unit: unit.map(str::to_owned), choices: None, min: None, max: None }
    }

    /// Whether a value is within the bounds. What cannot be compared with a bound is not.
    #[must_use]
    pub fn admits(&self, value: &Value) -> bool {
        let above = self.min.as_ref().is_none_or(|min| value.partial_cmp(min) >= Some(Equal));
        let below = || {
            self.max.as_ref().is_none_or(|max| matches!(value.partial_cmp(max), Some(Less | Equal)))
        };
        above && below()
    }

    /// The value, or the bound that it is beyond.
    #[must_use]
    pub fn nearest(&self, value: Value) -> Value {
        match (&self.min, &self.max) {
            (Some(min), _) if value < *min => min.clone(),
            (_, Some(max)) if value > *max => max.clone(),
            _ => value,
        }
    }

    /// The bounds in words: `at least 0%`, `from 1 to 9`.
    pub(crate) fn bounds(&self) -> String {
        let text = |bound: &Value| bound.text(self.unit.as_deref()).to_string();
        match (self.min.as_ref().map(text), self.max.as_ref().map(text)) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "anything".to_owned(),
        }
    }
}
