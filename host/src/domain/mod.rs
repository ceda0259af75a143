//! The nouns: ids, entities, programs, cases. They know no other layer.

pub mod decimals;
pub mod digest;
pub mod ids;
pub mod json;
pub mod split;

pub mod application;
pub mod books;
pub mod grants;
pub mod purse;

pub mod entities;
pub mod entity;
pub mod entity_json;
mod nouns;
pub mod program;
pub mod progress;
pub mod rate;
pub mod round;
pub mod shapes;
mod stated;

pub mod case;
pub mod entry;
pub mod facts;
pub mod fault;
pub mod outcome;
