//! Transactions that write, also after the disk was full or let nobody write for a while.
//!
//! They are not those of sqlx: where a write fails, SQLite rolls back by itself, and sqlx goes on counting a transaction
//! that it can neither end nor begin another beside.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, Sqlite, SqliteConnection};

use super::{failure, open};
use crate::store::StoreError;

/// A transaction that writes. Where it is not committed, it is undone as its connection goes back.
pub(super) struct Writing(PoolConnection<Sqlite>);

impl Writing {
    /// Begins one.
    pub(super) async fn begin(pool: &SqlitePool) -> Result<Writing, StoreError> {
        match Writing::try_begin(pool).await {
            Err(error) if failure::is_read_only(&error) => {
                renew(pool).await?;
                Ok(Writing::try_begin(pool).await?)
            }
            begun => Ok(begun?),
        }
    }

    async fn try_begin(pool: &SqlitePool) -> Result<Writing, sqlx::Error> {
        let mut connection = pool.acquire().await?;
        begin(&mut connection).await?;
        Ok(Writing(connection))
    }

    /// Keeps what was written: it is on the disk when this is done.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(&mut *self.0).await?;
        Ok(())
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

/// The write lock is taken at once: a transaction that reads first could not get it later.
async fn begin(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    // Where the connection is read-only, that began one that reads. This writes nothing, and is refused there.
    sqlx::query("DELETE FROM meta WHERE FALSE").execute(connection).await?;
    Ok(())
}

/// Undoes what was not committed, as a connection goes back to the others. Mostly there is nothing, which SQLite says.
pub(super) async fn undo(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let _ = sqlx::query("ROLLBACK").execute(connection).await;
    Ok(true)
}

/// A connection that was opened while nothing could be written never writes again. Where a new one can, new ones take
/// the place of all; where none can, all stay: on a full disk another could not even be opened to read.
async fn renew(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let mut new = SqliteConnection::connect_with(&pool.connect_options()).await?;
    begin(&mut new).await?;
    undo(&mut new).await?;
    let mut all = Vec::new();
    for _ in 0..open::CONNECTIONS {
        all.push(pool.acquire().await?);
    }
    for connection in all {
        connection.close().await?;
    }
    new.close().await
}
