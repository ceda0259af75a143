//! Many made-up entries for a round, each like the entry of one case: to try a round out before its day.

use std::sync::Arc;

use concord_contract::value::{Cell, Column, Shape, Value};
use concord_contract::{Date, Decimal, Money, Subject, path};
use fastrand::Rng;
use jiff::ToSpan;
use serde_json::{Map, Value as Json, json};

use crate::decide::{Declared, Program, Programs};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::entry::ENTRY_LIMIT;
use crate::domain::fault::Fault;

/// One in so many choices, flags and dates is another one.
const OTHER: usize = 12;

/// Makes entries like that of a case, as a round takes them: numbers from half to a tenth more than the
/// case's, and now and then another option. What the case does not know, no entry does. The same seed makes the
/// same entries.
///
/// The fact `round` is left to the round. A case without an entry is at fault.
pub fn entries(
    programs: &Programs,
    program: &Arc<Program>,
    case: &Case,
    as_of: Date,
    entities: &Entities,
    (count, seed): (usize, u64),
) -> Result<Json, Vec<Fault>> {
    if count > ENTRY_LIMIT {
        let message = format!("found {count} entries to make, expected at most {ENTRY_LIMIT}");
        return Err(vec![Fault::new(path![], message)]);
    }
    let edition = program.edition(as_of).map_err(|fault| vec![fault])?;
    let decision = programs.decide(program, case, as_of, entities)?;
    let facts = decision.rulings.first().map(|ruling| ruling.dossier.facts.clone());
    let model = facts.as_ref().and_then(|facts| facts.items(Subject::Entry)?.first());
    let declared = edition.vocabulary.facts(Subject::Entry);
    let (Some(model), Some(declared)) = (model, declared) else {
        return Err(vec![Fault::new(path!["entry"], "found no entry to make others like")]);
    };
    let mut rng = Rng::with_seed(seed);
    let width = count.to_string().len();
    let mut made = Vec::with_capacity(count);
    for number in 1..=count {
        let mut facts = Map::new();
        let named = declared.iter().zip(&model.cells);
        for ((name, declared), cell) in
            named.filter(|((name, _), _)| *name != "round" && *name != "id")
        {
            if let Some(cell) = cell {
                facts.insert(name.clone(), like(cell, declared, &mut rng));
            }
        }
        made.push(json!({ "name": format!("E-{number:0width$}"), "entry": facts }));
    }
    Ok(json!({ "as_of": as_of.to_string(), "entries": made }))
}

/// A cell like another, as JSON.
fn like(cell: &Cell, declared: &Declared, rng: &mut Rng) -> Json {
    let mut value = |value: Option<&Value>, at: usize, column: &Column| {
        let options = declared.options.get(at).and_then(Option::as_deref);
        let drawn = value.map(|value| column.nearest(another(value, options, rng)));
        drawn.map_or(Json::Null, |value| write(&value, column))
    };
    match (cell, &declared.shape) {
        (Cell::One(one), Shape::One(column)) => value(Some(one), 0, column),
        (Cell::List(list), Shape::List(column)) => {
            list.iter().map(|one| value(one.as_ref(), 0, column)).collect()
        }
        (Cell::Table(rows), Shape::Table(columns)) => {
            let row = |row: &Vec<Option<Value>>| -> Json {
                let cells = row.iter().zip(columns).enumerate();
                let cells = cells.map(|(at, (one, (name, column)))| {
                    (name.clone(), value(one.as_ref(), at, column))
                });
                Json::Object(cells.collect())
            };
            rows.iter().map(row).collect()
        }
        _ => Json::Null,
    }
}

fn another(value: &Value, options: Option<&[String]>, rng: &mut Rng) -> Value {
    let per_cent = rng.i64(50..=110);
    let now_and_then = rng.usize(..OTHER) == 0;
    match value {
        Value::Flag(flag) => Value::Flag(*flag ^ now_and_then),
        Value::Integer(number) => Value::Integer(number.saturating_mul(per_cent) / 100),
        Value::Decimal(number) => {
            let part = Decimal::new(per_cent * 100 + rng.i64(0..100), 4);
            let drawn = number.checked_mul(part).unwrap_or(*number);
            Value::Decimal(drawn.round_dp(number.scale().max(2)).normalize())
        }
        Value::Amount(money) => {
            Value::Amount(Money::new(money.minor / 100 * per_cent, money.currency))
        }
        Value::Date(date) if now_and_then => {
            let moved = date.checked_add(rng.i32(-400..=400).days());
            Value::Date(moved.unwrap_or(*date))
        }
        Value::Choice(chosen) => {
            let other = options
                .filter(|_| now_and_then)
                .and_then(|options| options.get(rng.usize(..options.len().max(1))).cloned());
            Value::Choice(other.unwrap_or_else(|| chosen.clone()))
        }
        same => same.clone(),
    }
}

/// A value as it is read again.
fn write(value: &Value, column: &Column) -> Json {
    match value {
        Value::Flag(flag) => json!(flag),
        Value::Integer(number) => json!(number),
        Value::Amount(money) => json!(money),
        other => json!(other.text(column.unit.as_deref()).to_string()),
    }
}
