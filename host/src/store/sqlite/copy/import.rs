//! An import: a store made of an export, whole or not at all.

use std::fs::File;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::sqlite::SqlitePool;
use tempfile::{TempDir, TempPath};

use super::new_file::sync_folder;
use crate::store::StoreError;
use crate::store::sqlite::check::{self, Prove, Report, Watch};
use crate::store::sqlite::open;

mod fill;
mod lines;

use fill::Filled;

/// Why an export was not imported. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is something already.
    #[error("{} is not empty: a store is imported into a fresh folder", .0.display())]
    NotEmpty(PathBuf),
    /// It is no export, or one that another version of the host has written.
    #[error("found {found}, expected {expected}")]
    Format {
        /// What it is.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// A line is not what the format has there.
    #[error("line {line}: {reason}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What was found and what was expected.
        reason: String,
    },
    /// Its end is missing.
    #[error("it ends with line {lines}, and that is not the line with the digest: it was cut")]
    Cut {
        /// How many lines there are.
        lines: u64,
    },
    /// Something in it is not as it was written.
    #[error("its lines have the digest {found}, expected {expected}: they were changed")]
    Changed {
        /// The digest of its lines.
        found: String,
        /// The one in its last line.
        expected: String,
    },
    /// It cannot be read.
    #[error("it cannot be read")]
    Read(#[from] io::Error),
    /// The store cannot be made.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A store that is filled and not yet in its place. It goes if it is given up.
pub struct Import {
    filled: Filled,
    pool: SqlitePool,
    // In this order: what stands in the folder goes before the folder.
    temporary: TempDir,
    place: Place,
}

impl Import {
    /// Makes a store of an export, beside its place in a data folder that is empty or not there yet.
    pub async fn read(
        from: &mut dyn BufRead,
        data: &Path,
        watch: &dyn Watch,
    ) -> Result<Import, ImportError> {
        let place = Place::take(data)?;
        let temporary = tempfile::Builder::new().prefix(".import-").tempdir_in(data);
        let temporary = temporary.map_err(|source| at(data)(source))?;
        let pool = open::to_fill(&temporary.path().join(open::DATABASE)).await?;
        match fill::fill(from, &pool, watch).await {
            Ok(filled) => Ok(Import { filled, pool, temporary, place }),
            Err(error) => {
                pool.close().await;
                Err(error)
            }
        }
    }

    /// The public keys that came with it, as JSON Web Keys.
    #[must_use]
    pub fn keys(&self) -> &[Value] {
        &self.filled.keys
    }

    /// Checks all of it.
    pub async fn check(&self, prove: Prove<'_>, watch: &dyn Watch) -> Result<Report, StoreError> {
        check::of_pool(&self.pool, prove, watch).await
    }

    /// Puts it in its place, on the disk for good: from now on a host can begin with it.
    pub async fn put_in_place(mut self) -> Result<(), StoreError> {
        self.pool.close().await;
        let (made, path) = (self.temporary.path().join(open::DATABASE), self.place.database());
        let moved = File::open(&made)
            .and_then(|file| file.sync_all())
            .and_then(|()| TempPath::try_from_path(made))
            .and_then(|made| made.persist_noclobber(&path).map_err(|error| error.error));
        moved.map_err(at(&path))?;
        self.place.kept = true;
        sync_folder(&self.place.folder)
    }
}

/// The data folder, locked.
struct Place {
    folder: PathBuf,
    /// Whether it was made for this.
    made: bool,
    kept: bool,
    _lock: File,
}

impl Place {
    fn take(folder: &Path) -> Result<Place, ImportError> {
        let made = !folder.exists();
        open::make_folder(folder)?;
        if std::fs::read_dir(folder)?.next().is_some() {
            return Err(ImportError::NotEmpty(folder.to_owned()));
        }
        let lock = open::lock(&folder.join(open::LOCK))?;
        Ok(Place { folder: folder.to_owned(), made, kept: false, _lock: lock })
    }

    fn database(&self) -> PathBuf {
        self.folder.join(open::DATABASE)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(self.folder.join(open::LOCK));
            if self.made {
                // Only where it is empty again.
                let _ = std::fs::remove_dir(&self.folder);
            }
        }
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::File { path: path.to_owned(), source }
}
