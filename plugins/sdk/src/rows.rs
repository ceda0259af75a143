//! Lists and tables, of facts and of parameters.

use core::marker::PhantomData;

use concord_contract::Truth;

use crate::dossier;
use crate::fact::{Fact, Place, Pull};
use crate::maybe::{Maybe, Number, Read, must};

/// One row of a list or table of facts.
pub trait Row {
    /// The row at this place, whose `fact` is that of the first column.
    #[doc(hidden)]
    fn at(at: Place) -> Self;
}

impl<T> Row for Fact<T> {
    fn at(at: Place) -> Self {
        Fact::at(at)
    }
}

/// A list or table of facts.
#[must_use]
pub struct Rows<R> {
    at: Place,
    of: PhantomData<R>,
}

impl<R: Row> Rows<R> {
    /// The rows at this place. For the code that `policy!` makes.
    #[doc(hidden)]
    pub fn at(at: Place) -> Self {
        Rows { at, of: PhantomData }
    }

    /// How many there are.
    pub fn count(&self) -> Maybe<i64> {
        Maybe(dossier::rows(self.at).map(i64::from))
    }

    fn each(&self) -> Option<impl Iterator<Item = R>> {
        let at = self.at;
        dossier::rows(at).map(|count| (0..count).map(move |row| R::at(Place { row, ..at })))
    }

    /// Whether one row meets it. Undetermined when the rows are not known.
    pub fn any(&self, meets: impl Fn(R) -> Truth) -> Truth {
        self.each().map_or(Truth::Undetermined, |rows| Truth::some(rows.map(meets)))
    }

    /// Whether every row meets it. Undetermined when the rows are not known.
    pub fn every(&self, meets: impl Fn(R) -> Truth) -> Truth {
        self.each().map_or(Truth::Undetermined, |rows| Truth::every(rows.map(meets)))
    }

    /// The sum over all rows. Unknown when a part of it is, and for no rows at all.
    pub fn sum<V: Read>(&self, of: impl Fn(R) -> V) -> Maybe<V::Of>
    where
        V::Of: Number,
    {
        let Some(rows) = self.each() else { return Maybe(None) };
        let mut total = None;
        for row in rows {
            let Some(value) = of(row).get() else { return Maybe(None) };
            total = Some(total.map_or(value, |total: V::Of| must(total.plus(value))));
        }
        Maybe(total)
    }
}

/// One row of a parameter that is a table.
pub trait ParameterRow {
    /// The row of the table whose first column is the parameter at this position.
    #[doc(hidden)]
    fn at(parameter: u32, row: u32) -> Self;
}

impl<T: Pull> ParameterRow for T {
    fn at(parameter: u32, row: u32) -> Self {
        T::parameter(parameter, row)
    }
}

/// The rows of a parameter that is a list or table. For the code that `policy!` makes.
#[doc(hidden)]
pub fn parameter_rows<R: ParameterRow>(parameter: u32) -> impl Iterator<Item = R> {
    (0..dossier::parameter_rows(parameter)).map(move |row| R::at(parameter, row))
}
