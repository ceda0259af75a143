//! The value of a parameter, from a manifest or a binding.

use indexmap::IndexMap;

use super::Choices;
use crate::path;
use crate::place::Path;
use crate::value::{self, Cell, Shape, Value};

/// Reads the value of a parameter. Every value in it must be known, and a
/// choice must be among the options. An error says where below the value, and what is wrong.
pub fn read_parameter(
    raw: &crate::raw::Raw,
    shape: &Shape,
    choices: &IndexMap<String, Choices>,
) -> Result<Cell, (Path, String)> {
    let cell = value::read_cell(raw, shape)
        .map_err(|mismatch| (mismatch.path.clone(), mismatch.to_string()))?
        .ok_or_else(|| (Path::new(), "found null, expected a value".to_owned()))?;
    for row in 0..cell.rows() {
        for (position, column) in shape.columns().into_iter().enumerate() {
            let at = if matches!(cell, Cell::One(_)) { Path::new() } else { path![row] };
            let Some(value) = cell.get(row, position) else {
                return Err((at, "found a row with a value missing, expected every value".into()));
            };
            let Value::Choice(option) = value else { continue };
            let Some((_, declared)) = column.choices.and_then(|list| choices.get_index(list))
            else {
                continue;
            };
            if !declared.options.contains_key(option) {
                let known: Vec<_> = declared.options.keys().map(String::as_str).collect();
                let message = format!("found \"{option}\", expected one of: {}", known.join(", "));
                return Err((at, message));
            }
        }
    }
    Ok(cell)
}
