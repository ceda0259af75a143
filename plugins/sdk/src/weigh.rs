//! Weighs how well two things fit: parts with weights, made into one figure up to a hundred.

use concord_contract::Decimal;

use crate::maybe::{Maybe, Read};

/// As much of a weight as a part is of the whole; all of it where nothing is asked for.
pub fn share(weight: Decimal, part: Maybe<i64>, whole: Maybe<i64>) -> Maybe<Decimal> {
    let both = part.map(|part| weight * Decimal::from(part)).get().zip(whole.get());
    Maybe(both.map(|(part, whole)| part.checked_div(whole.into()).unwrap_or(weight)))
}

/// A weight less such a part of it for each step that is short; never below nought.
pub fn less_for_each(weight: Decimal, loss: Decimal, short: Maybe<i64>) -> Maybe<Decimal> {
    short.map(|short| {
        let left = Decimal::ONE - loss * Decimal::from(short.max(0));
        weight * left.max(Decimal::ZERO)
    })
}

/// What the parts come to of a hundred, cut to two digits, where all weights together are `all`. Unknown where a
/// part is.
pub fn of_hundred(parts: impl Iterator<Item = Maybe<Decimal>>, all: Decimal) -> Maybe<Decimal> {
    let sum = parts.fold(Maybe::from(Decimal::ZERO), |sum, part| sum.plus(part));
    // Made whole at the twelfth digit first, so that three thirds are one; then cut.
    sum.map(|sum| (sum * Decimal::ONE_HUNDRED / all).round_dp(12).trunc_with_scale(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::decimal;

    #[test]
    fn a_share_is_in_proportion_and_whole_where_nothing_is_asked_for() {
        let of = |part, whole| share(decimal("30"), Maybe(part), Maybe(whole));
        assert_eq!(of(Some(1), Some(2)), Maybe(Some(decimal("15.0"))));
        assert_eq!(of(Some(0), Some(0)), Maybe(Some(decimal("30"))));
        assert_eq!(of(None, Some(2)), Maybe(None));
        assert_eq!(of(Some(1), None), Maybe(None));
    }

    #[test]
    fn a_weight_shrinks_with_each_step_and_not_below_nought() {
        let of = |short| less_for_each(decimal("20"), decimal("0.4"), Maybe(Some(short)));
        assert_eq!(of(-2), Maybe(Some(decimal("20"))));
        assert_eq!(of(1), Maybe(Some(decimal("12.0"))));
        assert_eq!(of(3), Maybe(Some(decimal("0"))));
    }

    #[test]
    fn three_thirds_are_a_hundred_and_nothing_is_rounded_up() {
        let third = || share(decimal("1"), Maybe(Some(1)), Maybe(Some(3)));
        let thirds = |number| of_hundred((0..number).map(|_| third()), decimal("1"));
        assert_eq!(thirds(3), Maybe(Some(decimal("100.00"))));
        assert_eq!(thirds(2), Maybe(Some(decimal("66.66"))));
        let open = [third(), Maybe(None)].into_iter();
        assert_eq!(of_hundred(open, decimal("1")), Maybe(None));
    }
}
