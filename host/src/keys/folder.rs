//! The folder of keys. A file is written beside its place, flushed and moved there, so that it is whole or not
//! there at all.

use std::fs::{File, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use super::error::KeysError;
use super::jwk::{Jwk, JwkSet, PrivateJwk};

/// For the owner alone.
const FOLDER: u32 = 0o700;
const PRIVATE: u32 = 0o600;

/// For all who may enter the folder.
const PUBLIC: u32 = 0o644;

pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder as it is.
    pub(super) fn at(path: &Path) -> Folder {
        Folder { path: path.to_owned() }
    }

    /// A folder that is made if need be, for the owner alone.
    pub(super) fn make(path: &Path) -> Result<Folder, KeysError> {
        let folder = Folder::at(path);
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above).map_err(failed("make", above))?;
        }
        let made = std::fs::DirBuilder::new().recursive(true).mode(FOLDER).create(folder.publics());
        made.map_err(failed("make", path))?;
        let mode = mode(path)?;
        // Who may write here could put a key of their own in its place.
        if mode & 0o022 != 0 {
            return Err(KeysError::Open { path: path.to_owned(), mode, expected: FOLDER });
        }
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn private_file(&self) -> PathBuf {
        self.path.join("private.jwk")
    }

    fn publics(&self) -> PathBuf {
        self.path.join("public")
    }

    /// The private key, if there is one. It is refused if others may read it.
    pub(super) fn private(&self) -> Result<Option<PrivateJwk>, KeysError> {
        let path = self.private_file();
        if !path.exists() {
            return Ok(None);
        }
        let mode = mode(&path)?;
        if mode & 0o077 != 0 {
            return Err(KeysError::Open { path, mode, expected: PRIVATE });
        }
        read(&path).map(Some)
    }

    /// The public halves, newest first.
    pub(super) fn public(&self) -> Result<JwkSet, KeysError> {
        let folder = self.publics();
        if !folder.exists() {
            return Ok(JwkSet::default());
        }
        let mut keys = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed("read", &folder))? {
            let path = entry.map_err(failed("read", &folder))?.path();
            if path.extension().is_some_and(|extension| extension == "jwk") {
                match read::<Jwk>(&path) {
                    Ok(key) => keys.push(key.check(&path)?),
                    // Whoever came too late with the first key has taken its own away again.
                    Err(error) if error.is_gone() => {}
                    Err(error) => return Err(error),
                }
            }
        }
        keys.sort_by(|one, other| (other.created, &other.kid).cmp(&(one.created, &one.kid)));
        Ok(JwkSet { keys })
    }

    /// Puts the first key there. Another that came first stays. Here and below, the public half is there first,
    /// so that nothing is ever signed that cannot be verified.
    pub(super) fn put_first(&self, key: &PrivateJwk) -> Result<(), KeysError> {
        let path = self.private_file();
        let public = self.put_public(&key.public())?;
        match self.written(key, PRIVATE)?.persist_noclobber(&path) {
            Ok(_) => self.flush(&self.path),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                std::fs::remove_file(&public).map_err(failed("remove", &public))
            }
            Err(error) => Err(failed("write", &path)(error.error)),
        }
    }

    /// Puts a key in the place of the one before.
    pub(super) fn put(&self, key: &PrivateJwk) -> Result<(), KeysError> {
        self.put_public(&key.public())?;
        self.persist(self.written(key, PRIVATE)?, &self.private_file())?;
        self.flush(&self.path)
    }

    /// Puts a key there that was checked, or is this host's own.
    pub(super) fn put_public(&self, key: &Jwk) -> Result<PathBuf, KeysError> {
        let id = key.kid.as_deref().unwrap_or_default();
        let path = self.publics().join(format!("{id}.jwk"));
        self.persist(self.written(key, PUBLIC)?, &path)?;
        self.flush(&self.publics())?;
        Ok(path)
    }

    /// A file beside its place, flushed. It is made for the owner alone, and opened up only when it is whole.
    fn written(&self, value: &impl Serialize, mode: u32) -> Result<NamedTempFile, KeysError> {
        let failed = |error: std::io::Error| failed("write to", &self.path)(error);
        let json = serde_json::to_vec_pretty(value).map_err(|error| failed(error.into()))?;
        let mut file = NamedTempFile::new_in(&self.path).map_err(failed)?;
        file.write_all(&json).map_err(failed)?;
        file.as_file().set_permissions(Permissions::from_mode(mode)).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        Ok(file)
    }

    fn persist(&self, file: NamedTempFile, path: &Path) -> Result<(), KeysError> {
        file.persist(path).map(drop).map_err(|error| failed("write", path)(error.error))
    }

    /// Makes the system remember which files a folder has.
    fn flush(&self, folder: &Path) -> Result<(), KeysError> {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("write to", folder))
    }
}

fn failed(what: &'static str, path: &Path) -> impl Fn(std::io::Error) -> KeysError {
    let path = path.to_owned();
    move |source| KeysError::Io { what, path: path.clone(), source }
}

fn mode(path: &Path) -> Result<u32, KeysError> {
    let metadata = std::fs::metadata(path).map_err(failed("read", path))?;
    Ok(metadata.mode() & 0o7777)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, KeysError> {
    let bytes = std::fs::read(path).map_err(failed("read", path))?;
    serde_json::from_slice(&bytes).map_err(|error| KeysError::Malformed {
        path: path.to_owned(),
        reason: format!("not a key: {error}"),
    })
}
