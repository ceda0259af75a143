//! What SQLite says → what the caller can do.

use crate::store::{Source, StoreError};

// Primary result codes: https://www.sqlite.org/rescode.html
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const NOMEM: i32 = 7;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                StoreError::Unavailable(error.into())
            }
            _ => of_code(code(&error), error.into()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        of_code(error.sqlite_error().map(|error| error.extended_code & 0xff), error.into())
    }
}

fn of_code(code: Option<i32>, error: Source) -> StoreError {
    match code {
        Some(BUSY | LOCKED | NOMEM | READONLY | IOERR | FULL | CANTOPEN) => {
            StoreError::Unavailable(error)
        }
        Some(CORRUPT | NOTADB) => {
            StoreError::Corrupt { what: "the database file".into(), source: error }
        }
        _ => StoreError::Failed(error),
    }
}

/// Whether the database or the connection lets nobody write.
pub(super) fn is_read_only(error: &sqlx::Error) -> bool {
    code(error) == Some(READONLY)
}

/// The primary code of a database's error, without what SQLite adds to it in the higher bits.
fn code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}
