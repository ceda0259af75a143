//! Values for facts, most of them close to where a policy's answer may turn: at a threshold, or one step beside.
//!
//! Numbers and amounts are never below nought.

use concord_contract::manifest::Manifest;
use concord_contract::raw::Raw;
use concord_contract::value::{Cell, Column, Shape, Type, Value, currency, read_cell};
use concord_contract::{Currency, Date, Decimal, Money};
use jiff::{Span, ToSpan};
use proptest::prelude::*;
use proptest::sample::select;

use super::cases::{Base, given};

/// What the values of a policy's facts are made from.
pub(super) struct Values<'a> {
    manifest: &'a Manifest,
    bases: &'a [Base],
}

impl<'a> Values<'a> {
    /// Values around a policy's parameters and those of its sample cases.
    pub(super) fn new(manifest: &'a Manifest, bases: &'a [Base]) -> Values<'a> {
        Values { manifest, bases }
    }

    /// Values of the fact at this position.
    pub(super) fn of_fact(&self, position: usize) -> BoxedStrategy<Raw> {
        let Some(fact) = self.manifest.facts.get(position) else { return Just(Raw::Null).boxed() };
        let seen = self.seen(position);
        let column = |at: usize, column: &Column| {
            let rows = |cell: &Cell| {
                (0..cell.rows()).filter_map(|row| cell.get(row, at).cloned()).collect()
            };
            let seen: Vec<Value> = seen.iter().flat_map::<Vec<Value>, _>(rows).collect();
            self.of_column(column, seen)
        };
        match &fact.shape {
            Shape::One(one) => column(0, one),
            Shape::List(one) => {
                prop::collection::vec(column(0, one), 0..=3).prop_map(Raw::List).boxed()
            }
            Shape::Table(columns) => {
                let names: Vec<_> = columns.iter().map(|(name, _)| name.clone()).collect();
                let row: Vec<_> =
                    columns.iter().enumerate().map(|(at, (_, one))| column(at, one)).collect();
                let row =
                    row.prop_map(move |row| Raw::Map(names.iter().cloned().zip(row).collect()));
                prop::collection::vec(row, 0..=4).prop_map(Raw::List).boxed()
            }
        }
    }

    /// The values that the fact has in the sample cases.
    fn seen(&self, position: usize) -> Vec<Cell> {
        let Some(fact) = self.manifest.facts.get(position) else { return Vec::new() };
        let of_base = |base: &'a Base| {
            let items = base.case.items(fact.subject).unwrap_or_default();
            items.iter().filter_map(|item| {
                let raw = given(item, fact.subject, &fact.name, &base.entities)?;
                read_cell(&raw, &fact.shape).ok().flatten()
            })
        };
        self.bases.iter().flat_map(of_base).collect()
    }

    fn of_column(&self, column: &Column, seen: Vec<Value>) -> BoxedStrategy<Raw> {
        let seeds = [self.thresholds(column), seen].concat();
        let mut near = match column.ty {
            Type::Flag => vec![Value::Flag(false), Value::Flag(true)],
            Type::Choice => self.options(column),
            Type::Text => ["", "甲", "A name"].map(|text| Value::Text(text.to_owned())).to_vec(),
            Type::Integer => vec![Value::Integer(0), Value::Integer(1)],
            Type::Decimal => vec![Value::Decimal(Decimal::ZERO), Value::Decimal(Decimal::ONE)],
            Type::Amount => vec![Value::Amount(Money::new(0, currency_of(column, &seeds)))],
            Type::Date => self.days(),
        };
        let bounds = [&column.min, &column.max].into_iter().flatten();
        near.extend(seeds.iter().chain(bounds).flat_map(beside));
        let mut values: Vec<Value> = Vec::new();
        for value in near {
            if column.admits(&value) && !values.contains(&value) {
                values.push(value);
            }
        }
        let unit = column.unit.clone();
        let near = select(values);
        let bounded = column.clone();
        let wide =
            wide(column, &seeds).map(|wide| wide.prop_map(move |value| bounded.nearest(value)));
        let values = match wide {
            Some(wide) => prop_oneof![4 => near, 1 => wide].boxed(),
            None => near.boxed(),
        };
        values.prop_map(move |value| Raw::of(&value, unit.as_deref())).boxed()
    }

    /// The figures among the parameters that a value of this type and unit may be held against.
    fn thresholds(&self, column: &Column) -> Vec<Value> {
        let mut thresholds = Vec::new();
        for pull in self.manifest.parameter_columns() {
            let Some(parameter) = self.manifest.parameters.get(pull.fact) else { continue };
            if pull.declared.ty == column.ty && pull.declared.unit == column.unit {
                let cell = &parameter.default;
                thresholds.extend((0..cell.rows()).filter_map(|row| cell.get(row, pull.column)));
            }
        }
        let is_threshold = |value: &&&Value| !matches!(value, Value::Choice(_) | Value::Text(_));
        thresholds.iter().filter(is_threshold).map(|value| (*value).clone()).collect()
    }

    fn options(&self, column: &Column) -> Vec<Value> {
        let Some(choices) = self.manifest.options(column) else { return Vec::new() };
        let listed = choices.options.keys().map(String::as_str);
        let unlisted = choices.open.then_some("somewhere-else");
        listed.chain(unlisted).map(|option| Value::Choice(option.to_owned())).collect()
    }

    /// The days that a span of one of the parameters leads back to from the date of a case.
    fn days(&self) -> Vec<Value> {
        let mut spans = vec![Span::new()];
        for pull in self.manifest.parameter_columns() {
            let Some(parameter) = self.manifest.parameters.get(pull.fact) else { continue };
            for row in 0..parameter.default.rows() {
                let Some(Value::Integer(number)) = parameter.default.get(row, pull.column) else {
                    continue;
                };
                let number = (*number).clamp(0, 1000);
                match pull.declared.unit.as_deref() {
                    Some("years") => spans.extend([number.years(), (number + 1).years()]),
                    Some("months") => spans.push(number.months()),
                    Some("days") => spans.push(number.days()),
                    _ => {}
                }
            }
        }
        let mut from: Vec<Date> = self.bases.iter().map(|base| base.as_of).collect();
        from.sort_unstable();
        from.dedup();
        let days = from.iter().flat_map(|day| spans.iter().map(|span| day.checked_sub(*span)));
        let days = days.filter_map(Result::ok).flat_map(|day| [day, day.first_of_year()]);
        days.flat_map(|day| beside(&Value::Date(day))).collect()
    }
}

/// A value with the ones that stand a step below and above it.
fn beside(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => {
            let steps = [number.saturating_sub(1), *number, number.saturating_add(1)];
            steps.into_iter().filter(|number| *number >= 0).map(Value::Integer).collect()
        }
        Value::Decimal(number) => {
            let step = Decimal::new(1, number.scale().max(3));
            let steps = [number.checked_sub(step), Some(*number), number.checked_add(step)];
            let steps = steps.into_iter().flatten().map(|number| number.normalize());
            steps.filter(|number| *number >= Decimal::ZERO).map(Value::Decimal).collect()
        }
        Value::Amount(Money { minor, currency }) => {
            let steps = [minor.saturating_sub(1), *minor, minor.saturating_add(1)];
            let steps = steps.into_iter().filter(|minor| *minor >= 0);
            steps.map(|minor| Value::Amount(Money::new(minor, *currency))).collect()
        }
        Value::Date(day) => {
            let steps = [day.yesterday().ok(), Some(*day), day.tomorrow().ok()];
            steps.into_iter().flatten().map(Value::Date).collect()
        }
        Value::Flag(_) | Value::Text(_) | Value::Choice(_) => vec![value.clone()],
    }
}

/// Any value up to twice the largest that is known; none where only known values make sense.
fn wide(column: &Column, seeds: &[Value]) -> Option<BoxedStrategy<Value>> {
    match column.ty {
        Type::Integer => {
            let numbers = seeds.iter().filter_map(|seed| match seed {
                Value::Integer(number) => Some(*number),
                _ => None,
            });
            let most = numbers.max().unwrap_or(10).max(1).saturating_mul(2);
            Some((0..=most).prop_map(Value::Integer).boxed())
        }
        Type::Decimal => {
            let numbers = seeds.iter().filter_map(|seed| match seed {
                Value::Decimal(number) => Some(*number),
                _ => None,
            });
            let most = numbers.max().unwrap_or(Decimal::ONE);
            let part = move |part| {
                let value = Decimal::new(part, 3).checked_mul(most).unwrap_or(most);
                Value::Decimal(value.round_dp(4).normalize())
            };
            Some((0..=2000_i64).prop_map(part).boxed())
        }
        Type::Amount => {
            let amounts = seeds.iter().filter_map(|seed| match seed {
                Value::Amount(money) => Some(money.minor),
                _ => None,
            });
            let most = amounts.max().unwrap_or(100_000_000).max(1).saturating_mul(2);
            let currency = currency_of(column, seeds);
            Some(
                (0..=most)
                    .prop_map(move |minor| Value::Amount(Money::new(minor, currency)))
                    .boxed(),
            )
        }
        Type::Flag | Type::Text | Type::Choice | Type::Date => None,
    }
}

/// The currency that is declared; where any is taken, that of an amount that is known.
fn currency_of(column: &Column, seeds: &[Value]) -> Currency {
    let seen = || {
        seeds.iter().find_map(|seed| match seed {
            Value::Amount(money) => Some(money.currency),
            _ => None,
        })
    };
    column.unit.as_deref().and_then(currency).or_else(seen).unwrap_or(Currency::CNY)
}
