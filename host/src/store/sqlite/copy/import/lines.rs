//! The lines of an export, one after the other, with their number and digest.

use std::io::{self, BufRead};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ImportError;
use crate::domain::digest::hex;

/// What stands in a line behind the first.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Key(KeyLine),
    Row(RowLine),
    Last(LastLine),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyLine {
    pub(super) key: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowLine {
    pub(super) table: String,
    #[serde(rename = "row")]
    _row: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LastLine {
    pub(super) digest: String,
}

/// Reads lines, and reckons the digest of all but the one that was read last.
pub(super) struct Lines<'a> {
    from: &'a mut dyn BufRead,
    digest: Sha256,
    text: String,
    /// The number of the line that was read last.
    pub(super) number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(from: &'a mut dyn BufRead) -> Lines<'a> {
        Lines { from, digest: Sha256::new(), text: String::new(), number: 0 }
    }

    /// The next line; none at the end. What ends without a line feed is no line, but cut.
    pub(super) fn next(&mut self) -> Result<Option<&str>, ImportError> {
        self.digest.update(&self.text);
        self.text.clear();
        match self.from.read_line(&mut self.text) {
            Ok(0) => Ok(None),
            Ok(_) if !self.text.ends_with('\n') => Err(ImportError::Cut { lines: self.number + 1 }),
            Ok(_) => {
                self.number += 1;
                Ok(Some(self.text.trim_end_matches('\n')))
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(ImportError::Line { line: self.number + 1, reason: "it is not UTF-8".into() })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends with the line that was read last, which tells the digest of all before it.
    pub(super) fn end(mut self, told: &str) -> Result<(), ImportError> {
        let found = format!("sha256:{}", hex(&self.digest.clone().finalize()));
        if found != told {
            return Err(ImportError::Changed { found, expected: told.to_owned() });
        }
        match self.next()? {
            None => Ok(()),
            Some(_) => Err(self.wrong("found more behind the line with the digest".to_owned())),
        }
    }

    /// Something is wrong with the line that was read last.
    pub(super) fn wrong(&self, reason: String) -> ImportError {
        ImportError::Line { line: self.number, reason }
    }
}
