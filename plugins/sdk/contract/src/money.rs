//! Money: a whole number of minor units of one currency.

use core::fmt;

use iso_currency::Currency;
use rust_decimal::Decimal;

/// An amount of money. Two currencies never meet: arithmetic on unlike currencies gives `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units (fen, cent).
    pub minor: i64,
    /// The currency, by ISO 4217.
    pub currency: Currency,
}

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not an optional sign, digits, and at most one point with digits behind it.
    NotANumber,
    /// More digits behind the point than the currency has minor units.
    TooFine,
    /// More than fits in 64 bits of minor units.
    TooLarge,
}

impl Money {
    /// So many minor units of a currency.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }

    /// Digits behind the point in this currency.
    fn exponent(currency: Currency) -> u32 {
        currency.exponent().map_or(0, u32::from)
    }

    /// Reads an amount in major units, such as `1500000.00`. Nothing is rounded.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (major, minor) = match digits.split_once('.') {
            Some((_, "")) => return Err(MoneyError::NotANumber),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if major.is_empty() || !all_digits(major) || !all_digits(minor) {
            return Err(MoneyError::NotANumber);
        }
        let exponent = Self::exponent(currency) as usize;
        if minor.len() > exponent {
            return Err(MoneyError::TooFine);
        }
        let padding = core::iter::repeat_n(b'0', exponent - minor.len());
        let mut total: i64 = 0;
        for digit in major.bytes().chain(minor.bytes()).chain(padding) {
            let digit = i64::from(digit - b'0');
            let digit = if negative { -digit } else { digit };
            total = total
                .checked_mul(10)
                .and_then(|total| total.checked_add(digit))
                .ok_or(MoneyError::TooLarge)?;
        }
        Ok(Money::new(total, currency))
    }

    /// The sum, unless the currencies differ or it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Money) -> Option<Money> {
        if self.currency != other.currency {
            return None;
        }
        Some(Money::new(self.minor.checked_add(other.minor)?, self.currency))
    }

    /// The difference, unless the currencies differ or it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        if self.currency != other.currency {
            return None;
        }
        Some(Money::new(self.minor.checked_sub(other.minor)?, self.currency))
    }

    /// The amount times a rate, cut down to the minor unit (towards nought), unless it does not fit.
    #[must_use]
    pub fn checked_mul(self, rate: Decimal) -> Option<Money> {
        // In whole numbers throughout: a decimal product would be rounded before it is cut.
        let product = i128::from(self.minor).checked_mul(rate.mantissa())?;
        let cut = product.checked_div(10_i128.checked_pow(rate.scale())?)?;
        Some(Money::new(i64::try_from(cut).ok()?, self.currency))
    }

    /// The amount times `part` over `whole`, cut down to the minor unit (towards nought), unless it does
    /// not fit or the whole is nought. Two thirds, which are no exact decimal, are exact here.
    #[must_use]
    pub fn checked_ratio(self, part: i64, whole: i64) -> Option<Money> {
        // Two factors of 64 bits always fit in 128.
        let cut = (i128::from(self.minor) * i128::from(part)).checked_div(i128::from(whole))?;
        Some(Money::new(i64::try_from(cut).ok()?, self.currency))
    }
}

/// Amounts of one currency are ordered; of two they are not.
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

/// The amount in major units with all its minor digits, without the currency: `1500000.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(Self::exponent(self.currency));
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if unit == 1 {
            return write!(f, "{sign}{minor}");
        }
        let width = Self::exponent(self.currency) as usize;
        write!(f, "{sign}{}.{:0width$}", minor / unit, minor % unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(minor: i64, part: i64, whole: i64) -> Option<i64> {
        Money::new(minor, Currency::HKD).checked_ratio(part, whole).map(|money| money.minor)
    }

    #[test]
    fn a_ratio_of_whole_numbers_is_exact_and_cut_down() {
        // 200,000.00 × 2 ÷ 3 is 133,333.33 and a third of a cent; 200,000.01 × 2 ÷ 3 is 133,333.34.
        assert_eq!(ratio(20_000_000, 2, 3), Some(13_333_333));
        assert_eq!(ratio(20_000_001, 2, 3), Some(13_333_334));
        // 0.07 × 3 ÷ 4 is 5 and a quarter cents; 0.02 × 1 ÷ 3 is less than one.
        assert_eq!(ratio(7, 3, 4), Some(5));
        assert_eq!(ratio(2, 1, 3), Some(0));
        assert_eq!(ratio(-7, 3, 4), Some(-5));
    }

    #[test]
    fn a_ratio_fits_wherever_its_result_does() {
        // 2^63 - 1 is 4 × 2,305,843,009,213,693,951 + 3: three times that, and 2 of the rest.
        assert_eq!(ratio(i64::MAX, 3, 4), Some(6_917_529_027_641_081_855));
        assert_eq!(ratio(i64::MAX, i64::MAX, i64::MAX), Some(i64::MAX));
        assert_eq!(ratio(i64::MAX, 2, 1), None);
        assert_eq!(ratio(i64::MIN, 1, -1), None);
        assert_eq!(ratio(100, 1, 0), None);
    }
}
