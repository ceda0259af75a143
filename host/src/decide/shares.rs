//! How cities share an award. Pure.

use concord_contract::Money;

/// Divides an amount in parts: each is cut down to the minor unit, and what is left over falls to the first.
/// The parts add up to the amount exactly. Without a part above nought, all falls to the first.
#[must_use]
pub fn share<W: Copy + Into<i128>>(amount: Money, parts: &[W]) -> Vec<Money> {
    let whole: i128 = parts.iter().copied().map(Into::into).sum();
    let cut = |part: W| -> i64 {
        let product = i128::from(amount.minor) * part.into();
        product.checked_div(whole).and_then(|cut| i64::try_from(cut).ok()).unwrap_or(0)
    };
    let mut shares: Vec<_> =
        parts.iter().map(|part| Money::new(cut(*part), amount.currency)).collect();
    let given: i64 = shares.iter().map(|share| share.minor).sum();
    if let Some(first) = shares.first_mut() {
        first.minor += amount.minor - given;
    }
    shares
}
