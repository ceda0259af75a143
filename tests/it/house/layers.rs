//! A layer imports only what is below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::places;

/// Each module, and what it may name of the others: all of one, or what it only carries along.
const LAYERS: &[(&str, &[&str])] = &[
    ("cli", &["apply", "config", "decide", "domain", "engine", "http", "keys", "review", "store"]),
    ("http", &["apply", "decide", "domain", "engine::Policy", "keys", "store"]),
    ("apply", &["decide", "domain", "keys", "store"]),
    ("review", &["decide", "domain", "engine"]),
    ("config", &["decide::BindFault", "domain", "engine::Limits"]),
    ("decide", &["domain", "engine"]),
    ("engine", &["domain"]),
    ("keys", &["domain"]),
    ("store", &["domain"]),
    ("domain", &[]),
];

/// The paths from `crate::` on that a source file names, such as `engine::Limits`.
fn named(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    code.split("crate::").skip(1).flat_map(paths).collect()
}

/// The paths at the start of a text: one, or those of a group in braces.
fn paths(text: &str) -> Vec<String> {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(group) = rest.strip_prefix('{') else { return vec![path.to_owned()] };
    let mut depth = 0;
    let mut paths_in_group = Vec::new();
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let inner = group[start..at].trim_end_matches(',');
                paths_in_group
                    .extend(paths(inner).into_iter().map(|inner| format!("{path}{inner}")));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    paths_in_group
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The module that a file belongs to; none for `lib.rs` and `main.rs`, and for templates of other crates.
fn module(file: &Path, source: &Path) -> Option<String> {
    let inside = file.strip_prefix(source).unwrap();
    if inside.components().any(|part| part.as_os_str() == "templates") {
        return None;
    }
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    let name = first.trim_end_matches(".rs");
    (!["lib", "main"].contains(&name)).then(|| name.to_owned())
}

#[test]
fn no_layer_imports_upwards() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let source = places::root().join("host/src");
    let mut wrong = Vec::new();
    for file in sources(&source) {
        let Some(layer) = module(&file, &source) else { continue };
        let shown = file.strip_prefix(&source).unwrap().display().to_string();
        let Some(below) = layers.get(layer.as_str()) else {
            wrong.push(format!("{shown}: the layer {layer} has no place among LAYERS"));
            continue;
        };
        for path in named(&std::fs::read_to_string(&file).unwrap()) {
            let within = |whole: &str| path == whole || path.starts_with(&format!("{whole}::"));
            if !within(&layer) && !below.iter().any(|below| within(below)) {
                wrong.push(format!("{shown}: {layer} names crate::{path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_alone_in_groups_and_in_code() {
    let text = "use crate::engine::{Cause, limits::{Limits, Ticker}}; // crate::not::this\n\
                use crate::{domain::ids, store};\nlet x = crate::http::App::new();";
    let found: Vec<_> = named(text).into_iter().collect();
    assert_eq!(
        found,
        [
            "domain::ids",
            "engine::Cause",
            "engine::limits::Limits",
            "engine::limits::Ticker",
            "http::App::new",
            "store",
        ]
    );
}

#[test]
fn every_layer_is_there() {
    let source = places::root().join("host/src");
    let found: BTreeSet<_> =
        sources(&source).iter().filter_map(|file| module(file, &source)).collect();
    let known: BTreeSet<_> = LAYERS.iter().map(|(layer, _)| (*layer).to_owned()).collect();
    assert_eq!(found, known);
}
