//! Policies' components by what they are, not by what their files are called.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::digest::sha256;

/// The components of some folders, by digest.
#[derive(Clone, Debug, Default)]
pub struct Components {
    files: HashMap<String, PathBuf>,
}

impl Components {
    /// Reads all files `*.wasm` of the folders.
    pub fn of<P: AsRef<Path>>(folders: &[P]) -> io::Result<Components> {
        let mut files = HashMap::new();
        for folder in folders {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "wasm") {
                    files.insert(sha256(&std::fs::read(&path)?), path);
                }
            }
        }
        Ok(Components { files })
    }

    /// The bytes with this digest, if they are still there.
    #[must_use]
    pub fn find(&self, digest: &str) -> Option<Vec<u8>> {
        let bytes = std::fs::read(self.files.get(digest)?).ok()?;
        (sha256(&bytes) == digest).then_some(bytes)
    }
}
