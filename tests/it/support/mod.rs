//! What the tests share: guests, and hosts to run them in.

pub mod component;
pub mod concord;
pub mod guests;
pub mod host;
pub mod places;
pub mod receipts;
pub mod server;
pub mod serving;
pub mod soak;
