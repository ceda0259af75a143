//! What can be wrong with keys and signatures.

use std::path::PathBuf;

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There is none.
    #[error("there is no key in {}; a host makes one when it first starts, or `concord key rotate`", folder.display())]
    None {
        /// The folder.
        folder: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Others may read the private key, or write beside it.
    #[error(
        "others may use {} (mode {mode:04o}); expected {expected:04o}: run `chmod {expected:o} {}`, \
         and `concord key rotate` if someone may have read it",
        path.display(), path.display()
    )]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode that it should have.
        expected: u32,
    },
    /// A file holds no key, or another than it says.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was found and what was expected.
        reason: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(String),
}

impl KeysError {
    /// Whether it is that a file is not there.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, KeysError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// It is no signature of receipts.
    #[error("the signature is malformed: {0}")]
    Malformed(String),
    /// It was made with another algorithm.
    #[error("the signature's algorithm is {0}; expected EdDSA, and no other")]
    OtherAlgorithm(String),
    /// Its key is not among those given.
    #[error("the signature's key {0} is not among those known")]
    UnknownKey(String),
    /// The key did not sign what the signature says.
    #[error("the signature was not made by the key {0}, or what it signs was changed")]
    BadSignature(String),
    /// It is a signature by this key, and this receipt, as it stands, is not among those that it signs.
    #[error("the key {0} did not sign this receipt: it is of others, or the receipt was changed")]
    OtherReceipts(String),
}
