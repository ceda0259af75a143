//! Facts: what is pulled from the host, one at a time.

use core::marker::PhantomData;

use concord_contract::{Date, Decimal, Money, Subject};

use crate::dossier;
use crate::maybe::{Maybe, Read};

/// One fact of the case, not pulled yet. Every question put to it ([`Read`]) pulls it.
#[must_use]
pub struct Fact<T> {
    at: Place,
    of: PhantomData<T>,
}

/// Where a fact stands in the dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is about.
    pub subject: Subject,
    /// Which item of the subject.
    pub item: u32,
    /// The position in `policy.toml`.
    pub fact: u32,
    /// Which row of a list or table.
    pub row: u32,
}

impl<T> Clone for Fact<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fact<T> {}

impl<T> Fact<T> {
    /// The fact at this place. For the code that `policy!` makes.
    #[doc(hidden)]
    pub fn at(at: Place) -> Self {
        Fact { at, of: PhantomData }
    }
}

impl<T: Pull> Read for Fact<T> {
    type Of = T;
    fn get(self) -> Option<T> {
        T::fact(self.at)
    }
}

impl<T: Pull> From<Fact<T>> for Maybe<T> {
    fn from(fact: Fact<T>) -> Self {
        Maybe(fact.get())
    }
}

/// A type that facts and parameters may have.
pub trait Pull: Sized {
    /// Pulls a fact.
    fn fact(at: Place) -> Option<Self>;
    /// Pulls a parameter.
    fn parameter(parameter: u32, row: u32) -> Self;
}

/// A list of options. `policy!` makes one for each list of choices in `policy.toml`.
pub trait Choice: Sized {
    /// The option at this position; past the last, "other".
    fn from_index(index: u32) -> Self;
    /// The position of this option.
    fn index(&self) -> u32;
}

impl<C: Choice> Pull for C {
    fn fact(at: Place) -> Option<Self> {
        dossier::choice(at).map(C::from_index)
    }
    fn parameter(parameter: u32, row: u32) -> Self {
        C::from_index(dossier::parameter_choice(parameter, row))
    }
}

macro_rules! pull {
    ($($ty:ty: $fact:ident, $parameter:ident;)*) => {$(
        impl Pull for $ty {
            fn fact(at: Place) -> Option<Self> {
                dossier::$fact(at)
            }
            fn parameter(parameter: u32, row: u32) -> Self {
                dossier::$parameter(parameter, row)
            }
        }
    )*};
}

pull! {
    bool: flag, parameter_flag;
    i64: integer, parameter_integer;
    Decimal: decimal, parameter_decimal;
    String: text, parameter_text;
    Date: date, parameter_date;
    Money: amount, parameter_amount;
}

/// Ends the run: the host gave a position that the closed list of options does not have.
#[doc(hidden)]
#[allow(
    clippy::panic,
    reason = "a policy that cannot go on must end its run: the host says undetermined"
)]
pub fn no_such_option(index: u32) -> ! {
    panic!("no option {index}")
}
