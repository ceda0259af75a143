//! Dated exchange rates: the only way in which two currencies meet.

use concord_contract::language::Texts;
use concord_contract::value::{self};
use concord_contract::{Currency, Date, Money, dates};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decimals::Factor;
use super::ids::RateId;
use super::shapes::TextsShape;

/// What one unit of a currency was worth in another, from a day until the next rate for the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Its id.
    pub id: RateId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The currency of what is exchanged, by ISO 4217.
    pub from: String,
    /// The currency that it is exchanged into. The way back needs a rate of its own.
    pub to: String,
    /// The first day that it is in force.
    #[serde(with = "dates")]
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// What one unit is worth, an exact decimal above nought.
    #[schema(value_type = String, example = "0.9123")]
    pub rate: Factor,
    /// Who published it, and where: `doc: …`, `pub: …` or `ill: …`.
    pub source: String,
}

impl Rate {
    /// The two currencies, if their codes are ones of ISO 4217.
    #[must_use]
    pub fn currencies(&self) -> Option<(Currency, Currency)> {
        Some((value::currency(&self.from)?, value::currency(&self.to)?))
    }

    /// An amount at this rate, cut down to the minor unit. Nothing where it is of another currency, or too
    /// large.
    #[must_use]
    pub fn exchange(&self, amount: Money) -> Option<Money> {
        let (from, to) = self.currencies().filter(|(from, _)| *from == amount.currency)?;
        let digits = |currency: Currency| currency.exponent().map_or(0, u32::from);
        let power = |digits: u32| 10_i128.checked_pow(digits);
        let worth = i128::from(amount.minor).checked_mul(self.rate.0.mantissa())?;
        let worth = worth.checked_mul(power(digits(to))?)?;
        let unit = power(self.rate.0.scale())?.checked_mul(power(digits(from))?)?;
        Some(Money::new(i64::try_from(worth.checked_div(unit)?).ok()?, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(from: &str, to: &str, rate: &str) -> Rate {
        let name = Texts { zh_hans: "x".into(), zh_hant: "x".into(), en: "x".into() };
        Rate {
            id: "a-rate".parse().unwrap(),
            name,
            from: from.into(),
            to: to.into(),
            on: Date::constant(2026, 1, 1),
            rate: Factor::try_from(rate.to_owned()).unwrap(),
            source: "ill: for tests".into(),
        }
    }

    #[test]
    fn an_amount_is_exchanged_exactly_and_cut_down() {
        let at = |from, to, by, minor| {
            let from_currency = value::currency(from).unwrap();
            rate(from, to, by).exchange(Money::new(minor, from_currency)).map(|money| money.minor)
        };
        // 1,000,000.00 HKD × 0.9123 is 912,300.00 CNY; 0.01 HKD is less than a fen.
        assert_eq!(at("HKD", "CNY", "0.9123", 100_000_000), Some(91_230_000));
        assert_eq!(at("HKD", "CNY", "0.9123", 1), Some(0));
        // A yen has no minor unit: 10,000 JPY × 0.0481 is 481.00 CNY, and 481.99 CNY × 20.79 is 10,020 JPY.
        assert_eq!(at("JPY", "CNY", "0.0481", 10_000), Some(48_100));
        assert_eq!(at("CNY", "JPY", "20.79", 48_199), Some(10_020));
        assert_eq!(rate("HKD", "CNY", "0.9").exchange(Money::new(1, Currency::MOP)), None);
        assert_eq!(at("HKD", "CNY", "3", i64::MAX), None);
    }
}
