//! The types of facts and parameters, as `policy.toml` lays them down: shapes, units, options and bounds.

use indexmap::IndexMap;

use super::Choices;
use super::check::Checker;
use super::source::{ColumnSource, ShapeSource, TypeSource};
use crate::path;
use crate::place::Path;
use crate::raw::Raw;
use crate::value::{self, Column, Shape, Type, Value};

impl Checker<'_> {
    pub(super) fn shape(
        &mut self,
        at: Path,
        source: ShapeSource<'_>,
        choices: &IndexMap<String, Choices>,
    ) -> Shape {
        if source.ty != TypeSource::List && source.of.is_some() {
            self.wrong(at.clone(), "only a list has the key \"of\"");
        }
        if source.ty != TypeSource::Table && !source.columns.is_empty() {
            self.wrong(at.clone(), "only a table has the key \"columns\"");
        }
        let single = |ty| ColumnSource {
            ty,
            unit: source.unit.map(str::to_owned),
            choices: source.choices.map(str::to_owned),
            min: source.min.cloned(),
            max: source.max.cloned(),
        };
        match source.ty {
            TypeSource::Table => {
                if source.columns.is_empty() {
                    self.wrong(at.clone(), "found a table without columns, expected some");
                }
                let of_column = source.unit.is_some() || source.choices.is_some();
                if of_column || source.min.is_some() || source.max.is_some() {
                    self.wrong(
                        at.clone(),
                        "a table's units, choices and bounds stand with its columns",
                    );
                }
                let mut columns = Vec::new();
                for (name, column) in source.columns {
                    let at = [at.clone(), path!["columns", name]].concat();
                    self.snake(at.clone(), name);
                    columns.push((name.clone(), self.column(at, column, choices)));
                }
                Shape::Table(columns)
            }
            TypeSource::List => {
                let Some(of) = source.of else {
                    self.wrong(at.clone(), "a list needs the key \"of\", the type of its entries");
                    return Shape::List(Column::new(Type::Flag, None));
                };
                Shape::List(self.column(at, &single(of), choices))
            }
            ty => Shape::One(self.column(at, &single(ty), choices)),
        }
    }

    fn column(
        &mut self,
        at: Path,
        source: &ColumnSource,
        choices: &IndexMap<String, Choices>,
    ) -> Column {
        let ty = match source.ty {
            TypeSource::Flag => Type::Flag,
            TypeSource::Integer => Type::Integer,
            TypeSource::Decimal => Type::Decimal,
            TypeSource::Text => Type::Text,
            TypeSource::Choice => Type::Choice,
            TypeSource::Date => Type::Date,
            TypeSource::Amount => Type::Amount,
            TypeSource::List | TypeSource::Table => {
                self.wrong(at.clone(), "a list or table holds single values only");
                Type::Flag
            }
        };
        if let Some(unit) = &source.unit {
            self.unit(at.clone(), unit, ty);
        }
        let position = self.options(at.clone(), source.choices.as_deref(), ty, choices);
        let mut column = Column::new(ty, source.unit.as_deref());
        column.choices = position;
        let min = self.bound([at.clone(), path!["min"]].concat(), source.min.as_ref(), &column);
        let max = self.bound([at.clone(), path!["max"]].concat(), source.max.as_ref(), &column);
        if let (Some(min), Some(max)) = (&min, &max)
            && max < min
        {
            self.wrong([at, path!["max"]].concat(), "found less than \"min\"");
        }
        Column { min, max, ..column }
    }

    fn unit(&mut self, at: Path, unit: &str, ty: Type) {
        let allowed = match ty {
            Type::Amount => value::currency(unit).is_some(),
            Type::Integer | Type::Decimal => true,
            _ => false,
        };
        if !allowed {
            let expected = match ty {
                Type::Amount => "expected a currency of ISO 4217, such as CNY",
                _ => "only numbers and amounts have one",
            };
            self.wrong(at, format!("found the unit \"{unit}\"; {expected}"));
        }
    }

    /// The position of the options that a choice is among.
    fn options(
        &mut self,
        at: Path,
        named: Option<&str>,
        ty: Type,
        choices: &IndexMap<String, Choices>,
    ) -> Option<usize> {
        match (named, ty) {
            (Some(name), Type::Choice) => self.choices_named(at, name, choices),
            (None, Type::Choice) => {
                let message = "a choice needs the key \"choices\", the name of its options";
                self.wrong(at, message);
                None
            }
            (Some(_), _) => {
                self.wrong(at, "only a choice has the key \"choices\"");
                None
            }
            (None, _) => None,
        }
    }

    /// The position of the choices of a name.
    pub(super) fn choices_named(
        &mut self,
        at: Path,
        name: &str,
        choices: &IndexMap<String, Choices>,
    ) -> Option<usize> {
        let position = choices.get_index_of(name);
        if position.is_none() {
            let known: Vec<_> = choices.keys().map(String::as_str).collect();
            let known = known.join(", ");
            self.wrong(at, format!("found choices \"{name}\", expected one of: {known}"));
        }
        position
    }

    /// The least or the most that a value can be.
    fn bound(&mut self, at: Path, raw: Option<&Raw>, column: &Column) -> Option<Value> {
        let raw = raw?;
        if !matches!(column.ty, Type::Integer | Type::Decimal | Type::Date | Type::Amount) {
            self.wrong(at, "only numbers, dates and amounts have bounds");
            return None;
        }
        value::read(raw, column).unwrap_or_else(|mismatch| {
            self.wrong([at, mismatch.path.clone()].concat(), mismatch.to_string());
            None
        })
    }
}
