//! A backup: the whole database in one file, as it was at one moment.

use std::path::Path;

use super::new_file::NewFile;
use crate::store::StoreError;
use crate::store::sqlite::{check, open};

/// Copies the store in a data folder into a new file, also while a host writes to it. The copy is checked as SQLite
/// checks a file before it gets its name; what is wrong then is [`StoreError::Corrupt`].
pub async fn backup(data: &Path, file: &Path) -> Result<(), StoreError> {
    let copy = NewFile::begin(file)?;
    let pool = open::to_read(data).await?;
    let beside = copy.beside().to_string_lossy().into_owned();
    let copied = sqlx::query("VACUUM INTO $1").bind(&beside).execute(&pool).await;
    pool.close().await;
    copied?;
    let pool = open::file_to_read(copy.beside()).await?;
    let mut connection = pool.acquire().await?;
    let flaws = check::of_file(&mut connection).await;
    drop(connection);
    pool.close().await;
    match flaws?.into_iter().next() {
        None => copy.finish(),
        Some(flaw) => {
            Err(StoreError::Corrupt { what: "the copied database".into(), source: flaw.into() })
        }
    }
}
