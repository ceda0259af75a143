//! From the text of a receipt to what it says.

use concord_contract::place::{Path, Step};

use super::body::{Body, FORMAT, VERSION};
use super::canonical::{Uncanonical, parse};
use crate::domain::fault::Fault;

/// Why a text is not a receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not canonical JSON.
    #[error(transparent)]
    Uncanonical(#[from] Uncanonical),
    /// It has another format, or a version of it that this host does not know.
    #[error("found {found}, expected {FORMAT} in version {VERSION}")]
    Format {
        /// What it says of itself.
        found: String,
    },
    /// Something in it is not what the format has there.
    #[error("{0}")]
    Wrong(Fault),
}

/// Reads a receipt. It must be canonical, and have all that the format has and nothing else.
pub fn read(text: &str) -> Result<Body<'static>, Unreadable> {
    let raw = parse(text)?;
    let json =
        serde_json::to_value(&raw).map_err(|error| Uncanonical::NotJson(error.to_string()))?;
    let said = |key| json.get(key).cloned().unwrap_or_default();
    let (format, version) = (said("format"), said("version"));
    if format != FORMAT || version != VERSION {
        return Err(Unreadable::Format { found: format!("{format} in version {version}") });
    }
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = path(error.path());
        Unreadable::Wrong(Fault::new(path, error.inner().to_string()))
    })
}

fn path(path: &serde_path_to_error::Path) -> Path {
    use serde_path_to_error::Segment;
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.collect()
}
