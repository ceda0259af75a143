//! What SQLite itself says: the pages and indexes of the file, the constraints of its rows, and foreign keys.

use sqlx::SqliteConnection;

use super::Flaws;
use crate::store::StoreError;

pub(super) async fn check(
    moment: &mut SqliteConnection,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let said: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *moment).await?;
    for line in said.iter().filter(|line| *line != "ok") {
        flaws.add("sqlite", "integrity_check", line, "ok");
    }
    let loose: Vec<(String, Option<i64>, String)> =
        sqlx::query_as("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")
            .fetch_all(moment)
            .await?;
    for (table, row, parent) in loose {
        // A table without row ids has none to tell.
        let key = row.map_or_else(|| "?".to_owned(), |row| format!("row {row}"));
        flaws.add(&table, key, format!("a key that leads to no row of {parent}"), "one that does");
    }
    Ok(())
}
