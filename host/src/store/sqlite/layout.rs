//! What a database is laid out as: its tables, indexes and triggers, which keep what no code may break.

use std::collections::BTreeMap;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Acquire, Connection, SqlitePool};

use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Something that is laid out otherwise than by the migrations.
pub(super) struct Odd {
    /// A table, an index or a trigger.
    pub(super) name: String,
    pub(super) found: &'static str,
    pub(super) expected: &'static str,
}

/// The number of the newest migration.
pub(super) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Whether a database that may only be read is laid out by these migrations, and no others.
pub(super) async fn hold(pool: &SqlitePool) -> Result<(), StoreError> {
    let found: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version",
    )
    .fetch_all(pool)
    .await?;
    let expected = MIGRATIONS.iter().map(|one| (one.version, one.checksum.as_ref()));
    if found.iter().map(|(version, checksum)| (*version, checksum.as_slice())).eq(expected) {
        return Ok(());
    }
    let (newest, last) = (newest(), found.last().map(|(version, _)| *version));
    let found = match last {
        Some(last) if last == newest => format!("{last} as another version has it"),
        Some(last) => last.to_string(),
        None => "none".to_owned(),
    };
    Err(StoreError::Layout(format!("found layout {found}, expected {newest}")))
}

/// Lays a database out, or brings it to the newest layout.
pub(super) async fn lay_out<'a, A>(database: A) -> Result<(), StoreError>
where
    A: Acquire<'a, Database = sqlx::Sqlite>,
    <A::Connection as std::ops::Deref>::Target: sqlx::migrate::Migrate,
{
    MIGRATIONS.run(database).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        error => StoreError::Layout(error.to_string()),
    })
}

/// Whatever is laid out otherwise than in a database that was just made.
pub(super) async fn odd(connection: &mut SqliteConnection) -> Result<Vec<Odd>, StoreError> {
    let in_memory = SqliteConnectOptions::new().in_memory(true);
    let mut new = SqliteConnection::connect_with(&in_memory).await?;
    lay_out(&mut new).await?;
    let (expected, found) = (all(&mut new).await?, all(connection).await?);
    new.close().await?;
    let missing = expected.iter().filter_map(|(name, sql)| {
        let found = match found.get(name) {
            Some(found) if found == sql => return None,
            Some(_) => "another statement that makes it",
            None => "none",
        };
        Some(Odd { name: name.clone(), found, expected: "it as a host lays it out" })
    });
    let more = found.keys().filter(|name| !expected.contains_key(*name));
    let more = more.map(|name| Odd { name: name.clone(), found: "one", expected: "none" });
    Ok(missing.chain(more).collect())
}

/// Tables, indexes and triggers, each with its kind and the statement that makes it; not what SQLite and sqlx keep for
/// themselves.
async fn all(connection: &mut SqliteConnection) -> Result<BTreeMap<String, String>, StoreError> {
    let all: Vec<(String, String)> = sqlx::query_as(
        "SELECT type || ' ' || name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(connection)
    .await?;
    Ok(all.into_iter().collect())
}
