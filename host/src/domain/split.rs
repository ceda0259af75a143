//! Divides an amount over purses. Pure.

/// Divides an amount over places that have room for so much each, in proportion to the room: each part is cut
/// down, and what is left over falls to the first that still have room. Nothing gets more than its room where
/// there is room for all; the parts add up to the amount exactly, unless there is no room at all.
#[must_use]
pub fn split(amount: i64, room: &[i64]) -> Vec<i64> {
    let whole: i128 = room.iter().copied().map(i128::from).sum();
    let cut = |room: &i64| {
        let product = i128::from(amount) * i128::from(*room);
        product.checked_div(whole).and_then(|cut| i64::try_from(cut).ok()).unwrap_or(0)
    };
    let mut parts: Vec<i64> = room.iter().map(cut).collect();
    let mut left = amount - parts.iter().sum::<i64>();
    for (part, room) in parts.iter_mut().zip(room) {
        let more = left.min((room - *part).max(0));
        *part += more;
        left -= more;
    }
    if let Some(first) = parts.first_mut().filter(|_| whole > 0) {
        *first += left;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_in_proportion_and_what_is_left_over_falls_to_the_first() {
        assert_eq!(split(100, &[60, 40]), [60, 40]);
        assert_eq!(split(101, &[600, 400]), [61, 40]);
        assert_eq!(split(5, &[1, 1, 1, 7]), [1, 1, 0, 3]);
        assert_eq!(split(5, &[]), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_overflows(
            room in prop::collection::vec(0_i64..1_000_000_000, 1..9),
            thousandths in 0_i128..=1000,
        ) {
            let whole: i64 = room.iter().sum();
            prop_assume!(whole > 0);
            let amount = i64::try_from(i128::from(whole) * thousandths / 1000).unwrap();
            let parts = split(amount, &room);
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            prop_assert!(parts.iter().zip(&room).all(|(part, room)| part <= room && *part >= 0));
        }
    }
}
