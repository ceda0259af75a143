//! The one door to the host: in a component its imports, in a test the case that the test built.

use concord_contract::{Date, Decimal, Money, Subject};

use crate::fact::Place;

#[cfg(target_arch = "wasm32")]
use crate::guest::dossier as behind;
#[cfg(not(target_arch = "wasm32"))]
use crate::native::dossier as behind;

macro_rules! door {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $ty:ty),*) -> $result:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name($($argument: $ty),*) -> $result {
            behind::$name($($argument),*)
        }
    )*};
}

door! {
    /// How many items the subject has; `None` when the case does not mention it.
    fn count(subject: Subject) -> Option<u32>;
    /// How many rows a list or table has.
    fn rows(at: Place) -> Option<u32>;
    /// A yes or no.
    fn flag(at: Place) -> Option<bool>;
    /// A whole number.
    fn integer(at: Place) -> Option<i64>;
    /// An exact decimal.
    fn decimal(at: Place) -> Option<Decimal>;
    /// A text.
    fn text(at: Place) -> Option<String>;
    /// The position of an option.
    fn choice(at: Place) -> Option<u32>;
    /// A date.
    fn date(at: Place) -> Option<Date>;
    /// Money.
    fn amount(at: Place) -> Option<Money>;
    /// How many rows a parameter has.
    fn parameter_rows(parameter: u32) -> u32;
    /// A parameter that is a yes or no.
    fn parameter_flag(parameter: u32, row: u32) -> bool;
    /// A parameter that is a whole number.
    fn parameter_integer(parameter: u32, row: u32) -> i64;
    /// A parameter that is an exact decimal.
    fn parameter_decimal(parameter: u32, row: u32) -> Decimal;
    /// A parameter that is a text.
    fn parameter_text(parameter: u32, row: u32) -> String;
    /// A parameter that is the position of an option.
    fn parameter_choice(parameter: u32, row: u32) -> u32;
    /// A parameter that is a date.
    fn parameter_date(parameter: u32, row: u32) -> Date;
    /// A parameter that is money.
    fn parameter_amount(parameter: u32, row: u32) -> Money;
    /// The date that the case is judged on.
    fn as_of() -> Date;
}
