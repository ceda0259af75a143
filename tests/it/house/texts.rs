//! Chinese texts are set as Chinese texts are.

use crate::support::places;

/// Half-width marks that Chinese sets full-width (GB/T 15834).
const HALF: [char; 7] = [',', ':', ';', '(', ')', '?', '!'];

fn is_chinese(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// The half-width marks of a text that stand beside a Chinese character; what is in braces is a name.
fn half_width(text: &str) -> bool {
    let mut depth = 0;
    let chars: Vec<char> = text.chars().collect();
    chars.iter().enumerate().any(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let beside = [at.checked_sub(1), Some(at + 1)];
        let mut beside = beside.into_iter().flatten().filter_map(|at| chars.get(at));
        depth == 0 && HALF.contains(c) && beside.any(|c| is_chinese(*c))
    })
}

fn walk(value: &toml::Value, found: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match value.as_str() {
                    Some(text) if key.starts_with("zh-") && half_width(text) => {
                        found.push(text.to_owned());
                    }
                    _ => walk(value, found),
                }
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|value| walk(value, found)),
        _ => {}
    }
}

fn toml_files(folder: std::path::PathBuf, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            toml_files(path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

#[test]
fn chinese_texts_have_full_width_marks() {
    let mut files = Vec::new();
    toml_files(places::root().join("config"), &mut files);
    files.extend(places::policy_sources().into_iter().map(|folder| folder.join("policy.toml")));
    assert!(files.len() > 40);
    for file in files {
        let value = std::fs::read_to_string(&file).unwrap().parse::<toml::Table>().unwrap();
        let mut found = Vec::new();
        walk(&toml::Value::Table(value), &mut found);
        assert_eq!(found, Vec::<String>::new(), "{}", file.display());
    }
    assert!(
        half_width("研发(三年)") && half_width("一,二") && !half_width("比例 3:1，{ $a }，（二）")
    );
}
