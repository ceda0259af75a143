//! Decimals that are written as texts, each checked when it is read. None is below nought.

use concord_contract::Decimal;
use concord_contract::raw::Raw;
use concord_contract::value::{self, Column, PERCENT, Type, Value};
use serde::{Deserialize, Serialize};

macro_rules! decimals {
    ($($(#[$doc:meta])* $name:ident, $unit:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub Decimal);

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                decimal(text, $unit).map($name)
            }
        }

        impl From<$name> for String {
            fn from(number: $name) -> String {
                Value::Decimal(number.0).text($unit).to_string()
            }
        }
    )*};
}

decimals! {
    /// A part of a whole: `"40%"`.
    Percentage, Some(PERCENT);
    /// An exact decimal that is not negative: `"60"`.
    Points, None;
    /// What something is multiplied by: `"0.9123"`.
    Factor, None;
}

fn decimal(text: String, unit: Option<&str>) -> Result<Decimal, String> {
    let number = match value::read(&Raw::Text(text), &Column::new(Type::Decimal, unit)) {
        Ok(Some(Value::Decimal(number))) => number,
        Ok(_) => return Err("expected a decimal in a text".to_owned()),
        Err(wrong) => return Err(wrong.to_string()),
    };
    if number < Decimal::ZERO {
        return Err(format!("found {number}, expected nothing below nought"));
    }
    Ok(number)
}
