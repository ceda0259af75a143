//! The document that leaves the host: `{ "receipt": {…}, "signature": "header.payload.signature" }`.
//!
//! What is signed is a list of digests, among them that of the receipt's canonical text, so that a document may be laid out
//! and passed on as any JSON may.

use concord_contract::raw::Raw;

use super::canonical::{Uncanonical, canonical};

/// A receipt with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The canonical text of the receipt.
    pub body: String,
    /// A JSON Web Signature (RFC 7515) of its digest, and of those that were recorded with it.
    pub signature: String,
}

/// A text that holds no signed receipts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDocument {
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// It is JSON of another form.
    #[error(
        "document {position}: found {found}, expected {{ \"receipt\": {{…}}, \"signature\": \"…\" }}"
    )]
    Form {
        /// Which of the documents, from 1.
        position: usize,
        /// What stands there.
        found: String,
    },
    /// A receipt has no canonical text.
    #[error("document {position}: {reason}")]
    Uncanonical {
        /// Which of the documents, from 1.
        position: usize,
        /// Why.
        reason: Uncanonical,
    },
    /// There is none.
    #[error("it holds no receipt")]
    Empty,
}

impl Signed {
    /// Reads one document, a list of them, or one after the other (NDJSON).
    pub fn read_all(text: &str) -> Result<Vec<Signed>, BadDocument> {
        let mut documents = Vec::new();
        for raw in serde_json::Deserializer::from_str(text).into_iter::<Raw>() {
            match raw.map_err(|error| BadDocument::NotJson(error.to_string()))? {
                Raw::List(list) => documents.extend(list),
                one => documents.push(one),
            }
        }
        if documents.is_empty() {
            return Err(BadDocument::Empty);
        }
        let one = |(at, raw)| Signed::of(at + 1, raw);
        documents.into_iter().enumerate().map(one).collect()
    }

    /// The document as JSON on one line.
    #[must_use]
    pub fn text(&self) -> String {
        let signature = Raw::Text(self.signature.clone());
        let signature = canonical(&signature).unwrap_or_default();
        format!("{{\"receipt\":{},\"signature\":{signature}}}", self.body)
    }

    fn of(position: usize, raw: Raw) -> Result<Signed, BadDocument> {
        let form = |found: String| BadDocument::Form { position, found };
        let Raw::Map(entries) = raw else { return Err(form(raw.describe())) };
        let (mut receipt, mut signature) = (None, None);
        for (key, raw) in entries {
            match (key.as_str(), raw) {
                ("receipt", raw @ Raw::Map(_)) => receipt = Some(raw),
                ("signature", Raw::Text(text)) => signature = Some(text),
                (_, raw) => return Err(form(format!("{} under \"{key}\"", raw.describe()))),
            }
        }
        let receipt = receipt.ok_or_else(|| form("no receipt".to_owned()))?;
        let signature = signature.ok_or_else(|| form("no signature".to_owned()))?;
        let wrong = |reason| BadDocument::Uncanonical { position, reason };
        Ok(Signed { body: canonical(&receipt).map_err(wrong)?, signature })
    }
}
