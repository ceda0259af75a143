//! What can go wrong in a store, by what the caller can do about it.

use std::path::PathBuf;

use crate::domain::books::Short;
use crate::domain::entity::EntityKind;
use crate::domain::fault::Fault;

/// The error behind an error: for the log, never for a caller over the network.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such entity: put it there first.
    #[error("found no \"{id}\" among the {}", kind.plural())]
    NotFound {
        /// What was looked for.
        kind: EntityKind,
        /// Its id.
        id: String,
    },
    /// Somebody else has changed it: read it again, and decide anew.
    #[error("found \"{id}\" among the {} at version {found}, expected version {expected}", kind.plural())]
    Stale {
        /// What was to be written.
        kind: EntityKind,
        /// Its id.
        id: String,
        /// The version that the caller knows.
        expected: i64,
        /// The version that is there.
        found: i64,
    },
    /// It is there already: take another id, or say which version to replace.
    #[error("\"{id}\" is among the {} already", kind.plural())]
    Exists {
        /// What was to be written.
        kind: EntityKind,
        /// Its id.
        id: String,
    },
    /// Something is wrong with the entity: put it right.
    #[error("{}", list(.0))]
    Faults(Vec<Fault>),
    /// Not so much money is there: nothing was moved.
    #[error("{0}")]
    Short(Short),
    /// The store was opened to be read: write through the host that holds it.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// The store cannot be used now (disk full, locked, no room in memory): try again later.
    #[error("the store is not available at present")]
    Unavailable(#[source] Source),
    /// Another process holds the data folder: stop it, or take another folder.
    #[error("{} is locked: another host is using this data folder", .0.display())]
    Held(PathBuf),
    /// There is no store in the data folder: let a host make one.
    #[error("found no store at {}", .0.display())]
    Missing(PathBuf),
    /// The store was written by another version of the host: use that one, or a newer one.
    #[error("the store is not laid out as this version of the host does it: {0}")]
    Layout(String),
    /// A stored document cannot be read: restore the store from a copy.
    #[error("the store holds something unreadable: {what}")]
    Corrupt {
        /// What cannot be read.
        what: String,
        /// Why.
        #[source]
        source: Source,
    },
    /// A folder or file cannot be made or opened: see to its rights.
    #[error("{} cannot be made or opened", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Anything else: a mistake in the host.
    #[error("the store failed")]
    Failed(#[source] Source),
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
