//! What is written of a unit while others are done already: nobody waits for it but those whose it is.

use std::fmt;
use std::sync::{Arc, LazyLock};

use super::{Source, StoreError};
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId};

/// A text, or how it is made; it is made once.
#[derive(Clone)]
pub struct Text(Arc<LazyLock<Result<String, String>, Make>>);

type Make = Box<dyn FnOnce() -> Result<String, String> + Send + Sync>;

impl Text {
    /// A text to be. The error is one of the host.
    pub fn to_be(make: impl FnOnce() -> Result<String, Source> + Send + Sync + 'static) -> Text {
        let make = || make().map_err(|error| error.to_string());
        Text(Arc::new(LazyLock::new(Box::new(make))))
    }

    /// A text that is there.
    #[must_use]
    pub fn of(text: String) -> Text {
        Text::to_be(|| Ok(text))
    }

    /// The text, for whoever needs it longer.
    pub fn written(self) -> Result<Made, StoreError> {
        self.get()?;
        Ok(Made(self))
    }

    /// The text.
    pub fn get(&self) -> Result<&str, StoreError> {
        let made = self.0.as_ref().as_ref();
        made.map(String::as_str).map_err(|error| StoreError::Failed(error.clone().into()))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// A text that has been made.
pub struct Made(Text);

impl AsRef<[u8]> for Made {
    fn as_ref(&self) -> &[u8] {
        self.0.get().map(str::as_bytes).unwrap_or_default()
    }
}

/// A decision that is to be recorded. Its receipt names the one before it in its program, and is written when that
/// one is.
pub struct Draft {
    /// The program.
    pub program: ProgramId,
    /// Its number in the program's chain, from 1.
    pub number: i64,
    /// The application that it decides, by its place among all.
    pub application: i64,
    /// Writes the receipt, by the digest of the one before it. The error is one of the host.
    pub write: Box<dyn FnOnce(Option<String>) -> Result<Paper, Source> + Send + Sync>,
    /// Signs it, together with others.
    pub signer: Arc<dyn Sign>,
}

/// Signs receipts that are recorded together, by their digests.
pub trait Sign: Send + Sync {
    /// The signature.
    fn sign(&self, digests: &[&str]) -> String;
}

/// A receipt, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Canonical JSON (RFC 8785).
    pub receipt: String,
    /// Its digest.
    pub digest: String,
}

/// A decision, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Its id.
    pub id: DecisionId,
    /// The program.
    pub program: ProgramId,
    /// Its number in the program's chain, from 1.
    pub number: i64,
    /// The application that it decides.
    pub application: ApplicationId,
    /// The receipt.
    pub paper: Paper,
    /// Its signature: a JWS of its digest and of those of the receipts that were recorded with it.
    pub signature: String,
}
