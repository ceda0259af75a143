//! Counting on the calendar.

use concord_contract::Date;

use crate::maybe::{Maybe, Read, must};

/// The same day so many years before; 28 February where that year has no 29th.
#[must_use]
pub fn years_before(date: Date, years: i64) -> Date {
    years_after(date, must(years.checked_neg()))
}

/// The same day so many years after; 28 February where that year has no 29th.
#[must_use]
pub fn years_after(date: Date, years: i64) -> Date {
    let year = i64::from(date.year()).checked_add(years);
    let year = must(year.and_then(|year| i16::try_from(year).ok()));
    // Only 29 February is not in every year.
    let same_day = Date::new(year, date.month(), date.day());
    must(same_day.or_else(|_| Date::new(year, 2, 28)).ok())
}

/// The age in full years: who was born on 29 February is a year older on 1 March of other years. Below nought
/// for who is not born yet.
pub fn age(born: impl Into<Maybe<Date>>, on: Date) -> Maybe<i64> {
    born.into().map(|born| {
        let years = i64::from(on.year()) - i64::from(born.year());
        let birthday_to_come = (on.month(), on.day()) < (born.month(), born.day());
        years - i64::from(birthday_to_come)
    })
}

/// How many days lie between the two, whichever is earlier; nought for the same day.
#[must_use]
pub fn days_between(one: Date, other: Date) -> i64 {
    one.duration_until(other).as_hours().abs() / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::date;

    #[test]
    fn the_29th_of_february_falls_back_to_the_28th_in_other_years() {
        assert_eq!(years_before(date(2024, 2, 29), 1), date(2023, 2, 28));
        assert_eq!(years_before(date(2024, 2, 29), 4), date(2020, 2, 29));
        assert_eq!(years_after(date(2023, 3, 1), 1), date(2024, 3, 1));
        assert_eq!(years_after(date(2024, 12, 31), -4), date(2020, 12, 31));
    }

    #[test]
    fn a_year_of_age_is_full_on_the_birthday() {
        let on = |born, year, month, day| age(born, date(year, month, day)).0;
        let born = date(1990, 11, 1);
        assert_eq!(on(born, 2026, 10, 31), Some(35));
        assert_eq!(on(born, 2026, 11, 1), Some(36));
        assert_eq!(on(date(2026, 11, 1), 2026, 11, 1), Some(0));
        assert_eq!(on(date(2026, 11, 2), 2026, 11, 1), Some(-1));
        let leap_day = date(2004, 2, 29);
        assert_eq!(on(leap_day, 2026, 2, 28), Some(21));
        assert_eq!(on(leap_day, 2026, 3, 1), Some(22));
        assert_eq!(on(leap_day, 2028, 2, 29), Some(24));
        assert_eq!(age(Maybe(None), date(2026, 11, 1)), Maybe(None));
    }

    #[test]
    fn days_are_counted_either_way_and_over_the_29th_of_february() {
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert_eq!(days_between(date(2024, 3, 1), date(2024, 2, 28)), 2);
        assert_eq!(days_between(date(2023, 2, 28), date(2023, 3, 1)), 1);
        assert_eq!(days_between(date(2026, 11, 1), date(2026, 11, 1)), 0);
        assert_eq!(days_between(date(2025, 12, 31), date(2026, 12, 31)), 365);
    }
}
