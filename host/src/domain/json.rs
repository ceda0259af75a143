//! Values as JSON.

use serde::Serialize;
use serde::ser::Error;

/// Room for most receipts and explained decisions.
const ROOM: usize = 16 << 10;

/// A long text of JSON, such as a receipt, which does not have to grow bit by bit.
pub fn long(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut text, value)?;
    String::from_utf8(text).map_err(serde_json::Error::custom)
}
