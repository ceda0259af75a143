//! A file that is not there before it is whole, for its owner alone, and that takes no other's place.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::store::StoreError;

/// A file to be. Until it is finished it stands beside its place under another name, and goes if it is given up.
#[derive(Debug)]
pub struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file, if there is none at its place.
    pub fn begin(path: &Path) -> Result<NewFile, StoreError> {
        if path.symlink_metadata().is_ok() {
            let there = io::Error::new(io::ErrorKind::AlreadyExists, "something is there already");
            return Err(failed(path)(there));
        }
        let file = NamedTempFile::new_in(folder(path)).map_err(failed(path))?;
        Ok(NewFile { file, path: path.to_owned() })
    }

    /// Where it stands until it is finished.
    #[must_use]
    pub fn beside(&self) -> &Path {
        self.file.path()
    }

    /// Puts it in its place, on the disk for good.
    pub fn finish(self) -> Result<(), StoreError> {
        let NewFile { file, path } = self;
        // Opened again: what SQLite has written, it has not written through this handle.
        File::open(file.path()).and_then(|file| file.sync_all()).map_err(failed(&path))?;
        file.persist_noclobber(&path).map_err(|error| failed(&path)(error.error))?;
        sync_folder(folder(&path))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes the system remember which files a folder has.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::File { path: path.to_owned(), source }
}
