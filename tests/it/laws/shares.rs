//! How cities share an award.

use concord::decide::share;
use concord_contract::{Currency, Money};
use proptest::prelude::*;

proptest! {
    #[test]
    fn shares_are_cut_down_and_add_up_to_the_award(
        minor in 0..=i64::MAX,
        parts in prop::collection::vec(any::<u32>(), 1..9),
    ) {
        let award = Money::new(minor, Currency::CNY);
        let shares = share(award, &parts);
        prop_assert_eq!(shares.len(), parts.len());
        let total: i128 = shares.iter().map(|share| i128::from(share.minor)).sum();
        prop_assert_eq!(total, i128::from(minor));
        let whole: i128 = parts.iter().copied().map(i128::from).sum();
        for (at, (share, part)) in shares.iter().zip(&parts).enumerate() {
            prop_assert!(share.minor >= 0 && *share <= award);
            let exact = i128::from(minor) * i128::from(*part);
            let cut = exact.checked_div(whole).unwrap_or(0);
            if at == 0 {
                // What is left over is less than a minor unit for each of the others.
                let left_over = i128::from(share.minor) - cut;
                let most = if whole == 0 { i128::from(minor) } else { parts.len() as i128 };
                prop_assert!((0..=most).contains(&left_over));
            } else {
                prop_assert_eq!(i128::from(share.minor), cut);
            }
        }
    }
}

#[test]
fn without_a_part_above_nought_all_falls_to_the_first() {
    let shares = share(Money::new(7, Currency::CNY), &[0_u32, 0]);
    assert_eq!(shares.iter().map(|share| share.minor).collect::<Vec<_>>(), [7, 0]);
}

#[test]
fn what_cannot_be_divided_falls_to_the_first() {
    let shares = share(Money::new(100, Currency::CNY), &[1_u32, 1, 1]);
    assert_eq!(shares.iter().map(|share| share.minor).collect::<Vec<_>>(), [34, 33, 33]);
}

#[test]
fn where_nobody_shares_there_are_no_shares() {
    assert!(share::<u32>(Money::new(7, Currency::CNY), &[]).is_empty());
}
