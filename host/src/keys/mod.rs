//! The keys that the host signs with: Ed25519 (RFC 8032) and nothing else, so that no document can talk a
//! verifier into a weaker algorithm.
//!
//! A folder holds the private key (`private.jwk`, for the owner alone) and in `public/` the public half of it and
//! of every key before it, as JSON Web Keys (RFC 7517, RFC 8037). A key's id is its thumbprint (RFC 7638).
//! [`Keys`] makes, reads and rotates them and signs; [`verify`] needs only the public halves. Signatures are JSON Web
//! Signatures (RFC 7515).

mod encoding;
mod error;
mod folder;
mod jwk;
mod jws;

use std::path::Path;

use ed25519_dalek::SigningKey;
use jiff::Timestamp;

pub use error::{KeysError, VerifyError};
pub use jwk::{Jwk, JwkSet};
pub use jws::verify;

use folder::Folder;
use jwk::PrivateJwk;

/// The keys of a host.
pub struct Keys {
    private: SigningKey,
    id: String,
    public: JwkSet,
}

impl Keys {
    /// Reads the keys of a folder, and makes folder and key if there are none.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Keys, KeysError> {
        let folder = Folder::make(folder)?;
        if folder.private()?.is_none() {
            folder.put_first(&PrivateJwk::generate(now)?)?;
        }
        Keys::read(&folder)
    }

    /// Makes a new key and keeps only the public half of the one before, so that it signs no more, and what it
    /// has signed still verifies.
    pub fn rotate(folder: &Path, now: Timestamp) -> Result<Keys, KeysError> {
        let folder = Folder::make(folder)?;
        folder.private()?;
        folder.put(&PrivateJwk::generate(now)?)?;
        Keys::read(&folder)
    }

    /// The id of the key that signs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public halves of all keys, newest first.
    #[must_use]
    pub fn public(&self) -> &JwkSet {
        &self.public
    }

    /// Signs the digests of receipts that are recorded together: a signature in the compact form, which holds them.
    #[must_use]
    pub fn sign(&self, digests: &[&str]) -> String {
        jws::sign(&self.private, &self.id, digests)
    }

    fn read(folder: &Folder) -> Result<Keys, KeysError> {
        let missing = || KeysError::None { folder: folder.path().to_owned() };
        let private = folder.private()?.ok_or_else(missing)?;
        let (id, private) = private.signing_key(&folder.private_file())?;
        Ok(Keys { private, id, public: folder.public()? })
    }
}

/// The public halves of a folder's keys, newest first; the private one is not looked at.
pub fn public(folder: &Path) -> Result<JwkSet, KeysError> {
    let set = Folder::at(folder).public()?;
    if set.keys.is_empty() { Err(KeysError::None { folder: folder.to_owned() }) } else { Ok(set) }
}

/// Puts public keys of another host beside those of a folder, so that what they have signed verifies here too. The
/// folder is made if need be. Nothing is put there unless every one of them is a key of Ed25519 with its thumbprint.
pub fn add(folder: &Path, keys: &JwkSet) -> Result<(), KeysError> {
    let checked = keys.keys.iter().cloned().map(|key| key.check(folder));
    let checked = checked.collect::<Result<Vec<Jwk>, _>>()?;
    if checked.is_empty() {
        return Ok(());
    }
    let folder = Folder::make(folder)?;
    checked.iter().try_for_each(|key| folder.put_public(key).map(drop))
}

/// Never the key itself.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("id", &self.id).finish_non_exhaustive()
    }
}
