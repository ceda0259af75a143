//! Entities: every document reads, is filed under what it says, leads to what exists, and its money is booked.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::SqliteConnection;

use super::ledger::Balances;
use super::{Flaws, Watch};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind};
use crate::store::StoreError;
use crate::store::sqlite::row;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    kind: String,
    id: String,
    sort: Option<String>,
    names: String,
    body: String,
}

type Cities = HashMap<(String, String), Vec<String>>;

pub(super) async fn check(
    moment: &mut SqliteConnection,
    balances: &Balances,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT kind, id, sort, names, body FROM entities ORDER BY kind, id")
            .fetch_all(&mut *moment)
            .await?;
    let filed: Vec<(String, String, String)> =
        sqlx::query_as("SELECT kind, id, city FROM entity_cities ORDER BY kind, id, city")
            .fetch_all(moment)
            .await?;
    watch.advance((rows.len() + filed.len()) as u64);
    let mut cities = Cities::new();
    for (kind, id, city) in filed {
        cities.entry((kind, id)).or_default().push(city);
    }
    let mut entities = Entities::default();
    for row in rows {
        if let Some(entity) = read(&row, flaws) {
            let key = format!("{}/{}", row.kind, row.id);
            let filed = cities.remove(&(row.kind, row.id)).unwrap_or_default();
            columns(&key, &entity, row.sort.as_deref(), &row.names, &filed, flaws);
            entities.put(Arc::new(entity));
        }
    }
    *entities.books_mut() = balances.books.clone();
    for entity in EntityKind::ALL.into_iter().flat_map(|kind| entities.all(kind)) {
        refers(&entities, entity, flaws);
    }
    Ok(())
}

/// The entity, if its document reads and is the one that the row names.
fn read(row: &Row, flaws: &mut Flaws) -> Option<Entity> {
    let key = format!("{}/{}", row.kind, row.id);
    let Some(kind) = EntityKind::ALL.into_iter().find(|kind| kind.plural() == row.kind) else {
        flaws.add("entities", key, format!("the kind {}", row.kind), "one of those there are");
        return None;
    };
    match Entity::read(kind, &mut serde_json::Deserializer::from_str(&row.body)) {
        Ok(entity) if entity.id() == row.id => Some(entity),
        Ok(entity) => {
            flaws.add("entities", key, format!("in its body the id {}", entity.id()), &row.id);
            None
        }
        Err(error) => {
            flaws.add("entities", key, format!("the body: {error}"), "a document of its kind");
            None
        }
    }
}

/// What lists are filtered by is what the document says.
fn columns(
    key: &str,
    entity: &Entity,
    sort: Option<&str>,
    names: &str,
    cities: &[String],
    flaws: &mut Flaws,
) {
    let none = "none";
    flaws.same("entities", key, "the sort", sort.unwrap_or(none), entity.sort().unwrap_or(none));
    flaws.same("entities", key, "the names", names, &row::names(entity));
    let mut expected: Vec<&str> = row::cities(entity).into_iter().map(|id| id.as_str()).collect();
    expected.sort_unstable();
    expected.dedup();
    flaws.same("entity_cities", key, "the cities", cities.join(", "), expected.join(", "));
}

/// It leads to what exists, and what a fund or voucher states of money is in the ledger.
fn refers(entities: &Entities, entity: &Entity, flaws: &mut Flaws) {
    let key = format!("{}/{}", entity.kind().plural(), entity.id());
    for fault in entities.faults(entity) {
        flaws.add("entities", &key, fault, "nothing wrong");
    }
    let unbooked = match entity {
        Entity::Fund(fund) => entities.books().statement_of_fund(fund),
        Entity::Voucher(voucher) => entities.books().statement_of_voucher(voucher),
        _ => Vec::new(),
    };
    for transfer in unbooked {
        let (amount, purse) = (transfer.amount, &transfer.purse);
        let (from, to) = (transfer.from.as_str(), transfer.to.as_str());
        let code = amount.currency.code();
        let expected = format!("{amount} {code} moved from {from} to {to} in {purse}");
        flaws.add("entities", &key, "money that it states and the ledger has not", expected);
    }
}
