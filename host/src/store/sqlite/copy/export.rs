//! An export: everything that a store holds, as text.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};

use super::tables::{self, Column, TABLES};
use super::{FORMAT, Head, VERSION};
use crate::domain::digest::hex;
use crate::store::StoreError;
use crate::store::sqlite::check::Watch;
use crate::store::sqlite::{layout, open};

/// The export of a store, as it was at one moment.
pub struct Export {
    pool: SqlitePool,
    moment: Transaction<'static, Sqlite>,
    rows: BTreeMap<&'static str, u64>,
}

impl Export {
    /// Takes hold of the moment. Whoever writes to the store goes on, and nothing of it is seen here.
    pub async fn begin(data: &Path) -> Result<Export, StoreError> {
        let pool = open::to_read(data).await?;
        let mut moment = pool.begin().await?;
        let rows = tables::counts(&mut moment).await?;
        Ok(Export { pool, moment, rows })
    }

    /// Writes it, with the public keys that its receipts are verified by, as JSON Web Keys. Give those that there
    /// are after [`Export::begin`]: no receipt is signed by a later one.
    pub async fn write(
        mut self,
        keys: &[Value],
        to: &mut dyn Write,
        watch: &dyn Watch,
    ) -> Result<(), StoreError> {
        watch.begin(self.rows.values().sum());
        let mut lines = Lines { to, digest: Sha256::new() };
        let rows = self.rows.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect();
        let head = Head {
            format: FORMAT.to_owned(),
            version: VERSION,
            layout: layout::newest(),
            keys: keys.len() as u64,
            rows,
        };
        let head = serde_json::to_string(&head).map_err(|error| failed(error.into()))?;
        lines.write(&head)?;
        for key in keys {
            lines.write(&json!({ "key": key }).to_string())?;
        }
        for table in TABLES {
            table_into(&mut lines, &mut self.moment, table, watch).await?;
        }
        lines.end()?;
        drop(self.moment);
        self.pool.close().await;
        Ok(())
    }
}

/// A line for each row, by the primary key. SQLite writes the objects, so that nothing is left out or added.
async fn table_into(
    lines: &mut Lines<'_>,
    moment: &mut SqliteConnection,
    table: &str,
    watch: &dyn Watch,
) -> Result<(), StoreError> {
    let columns = tables::columns(moment, table).await?;
    let pair = |Column { name, bytes }: &Column| match bytes {
        true => format!("'{name}', hex({name})"),
        false => format!("'{name}', {name}"),
    };
    let pairs: Vec<_> = columns.all.iter().map(pair).collect();
    let (pairs, key) = (pairs.join(", "), columns.key.join(", "));
    let row = format!("json_object('table', '{table}', 'row', json_object({pairs}))");
    let sql = AssertSqlSafe(format!("SELECT {row} FROM {table} ORDER BY {key}"));
    let mut rows = sqlx::query_scalar::<_, String>(sql).fetch(moment);
    while let Some(row) = rows.try_next().await? {
        lines.write(&row)?;
        watch.advance(1);
    }
    Ok(())
}

struct Lines<'a> {
    to: &'a mut dyn Write,
    digest: Sha256,
}

impl Lines<'_> {
    fn write(&mut self, line: &str) -> Result<(), StoreError> {
        self.digest.update(line);
        self.digest.update("\n");
        let written = self.to.write_all(line.as_bytes());
        written.and_then(|()| self.to.write_all(b"\n")).map_err(|error| failed(error.into()))
    }

    fn end(self) -> Result<(), StoreError> {
        let digest = format!("sha256:{}", hex(&self.digest.finalize()));
        let last = json!({ "digest": digest });
        let written = writeln!(self.to, "{last}");
        written.and_then(|()| self.to.flush()).map_err(|error| failed(error.into()))
    }
}

fn failed(error: crate::store::Source) -> StoreError {
    StoreError::Unavailable(error)
}
