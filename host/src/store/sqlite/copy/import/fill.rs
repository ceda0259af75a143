//! The rows of an export, into an empty store.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use serde_json::Value;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::ImportError;
use super::lines::{Line, Lines};
use crate::store::StoreError;
use crate::store::sqlite::check::Watch;
use crate::store::sqlite::copy::tables::{self, Column, TABLES};
use crate::store::sqlite::copy::{FORMAT, Head, VERSION};
use crate::store::sqlite::layout;

/// Rows that are put in at once, and about how many bytes of them.
const ROWS: u64 = 500;
const BYTES: usize = 1 << 20;

/// What was read beside the rows.
pub(super) struct Filled {
    pub(super) keys: Vec<Value>,
}

pub(super) async fn fill(
    from: &mut dyn BufRead,
    pool: &SqlitePool,
    watch: &dyn Watch,
) -> Result<Filled, ImportError> {
    let mut lines = Lines::new(from);
    let head = head(&mut lines)?;
    watch.begin(head.rows.values().sum());
    let mut transaction = pool.begin().await.map_err(StoreError::from)?;
    let mut rows = Rows::new(&mut transaction).await?;
    let mut keys = Vec::new();
    loop {
        let Some(text) = lines.next()? else {
            return Err(ImportError::Cut { lines: lines.number });
        };
        match serde_json::from_str(text) {
            Ok(Line::Key(line)) => keys.push(line.key),
            Ok(Line::Row(line)) => {
                if !rows.take(&mut transaction, &line.table, text).await? {
                    let known = TABLES.join(", ");
                    let reason =
                        format!("found the table \"{}\", expected one of: {known}", line.table);
                    return Err(lines.wrong(reason));
                }
                watch.advance(1);
            }
            Ok(Line::Last(last)) => {
                lines.end(&last.digest)?;
                break;
            }
            Err(_) => {
                return Err(lines.wrong("expected a key, a row or the digest, as JSON".to_owned()));
            }
        }
    }
    rows.put_in(&mut transaction).await?;
    agree(&head, keys.len() as u64, &rows.counted)?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(Filled { keys })
}

fn head(lines: &mut Lines<'_>) -> Result<Head, ImportError> {
    let layout = layout::newest();
    let expected = || format!("{FORMAT} in version {VERSION}, layout {layout}");
    let wrong = |found: String| ImportError::Format { found, expected: expected() };
    let first = lines.next()?.ok_or_else(|| wrong("nothing".to_owned()))?;
    let head: Head = serde_json::from_str(first)
        .map_err(|error| wrong(format!("a first line that is none ({error})")))?;
    let Head { format, version, layout: found, .. } = &head;
    if format != FORMAT || *version != VERSION || *found != layout {
        return Err(wrong(format!("{format} in version {version}, layout {found}")));
    }
    Ok(head)
}

/// There are as many of each as the first line says.
fn agree(head: &Head, keys: u64, counted: &BTreeMap<String, u64>) -> Result<(), ImportError> {
    let told = |table: &str| head.rows.get(table).copied().unwrap_or_default();
    let of_rows = TABLES
        .into_iter()
        .map(|table| (table, told(table), counted.get(table).copied().unwrap_or_default()));
    for (what, told, found) in std::iter::once(("keys", head.keys, keys)).chain(of_rows) {
        if told != found {
            return Err(ImportError::Format {
                found: format!("{found} of {what}"),
                expected: format!("{told}, as its first line says"),
            });
        }
    }
    Ok(())
}

/// Rows of one table that wait to be put in together.
struct Rows {
    statements: HashMap<&'static str, String>,
    table: String,
    waiting: String,
    number: u64,
    counted: BTreeMap<String, u64>,
}

impl Rows {
    async fn new(connection: &mut SqliteConnection) -> Result<Rows, StoreError> {
        let mut statements = HashMap::new();
        for table in TABLES {
            let columns = tables::columns(connection, table).await?.all;
            let value = |Column { name, bytes }: &Column| match bytes {
                true => format!("unhex(value ->> '$.row.{name}')"),
                false => format!("value ->> '$.row.{name}'"),
            };
            let values: Vec<_> = columns.iter().map(value).collect();
            let columns: Vec<_> = columns.into_iter().map(|column| column.name).collect();
            let (columns, values) = (columns.join(", "), values.join(", "));
            let into = format!("INSERT INTO {table} ({columns})");
            statements.insert(table, format!("{into} SELECT {values} FROM json_each($1)"));
        }
        let (table, waiting, counted) = Default::default();
        Ok(Rows { statements, table, waiting, number: 0, counted })
    }

    /// Takes a line, unless there is no such table.
    async fn take(
        &mut self,
        connection: &mut SqliteConnection,
        table: &str,
        line: &str,
    ) -> Result<bool, StoreError> {
        if !self.statements.contains_key(table) {
            return Ok(false);
        }
        if self.table != table || self.number == ROWS || self.waiting.len() > BYTES {
            self.put_in(connection).await?;
            table.clone_into(&mut self.table);
        }
        self.waiting.push(if self.number == 0 { '[' } else { ',' });
        self.waiting.push_str(line);
        self.number += 1;
        Ok(true)
    }

    async fn put_in(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Some(statement) = self.statements.get(self.table.as_str()) else { return Ok(()) };
        self.waiting.push(']');
        sqlx::query(AssertSqlSafe(statement.clone()))
            .bind(&self.waiting)
            .execute(connection)
            .await?;
        *self.counted.entry(self.table.clone()).or_default() += self.number;
        self.waiting.clear();
        self.number = 0;
        Ok(())
    }
}
