//! Values that may not be known, and the questions that can be put to them.

use concord_contract::{Date, Decimal, Money, Truth};

/// A value worked out from facts: unknown as soon as one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Maybe<T>(pub Option<T>);

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Maybe(Some(value))
    }
}

/// Amounts and numbers that can be put together. What cannot be (two currencies, or more than fits) ends
/// the run, and the ruling is undetermined.
pub trait Number: Copy {
    /// The sum.
    fn plus(self, other: Self) -> Option<Self>;
    /// The difference.
    fn minus(self, other: Self) -> Option<Self>;
}

impl Number for Money {
    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }
    fn minus(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}

impl Number for Decimal {
    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }
    fn minus(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}

impl Number for i64 {
    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }
    fn minus(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}

/// Values of which it can be asked whether two are the same.
pub trait Same {
    /// Whether they are.
    fn same(&self, other: &Self) -> Truth;
}

macro_rules! same {
    ($($ty:ty)*) => {$(
        impl Same for $ty {
            fn same(&self, other: &Self) -> Truth {
                Truth::from(self == other)
            }
        }
    )*};
}

same! { bool i64 String Decimal Date Money }

/// The other side of a question or sum: a value, a fact, or a [`Maybe`].
pub trait Read: Sized {
    /// The type of the value.
    type Of;

    /// The value, if it is known.
    fn get(self) -> Option<Self::Of>;

    /// Whether anything is known.
    fn known(self) -> Truth {
        self.get().is_some().into()
    }

    /// Whether the value passes a test of the author's own.
    fn test(self, passes: impl FnOnce(Self::Of) -> bool) -> Truth {
        self.get().map(passes).into()
    }

    /// The value made into another.
    fn map<U>(self, make: impl FnOnce(Self::Of) -> U) -> Maybe<U> {
        Maybe(self.get().map(make))
    }

    /// What the author's own step makes of the value, which may not be known either.
    fn and_then<R: Read>(self, make: impl FnOnce(Self::Of) -> R) -> Maybe<R::Of> {
        Maybe(self.get().and_then(|value| make(value).get()))
    }

    /// This value, or another one where it is not known.
    fn or(self, other: Self::Of) -> Self::Of {
        self.get().unwrap_or(other)
    }

    /// `self` ≥ `least`. Two currencies cannot be compared: undetermined.
    fn at_least(self, least: impl Into<Maybe<Self::Of>>) -> Truth
    where
        Self::Of: PartialOrd,
    {
        compare(self, least, |order| order.is_ge())
    }

    /// `self` ≤ `most`.
    fn at_most(self, most: impl Into<Maybe<Self::Of>>) -> Truth
    where
        Self::Of: PartialOrd,
    {
        compare(self, most, |order| order.is_le())
    }

    /// `self` > `limit`. For a date: later than.
    fn more_than(self, limit: impl Into<Maybe<Self::Of>>) -> Truth
    where
        Self::Of: PartialOrd,
    {
        compare(self, limit, |order| order.is_gt())
    }

    /// `self` < `limit`. For a date: earlier than.
    fn less_than(self, limit: impl Into<Maybe<Self::Of>>) -> Truth
    where
        Self::Of: PartialOrd,
    {
        compare(self, limit, |order| order.is_lt())
    }

    /// Whether it is more than nought, in whatever currency.
    fn more_than_nought(self) -> Truth
    where
        Self: Read<Of = Money>,
    {
        self.test(|amount| amount.minor > 0)
    }

    /// `least` ≤ `self` ≤ `most`.
    fn between(self, least: Self::Of, most: Self::Of) -> Truth
    where
        Self::Of: PartialOrd,
    {
        let Some(value) = self.get() else { return Truth::Undetermined };
        let at_least = Truth::from(value.partial_cmp(&least).map(|order| order.is_ge()));
        at_least & Truth::from(value.partial_cmp(&most).map(|order| order.is_le()))
    }

    /// Whether it is this value.
    fn is(self, value: Self::Of) -> Truth
    where
        Self::Of: PartialEq,
    {
        self.test(|mine| mine == value)
    }

    /// Whether it is the same as another fact. Two values that an open choice does not list cannot be told
    /// apart: undetermined.
    fn same_as(self, other: impl Into<Maybe<Self::Of>>) -> Truth
    where
        Self::Of: Same,
    {
        let (Some(mine), Maybe(Some(other))) = (self.get(), other.into()) else {
            return Truth::Undetermined;
        };
        mine.same(&other)
    }

    /// Whether it is among these values.
    fn one_of(self, values: impl IntoIterator<Item = Self::Of>) -> Truth
    where
        Self::Of: PartialEq,
    {
        self.test(|mine| values.into_iter().any(|value| value == mine))
    }

    /// The smaller of the two.
    fn min(self, other: impl Into<Maybe<Self::Of>>) -> Maybe<Self::Of>
    where
        Self::Of: PartialOrd,
    {
        both(self, other, |mine, other| {
            Some(if mine.partial_cmp(&other)?.is_le() { mine } else { other })
        })
    }

    /// The larger of the two.
    fn max(self, other: impl Into<Maybe<Self::Of>>) -> Maybe<Self::Of>
    where
        Self::Of: PartialOrd,
    {
        both(self, other, |mine, other| {
            Some(if mine.partial_cmp(&other)?.is_ge() { mine } else { other })
        })
    }

    /// The sum.
    fn plus(self, other: impl Into<Maybe<Self::Of>>) -> Maybe<Self::Of>
    where
        Self::Of: Number,
    {
        both(self, other, Number::plus)
    }

    /// The difference.
    fn minus(self, other: impl Into<Maybe<Self::Of>>) -> Maybe<Self::Of>
    where
        Self::Of: Number,
    {
        both(self, other, Number::minus)
    }

    /// The amount times a rate, cut down to the minor unit, never up.
    fn times(self, rate: impl Into<Maybe<Decimal>>) -> Maybe<Money>
    where
        Self: Read<Of = Money>,
    {
        let (Some(amount), Maybe(Some(rate))) = (self.get(), rate.into()) else {
            return Maybe(None);
        };
        Maybe(Some(must(amount.checked_mul(rate))))
    }

    /// The amount times `part` over `whole`, such as two thirds: exact, then cut down to the minor unit,
    /// never up.
    fn times_ratio(self, part: impl Into<Maybe<i64>>, whole: impl Into<Maybe<i64>>) -> Maybe<Money>
    where
        Self: Read<Of = Money>,
    {
        let (Some(amount), Maybe(Some(part)), Maybe(Some(whole))) =
            (self.get(), part.into(), whole.into())
        else {
            return Maybe(None);
        };
        Maybe(Some(must(amount.checked_ratio(part, whole))))
    }

    /// Yes or no.
    fn holds(self) -> Truth
    where
        Self: Read<Of = bool>,
    {
        self.get().into()
    }
}

impl<T> Read for Maybe<T> {
    type Of = T;
    fn get(self) -> Option<T> {
        self.0
    }
}

fn compare<R: Read>(
    mine: R,
    other: impl Into<Maybe<R::Of>>,
    holds: impl FnOnce(core::cmp::Ordering) -> bool,
) -> Truth
where
    R::Of: PartialOrd,
{
    let (Some(mine), Maybe(Some(other))) = (mine.get(), other.into()) else {
        return Truth::Undetermined;
    };
    mine.partial_cmp(&other).map(holds).into()
}

fn both<R: Read>(
    mine: R,
    other: impl Into<Maybe<R::Of>>,
    join: impl FnOnce(R::Of, R::Of) -> Option<R::Of>,
) -> Maybe<R::Of> {
    let (Some(mine), Maybe(Some(other))) = (mine.get(), other.into()) else {
        return Maybe(None);
    };
    Maybe(Some(must(join(mine, other))))
}

#[allow(
    clippy::expect_used,
    reason = "a policy that cannot go on must end its run: the host says undetermined"
)]
pub(crate) fn must<T>(value: Option<T>) -> T {
    value.expect("two currencies, more than fits, or a part of nought")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hkd;

    #[test]
    fn a_ratio_is_cut_down_and_unknown_as_soon_as_a_part_of_it_is() {
        let amount = Maybe::from(hkd("200000.00"));
        // 133,333.33 and a third of a cent
        assert_eq!(amount.times_ratio(2, 3), hkd("133333.33").into());
        assert_eq!(amount.times_ratio(Maybe(None), 3), Maybe(None));
        assert_eq!(amount.times_ratio(2, Maybe(None)), Maybe(None));
        assert_eq!(Maybe(None).times_ratio(2, 3), Maybe(None));
    }

    #[test]
    fn the_least_that_is_more_than_nought_is_one_minor_unit() {
        assert_eq!(Maybe::from(hkd("0.01")).more_than_nought(), Truth::Met);
        assert_eq!(Maybe::from(hkd("0.00")).more_than_nought(), Truth::Unmet);
        assert_eq!(Maybe::from(hkd("-0.01")).more_than_nought(), Truth::Unmet);
        assert_eq!(Maybe(None).more_than_nought(), Truth::Undetermined);
    }

    #[test]
    fn a_step_from_a_value_is_unknown_where_either_is() {
        let half = |number: i64| Maybe((number % 2 == 0).then_some(number / 2));
        assert_eq!(Maybe::from(6).and_then(half), 3.into());
        assert_eq!(Maybe::from(7).and_then(half), Maybe(None));
        assert_eq!(Maybe(None).and_then(half), Maybe(None));
    }

    #[test]
    #[should_panic(expected = "a part of nought")]
    fn a_part_of_nought_ends_the_run() {
        let _ = Maybe::from(hkd("1.00")).times_ratio(1, 0);
    }
}
