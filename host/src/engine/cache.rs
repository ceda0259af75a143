//! Compiled policies on disk, by digest, so that a host starts without compiling.
//!
//! A file is used only if it is whole, and was made of the same component by the same engine with the same
//! settings; anything else is compiled anew and replaced. Loading compiled code is as good as running it,
//! so the folder must belong to this user alone: one that others may write is not used.

use std::hash::{Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::component::Component;

use crate::domain::digest::hex;

/// The first bytes of every file.
const MAGIC: &[u8; 16] = b"concord cache 1\n";

/// Bytes of a SHA-256.
const DIGEST: usize = 32;

/// A folder of compiled policies.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// The engine's version and settings.
    engine: [u8; DIGEST],
}

impl Cache {
    /// Opens the folder, and makes it if need be. `None` if it cannot be trusted or made.
    #[must_use]
    pub fn open(folder: PathBuf, engine: &wasmtime::Engine) -> Option<Cache> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        if let Err(error) = made {
            tracing::warn!(folder = %folder.display(), %error, "no compiled policies are kept");
            return None;
        }
        if !is_private(&folder) {
            let folder = folder.display();
            tracing::warn!(%folder, "others may write to the folder; no compiled policies are kept");
            return None;
        }
        let mut hasher = EngineHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Some(Cache { folder, engine: hasher.0.finalize().into() })
    }

    /// The component, from the folder if it is there, and compiled and put there if not.
    pub(super) fn get_or_compile(
        &self,
        engine: &wasmtime::Engine,
        digest: &str,
        bytes: &[u8],
    ) -> wasmtime::Result<Component> {
        let key = self.key(digest);
        let path = self.folder.join(format!("{}.cwasm", hex(&key)));
        if let Some(code) = std::fs::read(&path).ok().as_deref().and_then(|file| unseal(&key, file))
        {
            match deserialize(engine, code) {
                Ok(component) => return Ok(component),
                Err(error) => {
                    let path = path.display();
                    tracing::warn!(%path, %error, "a compiled policy does not load; compiling it anew");
                }
            }
        }
        let code = engine.precompile_component(bytes)?;
        if let Err(error) = self.keep(&path, &seal(&key, &code)) {
            tracing::warn!(path = %path.display(), %error, "a compiled policy could not be kept");
        }
        deserialize(engine, &code)
    }

    /// What a file must have been made of: this component, by this engine.
    fn key(&self, digest: &str) -> [u8; DIGEST] {
        Sha256::new().chain_update(self.engine).chain_update(digest).finalize().into()
    }

    /// Writes the whole file or nothing.
    fn keep(&self, path: &Path, file: &[u8]) -> std::io::Result<()> {
        let mut unfinished = tempfile::NamedTempFile::new_in(&self.folder)?;
        unfinished.write_all(file)?;
        unfinished.persist(path)?;
        Ok(())
    }
}

/// Whether the folder belongs to this user, and nobody else may write to it. Who cannot be told apart is a
/// stranger.
fn is_private(folder: &Path) -> bool {
    let (Ok(folder), Ok(own)) = (std::fs::metadata(folder), std::fs::metadata("/proc/self")) else {
        return false;
    };
    folder.uid() == own.uid() && folder.mode() & 0o022 == 0
}

/// A file: the magic, the key, the digest of key and code, the code.
fn seal(key: &[u8; DIGEST], code: &[u8]) -> Vec<u8> {
    let digest = Sha256::new().chain_update(key).chain_update(code).finalize();
    [MAGIC, key.as_slice(), digest.as_slice(), code].concat()
}

/// The code in a file, if the file is whole and has this key.
fn unseal<'a>(key: &[u8; DIGEST], file: &'a [u8]) -> Option<&'a [u8]> {
    let rest = file.strip_prefix(MAGIC)?.strip_prefix(key.as_slice())?;
    let (digest, code) = rest.split_at_checked(DIGEST)?;
    let whole = Sha256::new().chain_update(key).chain_update(code).finalize();
    (whole.as_slice() == digest).then_some(code)
}

#[allow(unsafe_code, reason = "wasmtime trusts what it compiled itself")]
fn deserialize(engine: &wasmtime::Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the code was compiled just now, or stood whole in a folder that only this user can write to.
    unsafe { Component::deserialize(engine, code) }
}

/// Feeds what is hashed into a digest that is the same in every process.
struct EngineHasher(Sha256);

impl Hasher for EngineHasher {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
