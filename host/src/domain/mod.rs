//! The nouns. They know nobody.
pub mod facts;
