//! A text for every way in which a file can be wrong: each names the line, the key and what was expected.

mod binding;
mod case_file;
mod code;
mod config;
mod entities;
mod manifest;
mod program;
mod sample;
