//! Copies of a store: a backup (the database as it is), and an export that another host can begin with.

mod backup;
mod export;
mod import;
mod new_file;
pub(super) mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use backup::backup;
pub use export::Export;
pub use import::{Import, ImportError};
pub use new_file::NewFile;

/// The name of the format of exports.
///
/// An export is text, a JSON object in each line: a [`Head`], a line for each public key, a line for each row
/// of each table, and last the digest of all bytes before that line.
const FORMAT: &str = "concord-store";
/// Its version.
const VERSION: u32 = 4;

/// The first line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// [`FORMAT`].
    format: String,
    /// [`VERSION`].
    version: u32,
    /// The layout of the tables: the number of the newest migration.
    layout: i64,
    /// How many keys there are.
    keys: u64,
    /// How many rows each table has.
    rows: BTreeMap<String, u64>,
}
