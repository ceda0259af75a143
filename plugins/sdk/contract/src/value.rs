//! Typed values of facts and parameters: reading them from untyped input, and writing them out again.

use std::cmp::Ordering;
use std::fmt;

use iso_currency::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

pub use crate::column::Column;
use crate::money::{Money, MoneyError};
use crate::place::{Path, Step};
use crate::raw::Raw;

/// The type of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// `true` or `false`.
    Flag,
    /// A whole number of 64 bits.
    Integer,
    /// An exact decimal, written as a text; with the unit `%` it ends in a percent sign.
    Decimal,
    /// A text of at most [`TEXT_LIMIT`] bytes.
    Text,
    /// One of declared options.
    Choice,
    /// A civil date, `2026-11-01`.
    Date,
    /// Money: `{ amount = "1500000.00", currency = "CNY" }`, not negative.
    Amount,
}

/// The longest text that a fact may have, in bytes.
pub const TEXT_LIMIT: usize = 10_000;

/// The most rows that a list or table may have.
pub const ROW_LIMIT: usize = 10_000;

/// The unit of a decimal that is written as a percentage and read as a ratio.
pub const PERCENT: &str = "%";

/// One typed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal; a ratio where the unit is `%`.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// The option chosen.
    Choice(String),
    /// A date.
    Date(Date),
    /// Money.
    Amount(Money),
}

/// Numbers, dates and amounts of one currency are ordered; nothing else is.
impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
            (Value::Decimal(one), Value::Decimal(other)) => Some(one.cmp(other)),
            (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
            (Value::Amount(one), Value::Amount(other)) => one.partial_cmp(other),
            _ => None,
        }
    }
}

/// How many values a fact or parameter has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One(Column),
    /// Any number of values.
    List(Column),
    /// Any number of rows of named values.
    Table(Vec<(String, Column)>),
}

impl Shape {
    /// Its columns; a single value and a list have one.
    #[must_use]
    pub fn columns(&self) -> Vec<&Column> {
        match self {
            Shape::One(column) | Shape::List(column) => vec![column],
            Shape::Table(columns) => columns.iter().map(|(_, column)| column).collect(),
        }
    }
}

/// The value of a fact or parameter, of whatever shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// One value.
    One(Value),
    /// A list; an entry may be unknown.
    List(Vec<Option<Value>>),
    /// Rows, each as long as the table has columns; an entry may be unknown.
    Table(Vec<Vec<Option<Value>>>),
}

impl Cell {
    /// The value in one row and column; `None` where it is not known or there is no such row.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<&Value> {
        match self {
            Cell::One(value) => (row == 0 && column == 0).then_some(value),
            Cell::List(list) if column == 0 => list.get(row)?.as_ref(),
            Cell::List(_) => None,
            Cell::Table(rows) => rows.get(row)?.get(column)?.as_ref(),
        }
    }

    /// How many rows there are; a single value has one.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Cell::One(_) => 1,
            Cell::List(list) => list.len(),
            Cell::Table(rows) => rows.len(),
        }
    }
}

/// Input that is not what was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where in the value, from its top.
    pub path: Path,
    /// What stood there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

impl Mismatch {
    fn new(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Mismatch { path: Path::new(), found: found.into(), expected: expected.into() }
    }

    fn under(mut self, step: impl Into<Step>) -> Self {
        self.path.insert(0, step.into());
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

/// Reads a value of any shape. `null` is `None`: not known.
pub fn read_cell(raw: &Raw, shape: &Shape) -> Result<Option<Cell>, Mismatch> {
    match (raw, shape) {
        (Raw::Null, _) => Ok(None),
        (raw, Shape::One(column)) => Ok(read(raw, column)?.map(Cell::One)),
        (Raw::List(rows), _) if rows.len() > ROW_LIMIT => Err(Mismatch::new(
            format!("a list of {} rows", rows.len()),
            format!("at most {ROW_LIMIT}"),
        )),
        (Raw::List(rows), Shape::List(column)) => {
            let read_row = |(at, raw)| read(raw, column).map_err(|wrong| wrong.under(at));
            rows.iter()
                .enumerate()
                .map(read_row)
                .collect::<Result<_, _>>()
                .map(Cell::List)
                .map(Some)
        }
        (Raw::List(rows), Shape::Table(columns)) => {
            let read_row = |(at, raw)| read_row(raw, columns).map_err(|wrong| wrong.under(at));
            rows.iter()
                .enumerate()
                .map(read_row)
                .collect::<Result<_, _>>()
                .map(Cell::Table)
                .map(Some)
        }
        (raw, Shape::List(_)) => Err(Mismatch::new(raw.describe(), "a list")),
        (raw, Shape::Table(_)) => Err(Mismatch::new(raw.describe(), "a list of rows")),
    }
}

fn read_row(raw: &Raw, columns: &[(String, Column)]) -> Result<Vec<Option<Value>>, Mismatch> {
    let names = || columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let Raw::Map(entries) = raw else {
        return Err(Mismatch::new(raw.describe(), format!("an object with the keys {}", names())));
    };
    let mut row = vec![None; columns.len()];
    for (key, raw) in entries {
        let known = columns.iter().zip(&mut row).find(|((name, _), _)| name == key);
        let Some(((_, column), value)) = known else {
            let found = format!("the key \"{key}\"");
            return Err(Mismatch::new(found, format!("one of {}", names())).under(key));
        };
        *value = read(raw, column).map_err(|wrong| wrong.under(key))?;
    }
    Ok(row)
}

/// Reads one value. `null` is `None`: not known. Whether a choice is among the options is for the caller.
pub fn read(raw: &Raw, column: &Column) -> Result<Option<Value>, Mismatch> {
    let wrong = |expected: &str| Err(Mismatch::new(raw.describe(), expected));
    let value = match (column.ty, raw) {
        (_, Raw::Null) => return Ok(None),
        (Type::Flag, Raw::Flag(flag)) => Value::Flag(*flag),
        (Type::Flag, _) => return wrong("true or false"),
        (Type::Integer, Raw::Integer(number)) => Value::Integer(*number),
        (Type::Integer, _) => return wrong("a whole number of at most 64 bits"),
        (Type::Decimal, _) => Value::Decimal(read_decimal(raw, column.unit.as_deref())?),
        (Type::Text, Raw::Text(text)) if text.len() <= TEXT_LIMIT => Value::Text(text.clone()),
        (Type::Text, _) => return wrong(&format!("a text of at most {TEXT_LIMIT} bytes")),
        (Type::Choice, Raw::Text(text)) => Value::Choice(text.clone()),
        (Type::Choice, _) => return wrong("a text that names an option"),
        (Type::Date, Raw::Date(date)) => Value::Date(*date),
        (Type::Date, Raw::Text(text)) => match read_date(text) {
            Some(date) => Value::Date(date),
            None => return wrong("a date such as \"2026-11-01\""),
        },
        (Type::Date, _) => return wrong("a date such as \"2026-11-01\""),
        (Type::Amount, _) => Value::Amount(read_amount(raw, column.unit.as_deref())?),
    };
    if !column.admits(&value) {
        return wrong(&column.bounds());
    }
    Ok(Some(value))
}

/// Reads a civil date of exactly the form `2026-11-01`.
#[must_use]
pub fn read_date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.year() >= 1 && date.to_string() == text).then_some(date)
}

fn read_decimal(raw: &Raw, unit: Option<&str>) -> Result<Decimal, Mismatch> {
    let percent = unit == Some(PERCENT);
    let expected = match (percent, raw) {
        (true, _) => "a percentage in a text, such as \"3.1%\"",
        (false, Raw::Inexact(_)) => {
            "a decimal in a text, such as \"3.1\", so that no digit of it is lost"
        }
        (false, _) => "a decimal in a text, such as \"3.1\"",
    };
    let wrong = || Mismatch::new(raw.describe(), expected);
    let number = match raw {
        Raw::Integer(number) if !percent => Decimal::from(*number),
        Raw::Text(text) => {
            let digits = if percent { text.strip_suffix('%').ok_or_else(wrong)? } else { text };
            let plain = digits.strip_prefix('-').unwrap_or(digits);
            let well_formed = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && plain.starts_with(|first: char| first.is_ascii_digit())
                && plain.ends_with(|last: char| last.is_ascii_digit());
            if !well_formed {
                return Err(wrong());
            }
            Decimal::from_str_exact(digits).map_err(|_| wrong())?
        }
        _ => return Err(wrong()),
    };
    let ratio = if percent { number.checked_div(Decimal::ONE_HUNDRED) } else { Some(number) };
    let fits = |ratio: &Decimal| ratio.scale() <= 18 && i64::try_from(ratio.mantissa()).is_ok();
    ratio
        .map(|ratio| ratio.normalize())
        .filter(fits)
        .ok_or_else(|| Mismatch::new(raw.describe(), "at most 18 digits in all"))
}

/// The currency with this ISO 4217 code.
#[must_use]
pub fn currency(code: &str) -> Option<Currency> {
    Currency::from_code(code)
}

fn read_amount(raw: &Raw, unit: Option<&str>) -> Result<Money, Mismatch> {
    let expected = "money such as { \"amount\": \"1500000.00\", \"currency\": \"CNY\" }";
    let Raw::Map(entries) = raw else {
        return Err(Mismatch::new(raw.describe(), expected));
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| key != "amount" && key != "currency") {
        return Err(Mismatch::new(format!("the key \"{key}\""), expected).under(key));
    }
    let field = |name: &str| {
        let found = entries.iter().find(|(key, _)| key == name).map(|(_, raw)| raw);
        found.ok_or_else(|| Mismatch::new(format!("no \"{name}\""), expected))
    };
    let code = field("currency")?;
    let known = match code {
        Raw::Text(text) => currency(text),
        _ => None,
    };
    let known = known.ok_or_else(|| {
        Mismatch::new(code.describe(), "a currency of ISO 4217, such as \"CNY\"").under("currency")
    })?;
    if let Some(unit) = unit.filter(|unit| *unit != known.code()) {
        return Err(Mismatch::new(format!("the currency {}", known.code()), unit).under("currency"));
    }
    let amount = field("amount")?;
    let wrong = |expected: String| Mismatch::new(amount.describe(), expected).under("amount");
    let Raw::Text(text) = amount else {
        return Err(wrong("an amount in a text, such as \"1500000.00\"".into()));
    };
    let money = Money::parse(text, known).map_err(|error| match error {
        MoneyError::NotANumber => wrong("an amount such as \"1500000.00\"".into()),
        MoneyError::TooFine => wrong(format!(
            "at most {} digits behind the point in {}",
            known.exponent().unwrap_or(0),
            known.code()
        )),
        MoneyError::TooLarge => wrong("an amount that fits in 64 bits of minor units".into()),
    })?;
    if money.minor < 0 {
        return Err(wrong("an amount that is not negative".into()));
    }
    Ok(money)
}

impl Value {
    /// Its text form, the same that it is read from; an amount without its currency.
    #[must_use]
    pub fn text<'a>(&'a self, unit: Option<&str>) -> ValueText<'a> {
        ValueText { value: self, percent: unit == Some(PERCENT) }
    }
}

/// A value as text.
#[derive(Clone, Copy, Debug)]
pub struct ValueText<'a> {
    value: &'a Value,
    percent: bool,
}

impl fmt::Display for ValueText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Flag(flag) => flag.fmt(f),
            Value::Integer(number) => number.fmt(f),
            Value::Decimal(ratio) if self.percent => {
                write!(f, "{}%", (*ratio * Decimal::ONE_HUNDRED).normalize())
            }
            Value::Decimal(number) => number.fmt(f),
            Value::Text(text) | Value::Choice(text) => f.write_str(text),
            Value::Date(date) => date.fmt(f),
            Value::Amount(money) => money.fmt(f),
        }
    }
}

/// Money as `{ "amount": "1500000.00", "currency": "CNY" }`.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut money = serializer.serialize_struct("Money", 2)?;
        money.serialize_field("amount", &Written(self))?;
        money.serialize_field("currency", self.currency.code())?;
        money.end()
    }
}

/// A text that is written as it comes, and never kept.
struct Written<'a, T>(&'a T);

impl<T: fmt::Display> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        read_amount(&raw, None).map_err(serde::de::Error::custom)
    }
}
