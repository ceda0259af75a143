//! Counting on the calendar.

use concord_contract::Date;
use jiff::Span;

use crate::maybe::must;

/// The same day so many years before; 28 February where that year has no 29th.
#[must_use]
pub fn years_before(date: Date, years: i64) -> Date {
    must(Span::new().try_years(years).ok().and_then(|span| date.checked_sub(span).ok()))
}

/// The same day so many years after; 28 February where that year has no 29th.
#[must_use]
pub fn years_after(date: Date, years: i64) -> Date {
    must(Span::new().try_years(years).ok().and_then(|span| date.checked_add(span).ok()))
}
