//! Opening: the folder, the lock, the connections and the layout.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::{layout, writing};
use crate::store::StoreError;

/// The database, in the data folder.
pub(super) const DATABASE: &str = "concord.sqlite";
/// The file whose lock says that a host is writing, in the data folder.
pub(super) const LOCK: &str = "concord.lock";

/// Enough for a few slow lists beside a writer; checks need none.
pub(super) const CONNECTIONS: u32 = 4;
/// How long to wait for another process's lock (a backup, say), or for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What every connection goes by. With `recursive_triggers`, what replaces a row is held to the triggers against
/// removing one. The cache (8 MiB, in KiB) is enough for all that goes into one commit; SQLite looks through all of it
/// after each.
pub(super) const PRAGMAS: [(&str, &str); 3] =
    [("recursive_triggers", "ON"), ("temp_store", "MEMORY"), ("cache_size", "-8192")];
/// The pages of the log that are gathered before they are put into the database (16 MiB).
pub(super) const LOG_PAGES: &str = "4096";

/// Locks the folder and opens the database, at the newest layout.
pub(super) async fn to_write(data: &Path) -> Result<(SqlitePool, File), StoreError> {
    make_folder(data)?;
    let lock = lock(&data.join(LOCK))?;
    let path = data.join(DATABASE);
    // Made here, because SQLite would let everybody read it.
    private_file(&path)?;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", LOG_PAGES);
    let pool = connect(options).await?;
    layout::lay_out(&pool).await?;
    let odd = layout::odd(&mut *pool.acquire().await?).await?;
    match odd.into_iter().next() {
        None => Ok((pool, lock)),
        Some(layout::Odd { name, found, expected }) => {
            Err(StoreError::Layout(format!("{name}: found {found}, expected {expected}")))
        }
    }
}

/// Opens the database as it is.
pub(super) async fn to_read(data: &Path) -> Result<SqlitePool, StoreError> {
    let path = data.join(DATABASE);
    if !path.exists() {
        return Err(StoreError::Missing(path));
    }
    file_to_read(&path).await
}

/// Opens a database file as it is.
pub(super) async fn file_to_read(path: &Path) -> Result<SqlitePool, StoreError> {
    let pool = connect(SqliteConnectOptions::new().filename(path).read_only(true)).await?;
    // Without this table, a host has made the file and not yet laid it out.
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&pool)
    .await?;
    if tables == 0 {
        return Err(StoreError::Missing(path.to_owned()));
    }
    layout::hold(&pool).await?;
    Ok(pool)
}

/// Makes a new database at the newest layout, to be filled and then put in its place. It is thrown away if that
/// breaks off, so that nothing is synced on the way; and what refers to what is seen to when all is there.
pub(super) async fn to_fill(path: &Path) -> Result<SqlitePool, StoreError> {
    private_file(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    layout::lay_out(&pool).await?;
    Ok(pool)
}

async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let options = PRAGMAS.into_iter().fold(options, |all, (name, value)| all.pragma(name, value));
    let options = options.foreign_keys(true).busy_timeout(PATIENCE);
    // One is always open: what a commit that failed has left in the log would come back with the first of new ones.
    let pool = SqlitePoolOptions::new().min_connections(1).max_connections(CONNECTIONS);
    let pool = pool.acquire_timeout(PATIENCE);
    let pool = pool.after_release(|connection, _| Box::pin(writing::undo(connection)));
    Ok(pool.connect_with(options).await?)
}

pub(super) fn make_folder(data: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(at(data))
}

pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let file = private_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Held(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(at(path)(error)),
    }
}

/// Opens a file for writing, and makes it if there is none, for its owner alone.
fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = PathBuf::from(path);
    move |source| StoreError::File { path, source }
}
