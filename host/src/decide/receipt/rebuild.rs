//! From a ruling in a receipt to what its policy could know: what was read, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use concord_contract::manifest::{Fact, Manifest};
use concord_contract::raw::Raw;
use concord_contract::value::{self, Cell, Column, ROW_LIMIT, Shape, Type, Value};
use concord_contract::{Date, Money, Subject, path};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value as Json;

use super::body::{Kind, ReadBody, RulingBody};
use super::whole;
use crate::decide::bound::{self, Bound};
use crate::decide::vocabulary::Vocabulary;
use crate::domain::case::ITEM_LIMIT;
use crate::domain::facts::{Facts, ItemFacts, Standing};
use crate::domain::fault::Fault;
use crate::engine::{Dossier, Policy};

/// A policy under the binding that a receipt tells of, and what it could know. The faults' paths lead from the
/// ruling down.
pub(super) fn rebuild(
    ruling: &RulingBody<'_>,
    policy: &Arc<Policy>,
    as_of: Date,
) -> Result<(Bound, Dossier), Vec<Fault>> {
    let manifest = &policy.manifest;
    let vocabulary =
        Vocabulary::of([manifest]).map_err(|message| vec![Fault::new(path!["policy"], message)])?;
    let set = set_parameters(ruling, manifest)?;
    let parameters = bound::parameters(manifest, &set)?;
    let funds = bound::funds(manifest, &ruling.funds.clone().into_iter().collect())?;
    let bound = Bound::new(policy, ruling.city.clone(), parameters, funds, &vocabulary)?;
    let mut known = Known::of(&vocabulary);
    for (position, read) in ruling.reads.iter().enumerate() {
        let taken = known.take(manifest, read);
        taken.map_err(|message| vec![Fault::new(path!["reads", position], message)])?;
    }
    known.count(ruling).map_err(|message| vec![Fault::new(path!["items"], message)])?;
    let funds = manifest.registry.funds.iter();
    let funds = funds.map(|fund| known.available.get(&fund.name).copied().flatten()).collect();
    let currency = ruling.currency.as_deref().map(|code| {
        let message = || format!("found \"{code}\", expected a currency of ISO 4217");
        value::currency(code).ok_or_else(|| vec![Fault::new(path!["currency"], message())])
    });
    let dossier = Dossier {
        facts: Arc::new(known.facts()),
        slots: bound.slots.clone(),
        parameters: bound.parameters.clone(),
        funds,
        currency: currency.transpose()?,
        as_of,
    };
    Ok((bound, dossier))
}

/// The parameters as a binding sets them: numbers that had to be texts are numbers again.
fn set_parameters(
    ruling: &RulingBody<'_>,
    manifest: &Manifest,
) -> Result<IndexMap<String, Raw>, Vec<Fault>> {
    let one = |(name, json): (&String, &Json)| {
        let declared = manifest.parameters.iter().find(|parameter| parameter.name == *name);
        let raw: Raw = of_json(json)?;
        Ok((name.clone(), declared.map_or(Raw::Null, |declared| restored(raw, &declared.shape))))
    };
    let all = ruling.parameters.iter().map(one).collect::<Result<_, String>>();
    all.map_err(|message| vec![Fault::new(path!["parameters"], message)])
}

fn restored(raw: Raw, shape: &Shape) -> Raw {
    match (raw, shape) {
        (raw, Shape::One(column)) => with_numbers(raw, column),
        (Raw::List(list), Shape::List(column)) => {
            Raw::List(list.into_iter().map(|raw| with_numbers(raw, column)).collect())
        }
        (Raw::List(rows), Shape::Table(columns)) => {
            let entry =
                |(key, raw): (String, Raw)| match columns.iter().find(|(name, _)| *name == key) {
                    Some((_, column)) => (key, with_numbers(raw, column)),
                    None => (key, raw),
                };
            let row = |raw| match raw {
                Raw::Map(entries) => Raw::Map(entries.into_iter().map(entry).collect()),
                other => other,
            };
            Raw::List(rows.into_iter().map(row).collect())
        }
        (raw, _) => raw,
    }
}

/// A value in which a number that had to be a text is a number again.
fn with_numbers(raw: Raw, column: &Column) -> Raw {
    match &raw {
        Raw::Text(text) if column.ty == Type::Integer => {
            let number = whole::of_text(text).and_then(|number| i64::try_from(number).ok());
            number.map_or(raw, Raw::Integer)
        }
        _ => raw,
    }
}

fn of_json<'a, T: Deserialize<'a>>(json: &'a Json) -> Result<T, String> {
    T::deserialize(json).map_err(|error| error.to_string())
}

/// The values of a fact; a single one is a table of one row and column, which answers alike.
type Rows = Vec<Vec<Option<Value>>>;

/// What is known of the case, as far as it was read.
struct Known<'a> {
    vocabulary: &'a Vocabulary,
    /// How many items each subject has at least; `None` where it is known not to be mentioned.
    items: BTreeMap<Subject, Option<usize>>,
    /// The values of facts, by subject, item and place in the vocabulary.
    cells: BTreeMap<(Subject, usize, usize), Rows>,
    standings: BTreeMap<(Subject, usize), Standing>,
    available: BTreeMap<String, Option<Money>>,
}

impl<'a> Known<'a> {
    fn of(vocabulary: &'a Vocabulary) -> Known<'a> {
        let (items, cells, standings, available) = Default::default();
        Known { vocabulary, items, cells, standings, available }
    }

    /// Takes one read over.
    fn take(&mut self, manifest: &Manifest, read: &ReadBody<'_>) -> Result<(), String> {
        let of = read.of.text();
        let mut steps = Steps { of: &of, rest: of.split('/') };
        let value = &*read.value.json()?;
        match read.read {
            Kind::Fact => self.fact(manifest, &mut steps, value)?,
            Kind::Rows => self.rows(manifest, &mut steps, value)?,
            Kind::Awards => {
                self.standing(&mut steps, value, |standing, awards| standing.awards = awards)?;
            }
            Kind::Listed => {
                self.standing(&mut steps, value, |standing, listed| standing.listed = listed)?;
            }
            Kind::Agreed => {
                self.standing(&mut steps, value, |standing, agreed| standing.agreed = agreed)?;
            }
            Kind::Count => {
                let subject = steps.subject()?;
                self.counted(subject, of_json(value)?)?;
            }
            Kind::Available => {
                self.available.insert(of.clone().into_owned(), of_json(value)?);
                return Ok(());
            }
            // These stand in the receipt for themselves.
            Kind::Parameter | Kind::AsOf => return Ok(()),
        }
        steps.end()
    }

    /// Takes over what the receipt counts beside what was read.
    fn count(&mut self, ruling: &RulingBody<'_>) -> Result<(), String> {
        for (subject, count) in &ruling.items {
            let known = Subject::parse(subject);
            let known = known.ok_or_else(|| format!("found \"{subject}\", expected a subject"))?;
            self.counted(known, *count)?;
        }
        Ok(())
    }

    fn counted(&mut self, subject: Subject, count: Option<u32>) -> Result<(), String> {
        let count = count.map(|count| count as usize);
        if let Some(last) = count.and_then(|count| count.checked_sub(1)) {
            self.asked(subject, last)?;
        }
        self.items.insert(subject, count);
        Ok(())
    }

    /// Notes that an item is there.
    fn asked(&mut self, subject: Subject, item: usize) -> Result<(), String> {
        let most = if subject.is_many() { ITEM_LIMIT } else { 1 };
        if item >= most {
            let subject = subject.as_str();
            return Err(format!("found item {item} of {subject}, expected fewer than {most}"));
        }
        // A single subject may be asked about where the case has none: nothing of it is known then.
        let known = self.items.entry(subject).or_insert(Some(0));
        *known = known.map(|known| known.max(item + 1));
        Ok(())
    }

    /// The place of a fact, and what it is declared to be.
    fn place<'m>(
        &mut self,
        manifest: &'m Manifest,
        steps: &mut Steps<'_>,
    ) -> Result<((Subject, usize, usize), &'m Fact), String> {
        let (subject, item) = steps.item()?;
        let fact = steps.fact(manifest, subject)?;
        self.asked(subject, item)?;
        let declared = self.vocabulary.facts(subject);
        let place = declared.and_then(|declared| declared.get_index_of(&fact.name));
        Ok(((subject, item, place.ok_or_else(|| steps.unknown("a fact"))?), fact))
    }

    fn fact(
        &mut self,
        manifest: &Manifest,
        steps: &mut Steps<'_>,
        json: &Json,
    ) -> Result<(), String> {
        let (place, fact) = self.place(manifest, steps)?;
        let (row, at) = steps.cell(&fact.shape)?;
        let columns = fact.shape.columns();
        let column = columns.get(at).ok_or_else(|| steps.unknown("a column"))?;
        let read = value::read(&with_numbers(of_json(json)?, column), column);
        let Some(value) = read.map_err(|mismatch| mismatch.to_string())? else { return Ok(()) };
        let rows = self.grown(place, row + 1, columns.len())?;
        if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(at)) {
            *cell = Some(value);
        }
        Ok(())
    }

    fn rows(
        &mut self,
        manifest: &Manifest,
        steps: &mut Steps<'_>,
        json: &Json,
    ) -> Result<(), String> {
        let (place, fact) = self.place(manifest, steps)?;
        if let Some(count) = of_json::<Option<u32>>(json)? {
            self.grown(place, count as usize, fact.shape.columns().len())?;
        }
        Ok(())
    }

    /// The rows of a fact, so many at least.
    fn grown(
        &mut self,
        place: (Subject, usize, usize),
        count: usize,
        columns: usize,
    ) -> Result<&mut Rows, String> {
        if count > ROW_LIMIT {
            return Err(format!("found {count} rows, expected at most {ROW_LIMIT}"));
        }
        let rows = self.cells.entry(place).or_default();
        if rows.len() < count {
            rows.resize(count, vec![None; columns]);
        }
        Ok(rows)
    }

    fn standing<'j, T: Deserialize<'j>>(
        &mut self,
        steps: &mut Steps<'_>,
        json: &'j Json,
        set: impl FnOnce(&mut Standing, T),
    ) -> Result<(), String> {
        let (subject, item) = steps.item()?;
        self.asked(subject, item)?;
        if let Some(said) = of_json(json)? {
            set(self.standings.entry((subject, item)).or_default(), said);
        }
        Ok(())
    }

    fn facts(&mut self) -> Facts {
        let mut facts = Facts::default();
        for (subject, count) in std::mem::take(&mut self.items) {
            if let Some(count) = count {
                facts.set(subject, (0..count).map(|item| self.item(subject, item)).collect());
            }
        }
        facts
    }

    fn item(&mut self, subject: Subject, item: usize) -> ItemFacts {
        let places = self.vocabulary.facts(subject).map_or(0, IndexMap::len);
        let cell = |place| self.cells.remove(&(subject, item, place)).map(Cell::Table);
        let cells = (0..places).map(cell).collect();
        let standing = self.standings.remove(&(subject, item)).map(Arc::new);
        ItemFacts { entity: None, cells, standing }
    }
}

/// The steps of a path such as `parties/0/sales/2/year`.
struct Steps<'a> {
    of: &'a str,
    rest: std::str::Split<'a, char>,
}

impl<'a> Steps<'a> {
    fn unknown(&self, expected: &str) -> String {
        format!("found \"{}\", expected {expected} of the policy in it", self.of)
    }

    fn subject(&mut self) -> Result<Subject, String> {
        let subject = self.rest.next().and_then(Subject::parse);
        subject.ok_or_else(|| self.unknown("a subject"))
    }

    fn number(&mut self) -> Result<usize, String> {
        let number = self.rest.next().and_then(|step| step.parse::<u32>().ok());
        number.map(|number| number as usize).ok_or_else(|| self.unknown("a number"))
    }

    fn item(&mut self) -> Result<(Subject, usize), String> {
        let subject = self.subject()?;
        Ok((subject, if subject.is_many() { self.number()? } else { 0 }))
    }

    fn fact<'m>(&mut self, manifest: &'m Manifest, subject: Subject) -> Result<&'m Fact, String> {
        let name = self.rest.next();
        let mut facts = manifest.facts.iter().filter(|fact| fact.subject == subject);
        let found = facts.find(|fact| Some(fact.name.as_str()) == name);
        found.ok_or_else(|| self.unknown("a fact"))
    }

    /// The row and column.
    fn cell(&mut self, shape: &Shape) -> Result<(usize, usize), String> {
        match shape {
            Shape::One(_) => Ok((0, 0)),
            Shape::List(_) => Ok((self.number()?, 0)),
            Shape::Table(columns) => {
                let row = self.number()?;
                let name = self.rest.next();
                let column = columns.iter().position(|(known, _)| Some(known.as_str()) == name);
                Ok((row, column.ok_or_else(|| self.unknown("a column"))?))
            }
        }
    }

    fn end(&mut self) -> Result<(), String> {
        match self.rest.next() {
            None => Ok(()),
            Some(_) => Err(self.unknown("nothing more")),
        }
    }
}
