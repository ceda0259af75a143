//! Every table of a store, and its columns.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::store::StoreError;

/// Every table, in the order in which an import fills them.
///
/// The accounts come behind the transfers, with the balances that they have: the trigger by which a transfer moves
/// money finds none to move it between. That the one is the sum of the other is for the check to prove.
pub(in crate::store::sqlite) const TABLES: [&str; 13] = [
    "entities",
    "entity_cities",
    "meta",
    "rounds",
    "patterns",
    "signatures",
    "entries",
    "transfers",
    "accounts",
    "decisions",
    "applications",
    "events",
    "answers",
];

/// The columns of a table, and those of its primary key.
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    pub(super) key: Vec<String>,
}

/// A column. One of bytes stands in an export as hexadecimal digits.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) bytes: bool,
}

pub(super) async fn columns(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<Columns, StoreError> {
    let found: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid")
            .bind(table)
            .fetch_all(connection)
            .await?;
    let mut key: Vec<_> = found.iter().filter(|(_, _, place)| *place > 0).collect();
    key.sort_by_key(|(_, _, place)| *place);
    let key = key.into_iter().map(|(name, _, _)| name.clone()).collect();
    let column = |(name, ty, _): (String, String, i64)| Column { name, bytes: ty == "BLOB" };
    Ok(Columns { all: found.into_iter().map(column).collect(), key })
}

/// How many rows each table has.
pub(in crate::store::sqlite) async fn counts(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<&'static str, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    for table in TABLES {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
        counts.insert(table, count.unsigned_abs());
    }
    Ok(counts)
}
