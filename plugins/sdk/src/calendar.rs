//! Counting on the calendar.

use concord_contract::Date;

use crate::maybe::must;

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
    fn days_are_counted_either_way_and_over_the_29th_of_february() {
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert_eq!(days_between(date(2024, 3, 1), date(2024, 2, 28)), 2);
        assert_eq!(days_between(date(2023, 2, 28), date(2023, 3, 1)), 1);
        assert_eq!(days_between(date(2026, 11, 1), date(2026, 11, 1)), 0);
        assert_eq!(days_between(date(2025, 12, 31), date(2026, 12, 31)), 365);
    }
}
