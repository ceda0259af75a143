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
/// An extended code: what a database in use needs beside it cannot be made.
const IOERR_SHMSIZE: i32 = IOERR | (19 << 8);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                StoreError::Unavailable(error.into())
            }
            _ => of_code(extended(&error), error.into()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        of_code(error.sqlite_error().map(|error| error.extended_code), error.into())
    }
}

fn of_code(extended: Option<i32>, error: Source) -> StoreError {
    if extended == Some(IOERR_SHMSIZE) {
        // SQLite says no more than "disk I/O error".
        let full =
            "the disk is full: SQLite cannot make the file that ends in -shm beside the database";
        return StoreError::Unavailable(format!("{full} ({error})").into());
    }
    match extended.map(primary) {
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
    extended(error).map(primary) == Some(READONLY)
}

fn extended(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// A code without what SQLite adds to it in the higher bits.
fn primary(extended: i32) -> i32 {
    extended & 0xff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_full_may_pass_and_says_so() {
        for code in [FULL, IOERR_SHMSIZE] {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            let StoreError::Unavailable(cause) = StoreError::from(error) else { panic!("{code}") };
            assert!(cause.to_string().contains("full"), "{cause}");
        }
    }
}
