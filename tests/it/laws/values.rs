//! Money, decimals, percentages and dates: read as they are written, and nothing is rounded.

use concord_contract::money::MoneyError;
use concord_contract::raw::Raw;
use concord_contract::value::{Column, Type, Value, read, read_date};
use concord_contract::{Currency, Date, Decimal, Money};
use proptest::prelude::*;

/// With two, no and three digits behind the point.
const CURRENCIES: [Currency; 5] =
    [Currency::CNY, Currency::HKD, Currency::MOP, Currency::JPY, Currency::KWD];

fn any_currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(CURRENCIES.to_vec())
}

fn column(ty: Type, unit: Option<&str>) -> Column {
    Column::new(ty, unit)
}

fn read_decimal(text: &str, unit: Option<&str>) -> Option<Decimal> {
    match read(&Raw::Text(text.to_owned()), &column(Type::Decimal, unit)) {
        Ok(Some(Value::Decimal(number))) => Some(number),
        _ => None,
    }
}

/// What a text means in minor units, by long addition.
fn by_hand(text: &str, digits: usize) -> Option<i64> {
    let (negative, plain) = text.strip_prefix('-').map_or((false, text), |plain| (true, plain));
    let (major, minor) =
        plain.split_once('.').map_or((plain, None), |(major, minor)| (major, Some(minor)));
    let minor = minor.map_or(Some(""), |minor| (!minor.is_empty()).then_some(minor))?;
    let all = format!("{major}{minor:0<digits$}");
    let well_formed =
        !major.is_empty() && minor.len() <= digits && all.chars().all(|c| c.is_ascii_digit());
    let number: i128 = well_formed.then(|| all.parse().ok())??;
    i64::try_from(if negative { -number } else { number }).ok()
}

proptest! {
    #[test]
    fn money_is_read_as_it_is_written(minor in any::<i64>(), currency in any_currency()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
    }

    #[test]
    fn money_is_read_exactly_or_not_at_all(
        text in r"-?[0-9]{0,22}(\.[0-9]{0,4})?|[-+ .,0-9e]{0,12}|\PC{0,6}",
        currency in any_currency(),
    ) {
        let digits = usize::from(currency.exponent().unwrap_or(0));
        let read = Money::parse(&text, currency).ok().map(|money| money.minor);
        prop_assert_eq!(read, by_hand(&text, digits), "{:?}", text);
    }

    #[test]
    fn a_decimal_is_read_as_it_is_written(coefficient in any::<i64>(), scale in 0..=18_u32) {
        let number = Decimal::new(coefficient, scale).normalize();
        let text = Value::Decimal(number).text(None).to_string();
        prop_assert_eq!(read_decimal(&text, None), Some(number));
    }

    #[test]
    fn a_percentage_is_read_as_it_is_written(coefficient in any::<i64>(), scale in 2..=18_u32) {
        let ratio = Decimal::new(coefficient, scale).normalize();
        let text = Value::Decimal(ratio).text(Some("%")).to_string();
        prop_assert!(text.ends_with('%'));
        prop_assert_eq!(read_decimal(&text, Some("%")), Some(ratio));
    }

    #[test]
    fn a_decimal_of_too_many_digits_is_refused_and_not_rounded(
        digits in "[1-9][0-9]{21,40}",
        behind in r"(\.[0-9]{1,30})?",
    ) {
        prop_assert_eq!(read_decimal(&format!("{digits}{behind}"), None), None);
        prop_assert_eq!(read_decimal(&format!("{digits}{behind}%"), Some("%")), None);
    }

    #[test]
    fn a_percentage_and_a_plain_number_are_never_taken_for_each_other(number in 0..1_000_000_i64) {
        let number = number.to_string();
        prop_assert_eq!(read_decimal(&number, Some("%")), None);
        prop_assert_eq!(read_decimal(&format!("{number}%"), None), None);
        prop_assert_eq!(read_decimal(&format!("{number}%"), Some("years")), None);
    }

    #[test]
    fn no_inexact_number_becomes_a_value(number in any::<f64>(), unit in any::<bool>()) {
        let unit = unit.then_some("%");
        for ty in [Type::Decimal, Type::Integer, Type::Amount, Type::Flag, Type::Date, Type::Text] {
            prop_assert!(read(&Raw::Inexact(number), &column(ty, unit)).is_err());
        }
    }

    #[test]
    fn a_date_is_read_as_it_is_written(year in 1..=9999_i16, month in 1..=12_i8, day in 1..=31_i8) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        prop_assert_eq!(read_date(&text), Date::new(year, month, day).ok());
    }

    #[test]
    fn a_text_that_is_not_exactly_a_date_is_none(text in r"[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}(T.*)?|\PC{0,12}") {
        if let Some(date) = read_date(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn two_currencies_never_meet(one in any::<i64>(), other in any::<i64>()) {
        let (one, other) = (Money::new(one, Currency::CNY), Money::new(other, Currency::HKD));
        prop_assert_eq!(one.checked_add(other), None);
        prop_assert_eq!(one.checked_sub(other), None);
        prop_assert_eq!(one.partial_cmp(&other), None);
    }
}

#[test]
fn money_is_refused_with_the_reason() {
    let parse = |text| Money::parse(text, Currency::CNY).unwrap_err();
    assert_eq!(parse("1.234"), MoneyError::TooFine);
    assert_eq!(parse("92233720368547758.08"), MoneyError::TooLarge);
    assert_eq!(parse("-92233720368547758.09"), MoneyError::TooLarge);
    for text in ["", "-", ".5", "5.", "1,000.00", "1e6", "+1", " 1", "1 ", "--1", "1.-5", "٣"] {
        assert_eq!(parse(text), MoneyError::NotANumber, "{text:?}");
    }
}
