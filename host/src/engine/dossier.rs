//! The `dossier` interface: facts, parameters and the date, pulled by index.

use std::sync::Arc;

use concord_contract::value::{Cell, Type, Value};
use concord_contract::{Currency, Date, Money, Subject};

use super::report::{Cause, Failure, Read};
use super::state::{FactIndex, State, bad_index};
use super::wit::{dossier, types};
use crate::domain::facts::{Facts, ItemFacts};

/// What one policy may know of one case.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The case's facts, as the whole program sees them.
    pub facts: Arc<Facts>,
    /// Where each of the policy's fact indices leads in them.
    pub slots: Arc<[Slot]>,
    /// The parameters, in the order of the manifest.
    pub parameters: Arc<[Cell]>,
    /// What each fund that the policy declares still has to give.
    pub funds: Vec<Option<Money>>,
    /// The currency that grants must be in, if the program's fund lays one down.
    pub currency: Option<Currency>,
    /// The date that the case is judged on.
    pub as_of: Date,
}

/// Where a fact stands: its place in the program's vocabulary, and the column within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The place in the vocabulary.
    pub place: usize,
    /// The column of a table.
    pub column: usize,
}

impl Dossier {
    /// The value of a fact, if it is known.
    #[must_use]
    pub fn fact(&self, subject: Subject, item: u32, fact: u32, row: u32) -> Option<&Value> {
        let slot = self.slots.get(fact as usize)?;
        self.cell(subject, item, slot.place)?.get(row as usize, slot.column)
    }

    /// The whole value of a fact, rows and all.
    #[must_use]
    pub fn cell(&self, subject: Subject, item: u32, place: usize) -> Option<&Cell> {
        self.item(subject, item)?.cells.get(place)?.as_ref()
    }

    /// One item of a subject.
    #[must_use]
    pub fn item(&self, subject: Subject, item: u32) -> Option<&ItemFacts> {
        self.facts.items(subject)?.get(item as usize)
    }
}

impl State {
    /// The declaration behind a fact index, if it is of this subject and type.
    fn declared(
        &self,
        subject: Subject,
        fact: u32,
        ty: Option<Type>,
    ) -> Result<&FactIndex, Failure> {
        let count = self.tables.facts.len();
        let known = self.tables.facts.get(fact as usize);
        let declared = known.ok_or_else(|| bad_index("fact", fact, count))?;
        if declared.subject != subject {
            let (asked, is) = (subject.as_str(), declared.subject.as_str());
            let detail =
                format!("the policy asked for fact {fact} of {asked}; it is declared of {is}");
            return Err(Failure::new(Cause::BadIndex, detail));
        }
        if let Some(ty) = ty.filter(|ty| *ty != declared.ty) {
            let detail =
                format!("the policy read fact {fact} as {ty:?}; it is declared {:?}", declared.ty);
            return Err(Failure::new(Cause::BadIndex, detail));
        }
        Ok(declared)
    }

    /// An item that the case has; a single subject may be asked about even where the case has none.
    pub(super) fn check_item(&self, subject: Subject, item: u32) -> Result<(), Failure> {
        let items = self.dossier.facts.items(subject).map_or(0, <[_]>::len);
        let single = !subject.is_many() && item == 0;
        if single || (item as usize) < items {
            return Ok(());
        }
        let subject = subject.as_str();
        let detail = format!("the policy asked for item {item} of {subject}; the case has {items}");
        Err(Failure::new(Cause::BadIndex, detail))
    }

    /// Checks and notes that a fact is pulled.
    fn pull(
        &mut self,
        subject: types::Subject,
        item: u32,
        fact: u32,
        row: u32,
        ty: Type,
    ) -> Result<Subject, Failure> {
        let subject = subject.into();
        self.declared(subject, fact, Some(ty))?;
        self.check_item(subject, item)?;
        self.read(Read::Fact { item, fact, row })?;
        Ok(subject)
    }

    fn parameter(&mut self, parameter: u32, row: u32, ty: Type) -> Result<&Value, Failure> {
        let count = self.tables.parameters.len();
        self.read(Read::Parameter { parameter, row })?;
        let declared = self.tables.parameters.get(parameter as usize);
        let declared = declared.ok_or_else(|| bad_index("parameter", parameter, count))?;
        if declared.ty != ty {
            let detail = format!(
                "the policy read parameter {parameter} as {ty:?}; it is declared {:?}",
                declared.ty
            );
            return Err(Failure::new(Cause::BadIndex, detail));
        }
        let cell = self.dossier.parameters.get(declared.parameter);
        let value = cell.and_then(|cell| cell.get(row as usize, declared.column));
        let rows = cell.map_or(0, Cell::rows);
        value.ok_or_else(|| {
            let detail =
                format!("the policy asked for row {row} of parameter {parameter}; it has {rows}");
            Failure::new(Cause::BadIndex, detail)
        })
    }
}

/// The position of an option; past the last for one that an open choice does not list.
pub(super) fn position(options: &[String], chosen: &str) -> u32 {
    let at = options.iter().position(|option| option == chosen).unwrap_or(options.len());
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A value that was checked to be of the type asked for.
macro_rules! of_type {
    ($value:expr, $variant:ident($inner:ident) => $result:expr) => {
        match $value {
            Value::$variant($inner) => $result,
            _ => {
                return Err(Failure::new(Cause::Host, "a value is not of its declared type").into())
            }
        }
    };
}

macro_rules! pulls {
    ($($fact:ident, $parameter:ident: $variant:ident, $result:ty, |$inner:ident| $make:expr;)*) => {
        impl dossier::Host for State {
            $(
                fn $fact(
                    &mut self,
                    subject: types::Subject,
                    item: u32,
                    fact: u32,
                    row: u32,
                ) -> wasmtime::Result<Option<$result>> {
                    let subject = self.pull(subject, item, fact, row, Type::$variant)?;
                    match self.dossier.fact(subject, item, fact, row) {
                        None => Ok(None),
                        Some(value) => of_type!(value, $variant($inner) => Ok(Some($make))),
                    }
                }

                fn $parameter(&mut self, parameter: u32, row: u32) -> wasmtime::Result<$result> {
                    let value = self.parameter(parameter, row, Type::$variant)?;
                    of_type!(value, $variant($inner) => Ok($make))
                }
            )*

            fn choice(
                &mut self,
                subject: types::Subject,
                item: u32,
                fact: u32,
                row: u32,
            ) -> wasmtime::Result<Option<u32>> {
                let subject = self.pull(subject, item, fact, row, Type::Choice)?;
                let Some(value) = self.dossier.fact(subject, item, fact, row) else {
                    return Ok(None);
                };
                let chosen = of_type!(value, Choice(chosen) => chosen);
                let declared = self.tables.facts.get(fact as usize);
                Ok(declared.map(|declared| position(&declared.options, chosen)))
            }

            fn parameter_choice(&mut self, parameter: u32, row: u32) -> wasmtime::Result<u32> {
                let value = self.parameter(parameter, row, Type::Choice)?;
                let chosen = of_type!(value, Choice(chosen) => chosen.clone());
                let declared = self.tables.parameters.get(parameter as usize);
                let options = declared.map_or(&[][..], |declared| &declared.options);
                Ok(position(options, &chosen))
            }

            fn count(&mut self, subject: types::Subject) -> wasmtime::Result<Option<u32>> {
                let subject = subject.into();
                self.read(Read::Count(subject))?;
                let items = self.dossier.facts.items(subject);
                Ok(items.map(|items| u32::try_from(items.len()).unwrap_or(u32::MAX)))
            }

            fn rows(
                &mut self,
                subject: types::Subject,
                item: u32,
                fact: u32,
            ) -> wasmtime::Result<Option<u32>> {
                let subject = subject.into();
                self.declared(subject, fact, None)?;
                self.check_item(subject, item)?;
                self.read(Read::Rows { item, fact })?;
                let slot = self.dossier.slots.get(fact as usize);
                let cell = slot.and_then(|slot| self.dossier.cell(subject, item, slot.place));
                Ok(cell.map(|cell| u32::try_from(cell.rows()).unwrap_or(u32::MAX)))
            }

            fn parameter_rows(&mut self, parameter: u32) -> wasmtime::Result<u32> {
                let count = self.tables.parameters.len();
                let declared = self.tables.parameters.get(parameter as usize);
                let declared = declared.ok_or_else(|| bad_index("parameter", parameter, count))?;
                let rows = self.dossier.parameters.get(declared.parameter).map_or(0, Cell::rows);
                Ok(u32::try_from(rows).unwrap_or(u32::MAX))
            }

            fn as_of(&mut self) -> wasmtime::Result<types::Date> {
                self.read(Read::AsOf)?;
                Ok(self.dossier.as_of.into())
            }
        }
    };
}

pulls! {
    flag, parameter_flag: Flag, bool, |flag| *flag;
    integer, parameter_integer: Integer, i64, |number| *number;
    decimal, parameter_decimal: Decimal, types::Decimal, |number| types::Decimal::try_from(*number)?;
    text, parameter_text: Text, String, |text| text.clone();
    date, parameter_date: Date, types::Date, |date| (*date).into();
    amount, parameter_amount: Amount, types::Money, |money| (*money).into();
}
