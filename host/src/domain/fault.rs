//! Something wrong with what came from outside: where, and what.

use concord_contract::place::{self, Path};
use concord_contract::value::Mismatch;

/// One thing wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, from the top of the input.
    pub path: Path,
    /// What was found and what was expected.
    pub message: String,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(path: Path, message: impl Into<String>) -> Fault {
        Fault { path, message: message.into() }
    }

    /// A value that is not what was declared; `path` leads to the value.
    #[must_use]
    pub fn of(mut path: Path, mismatch: &Mismatch) -> Fault {
        path.extend(mismatch.path.iter().cloned());
        Fault { path, message: mismatch.to_string() }
    }

    /// Where, as a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(&self) -> String {
        place::pointer(&self.path)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer(), self.message)
    }
}
