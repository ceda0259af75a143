//! The help of every command.

use crate::support::concord::{concord, filters};

/// The commands below a command, as its help lists them.
fn below(path: &[String]) -> Vec<Vec<String>> {
    let help = concord(&[path, &["--help".to_owned()]].concat()).stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = listed.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names =
        names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(|name| [path, &[name.to_owned()]].concat()).collect()
}

#[test]
fn every_command_has_help() {
    let _filters = filters();
    let mut commands = vec![Vec::new()];
    let mut seen = Vec::new();
    while let Some(path) = commands.pop() {
        commands.extend(below(&path));
        let run = concord(&[path.as_slice(), &["--help".to_owned()]].concat());
        let name = [&["help".to_owned()], path.as_slice()].concat().join("-");
        insta::assert_snapshot!(name, run.to_string());
        seen.push(path);
    }
    assert!(seen.len() > 8, "{seen:?}");
}

#[test]
fn a_command_that_is_not_there_is_wrong_usage() {
    let run = concord(&["chekc"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = concord(&["--version"]);
    assert_eq!((run.code, run.stdout.trim()), (0, concat!("concord ", env!("CARGO_PKG_VERSION"))));
}
