//! What SQLite says → what the caller can do.

use crate::store::StoreError;

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
        match (&error, code(&error)) {
            (sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_), _)
            | (_, Some(BUSY | LOCKED | NOMEM | READONLY | IOERR | FULL | CANTOPEN)) => {
                StoreError::Unavailable(error.into())
            }
            (_, Some(CORRUPT | NOTADB)) => {
                StoreError::Corrupt { what: "the database file".into(), source: error.into() }
            }
            _ => StoreError::Failed(error.into()),
        }
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
