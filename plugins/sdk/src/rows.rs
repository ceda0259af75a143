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

    /// How many rows meet it. Unknown when the rows are not known, or when it cannot be said of one of them;
    /// nought for no rows at all.
    pub fn count_where(&self, meets: impl Fn(R) -> Truth) -> Maybe<i64> {
        let Some(rows) = self.each() else { return Maybe(None) };
        let mut count: i64 = 0;
        for row in rows {
            match meets(row) {
                Truth::Met => count = must(count.checked_add(1)),
                Truth::Unmet => {}
                Truth::Undetermined => return Maybe(None),
            }
        }
        count.into()
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

#[cfg(test)]
mod tests {
    use concord_contract::Subject;

    use super::*;
    use crate::native::{self, Run, Value};

    /// How many of the numbers are at least five; `None` among them is a row that is not known.
    fn fives(numbers: Option<&[Option<i64>]>) -> Maybe<i64> {
        let at = Place { subject: Subject::Project, item: 0, fact: 0, row: 0 };
        let mut case = Run::default();
        if let Some(numbers) = numbers {
            let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            case.rows.insert((at.subject, at.item, at.fact), count);
            for (row, number) in (0..count).zip(numbers) {
                let Some(number) = number else { continue };
                case.facts.insert((at.subject, at.item, at.fact, row), Value::Integer(*number));
            }
        }
        let mut counted = Maybe(None);
        native::run(case, || {
            counted = Rows::<Fact<i64>>::at(at).count_where(|number| number.at_least(5));
        });
        counted
    }

    #[test]
    fn rows_that_meet_it_are_counted() {
        assert_eq!(fives(Some(&[Some(4), Some(5), Some(6)])), 2.into());
        assert_eq!(fives(Some(&[Some(4)])), 0.into());
        assert_eq!(fives(Some(&[])), 0.into());
    }

    #[test]
    fn the_count_is_unknown_when_a_row_is_or_all_are() {
        assert_eq!(fives(Some(&[Some(5), None])), Maybe(None));
        assert_eq!(fives(None), Maybe(None));
    }
}
