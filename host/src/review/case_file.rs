//! A file of sample cases: a base case, and variants that change it.

use std::path::{Path, PathBuf};

use concord_contract::place::{self, line_of_offset};
use concord_contract::raw::Raw;
use concord_contract::{Money, path};
use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::expect::Expect;
use crate::domain::case::Case;

/// One case with what is expected of it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Where it comes from.
    pub file: PathBuf,
    /// Its name: the file's, and the variant's behind it.
    pub name: String,
    /// The case.
    pub case: Case,
    /// What is expected.
    pub expect: Expect,
    /// What the policy's funds still have to give, by the policy's own names for them.
    pub funds: IndexMap<String, Money>,
}

/// A case file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", file.display())]
pub struct CaseFileError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong, and where.
    pub message: String,
}

/// A file, with what is not part of the case itself taken out.
struct CaseSource {
    name: Option<String>,
    expect: Option<Expect>,
    variants: Vec<Variant>,
    funds: IndexMap<String, Money>,
    case: Raw,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    #[serde(default)]
    set: IndexMap<String, Raw>,
    #[serde(default)]
    unset: Vec<String>,
    expect: Expect,
}

/// Reads the base case of a text in TOML or JSON, leaving aside what is expected of it.
pub fn read_case(file: &Path, text: &str) -> Result<Case, CaseFileError> {
    let source = parse(file, text)?;
    if !source.funds.is_empty() {
        let message =
            "funds can be set only in sample cases; a check takes them as they are".to_owned();
        return Err(CaseFileError { file: file.to_owned(), message });
    }
    to_case(file, "", source.case)
}

/// Reads all cases of a file. Every one must say its date and what is expected.
pub fn read_samples(file: &Path) -> Result<Vec<Sample>, CaseFileError> {
    let wrong = |message: String| CaseFileError { file: file.to_owned(), message };
    let text =
        std::fs::read_to_string(file).map_err(|error| wrong(format!("cannot read it: {error}")))?;
    let CaseSource { name, expect, variants, funds, case } = parse(file, &text)?;
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let base_name = name.unwrap_or_else(|| stem.to_owned());
    let base = case;
    let mut samples = Vec::new();
    let mut add = |name: String, raw: Raw, expect: Expect| {
        let case = to_case(file, &name, raw)?;
        if case.as_of.is_none() {
            return Err(wrong(format!(
                "{name}: no as_of; a sample case says the date that it is judged on"
            )));
        }
        if expect == Expect::default() {
            return Err(wrong(format!("{name}: nothing is expected of it")));
        }
        samples.push(Sample { file: file.to_owned(), name, case, expect, funds: funds.clone() });
        Ok(())
    };
    if let Some(expect) = expect {
        add(base_name.clone(), base.clone(), expect)?;
    }
    for Variant { name, set, unset, expect } in variants {
        let mut raw = base.clone();
        for path in &unset {
            if take(&mut raw, &steps(path)).is_none() {
                return Err(wrong(format!(
                    "{name}: unset names {path}, which the base case does not have"
                )));
            }
        }
        for (path, value) in set {
            put(&mut raw, &steps(&path), value)
                .map_err(|reason| wrong(format!("{name}: set {path}: {reason}")))?;
        }
        add(format!("{base_name}: {name}"), raw, expect)?;
    }
    if samples.is_empty() {
        return Err(wrong("found no [expect] and no [[variants]], expected one at least".into()));
    }
    Ok(samples)
}

fn parse(file: &Path, text: &str) -> Result<CaseSource, CaseFileError> {
    let wrong = |message: String| CaseFileError { file: file.to_owned(), message };
    let raw: Raw = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?
    } else {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of_offset(text, span.start));
            wrong(format!("line {line}: {}", error.message()))
        })?
    };
    let Raw::Map(mut entries) = raw else {
        return Err(wrong(format!("found {}, expected a case", raw.describe())));
    };
    let mut taken = |key: &str| {
        let position = entries.iter().position(|(known, _)| known == key);
        position.map(|position| (key.to_owned(), entries.remove(position).1))
    };
    let (name, expect) = (taken("name"), taken("expect"));
    let (variants, funds) = (taken("variants"), taken("funds"));
    let mistyped = |(path, message): (place::Path, String)| {
        let key = place::dotted(&path);
        let in_toml = !text.trim_start().starts_with('{');
        let line = in_toml.then(|| format!("line {}, ", place::line(text, &path)));
        wrong(format!("{}{key}: {message}", line.unwrap_or_default()))
    };
    Ok(CaseSource {
        name: typed(name).map_err(mistyped)?,
        expect: typed(expect).map_err(mistyped)?,
        variants: typed(variants).map_err(mistyped)?.unwrap_or_default(),
        funds: typed(funds).map_err(mistyped)?.unwrap_or_default(),
        case: Raw::Map(entries),
    })
}

/// What stands under a key, as its type; if it is not of that type, where not, and why.
fn typed<T: DeserializeOwned>(
    entry: Option<(String, Raw)>,
) -> Result<Option<T>, (place::Path, String)> {
    use serde_path_to_error::Segment;
    let Some((key, raw)) = entry else { return Ok(None) };
    let json = serde_json::to_value(&raw).map_err(|error| (path![&key], error.to_string()))?;
    serde_path_to_error::deserialize(json).map(Some).map_err(|error| {
        let below = error.path().iter().filter_map(|segment| match segment {
            Segment::Seq { index } => Some(place::Step::Index(*index)),
            Segment::Map { key } => Some(place::Step::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        (path![&key].into_iter().chain(below).collect(), error.inner().to_string())
    })
}

fn to_case(file: &Path, name: &str, raw: Raw) -> Result<Case, CaseFileError> {
    Case::read(raw).map_err(|faults| {
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
        CaseFileError { file: file.to_owned(), message: format!("{name}{}", faults.join("; ")) }
    })
}

fn steps(path: &str) -> Vec<&str> {
    path.split('/').collect()
}

/// Takes away what a path leads to.
fn take(raw: &mut Raw, steps: &[&str]) -> Option<Raw> {
    let (step, rest) = steps.split_first()?;
    match raw {
        Raw::Map(entries) => {
            let position = entries.iter().position(|(key, _)| key == step)?;
            if rest.is_empty() {
                return Some(entries.remove(position).1);
            }
            take(&mut entries.get_mut(position)?.1, rest)
        }
        Raw::List(list) => {
            let position = step.parse::<usize>().ok().filter(|position| *position < list.len())?;
            if rest.is_empty() {
                return Some(list.remove(position));
            }
            take(list.get_mut(position)?, rest)
        }
        _ => None,
    }
}

/// Sets what a path leads to, and makes what is not there on the way.
fn put(raw: &mut Raw, steps: &[&str], value: Raw) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else {
        *raw = value;
        return Ok(());
    };
    match raw {
        Raw::Map(entries) => {
            let position = entries.iter().position(|(key, _)| key == step).unwrap_or_else(|| {
                entries.push(((*step).to_owned(), empty_for(rest)));
                entries.len() - 1
            });
            entries.get_mut(position).map_or(Ok(()), |(_, inner)| put(inner, rest, value))
        }
        Raw::List(list) => {
            let position: usize = step
                .parse()
                .map_err(|_| format!("found \"{step}\", expected a position in a list"))?;
            if position == list.len() {
                list.push(empty_for(rest));
            }
            let length = list.len();
            let inner = list.get_mut(position);
            inner.map_or_else(
                || Err(format!("found position {position}; the list has {length}")),
                |inner| put(inner, rest, value),
            )
        }
        other => Err(format!("\"{step}\" leads into {}", other.describe())),
    }
}

/// What a path goes through: a list before a position, an object before a key.
fn empty_for(rest: &[&str]) -> Raw {
    match rest.first() {
        Some(step) if step.parse::<usize>().is_ok() => Raw::List(Vec::new()),
        _ => Raw::Map(Vec::new()),
    }
}
