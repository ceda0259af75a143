//! Reading many entities: a page of a kind, or everything there is.

use std::sync::Arc;

use sqlx::sqlite::SqlitePool;
use sqlx::{QueryBuilder, Sqlite};

use super::row::{self, Found};
use crate::domain::entities::Entities;
use crate::domain::entity::EntityKind;
use crate::store::{Filter, Listing, Page, Source, StoreError};

/// A page of the entities of a kind.
pub(super) async fn page(
    pool: &SqlitePool,
    kind: EntityKind,
    filter: &Filter,
    page: &Page,
) -> Result<Listing, StoreError> {
    let limit = page.limit as usize;
    let rows: Vec<(String, i64, String)> =
        select(kind, filter, page).build_query_as().fetch_all(pool).await?;
    let more = rows.len() > limit;
    let mut listing = Listing::default();
    for (id, version, body) in rows.into_iter().take(limit) {
        listing.items.push(Found { version, body }.stored(kind, &id)?);
        listing.next = Some(id);
    }
    listing.next = listing.next.filter(|_| more);
    Ok(listing)
}

/// One row more than the page holds, so that it is known whether there is another page.
fn select(kind: EntityKind, filter: &Filter, page: &Page) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT id, version, body FROM entities WHERE kind = ");
    query.push_bind(kind.plural());
    if let Some(after) = &page.after {
        query.push(" AND id > ").push_bind(after.clone());
    }
    if let Some(sort) = &filter.sort {
        query.push(" AND sort = ").push_bind(sort.clone());
    }
    if let Some(city) = &filter.city {
        query.push(" AND id IN (SELECT id FROM entity_cities WHERE kind = ");
        query.push_bind(kind.plural()).push(" AND city = ").push_bind(city.clone()).push(")");
    }
    if let Some(text) = &filter.text {
        query.push(" AND names LIKE ").push_bind(containing(text)).push(" ESCAPE '\\'");
    }
    query.push(" ORDER BY id LIMIT ").push_bind(i64::from(page.limit) + 1);
    query
}

/// The pattern of names with a text in them.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Every entity there is.
pub(super) async fn everything(pool: &SqlitePool) -> Result<Entities, StoreError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT kind, id, body FROM entities").fetch_all(pool).await?;
    let mut entities = Entities::default();
    for (word, id, body) in rows {
        let kind = EntityKind::ALL.into_iter().find(|kind| kind.plural() == word);
        let kind = kind.ok_or_else(|| StoreError::Corrupt {
            what: format!("\"{id}\" among the {word}"),
            source: Source::from("there is no such kind of entity"),
        })?;
        entities.put(Arc::new(row::read(kind, &id, &body)?));
    }
    Ok(entities)
}
