//! `concord store`: what people are told.

use crate::support::concord::{Configuration, concord, filters};
use crate::support::serving::Serving;

#[test]
fn what_the_entity_files_of_this_repository_say_makes_a_clean_store() {
    let config = Configuration::make();
    let host = Serving::start(&config);
    assert_eq!(host.stop("-TERM"), Some(0));
    let file = config.file();
    let run = concord(&["store", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.starts_with("clean: "), "{run}");
}

#[test]
fn a_file_that_is_no_export_is_refused_by_its_first_line() {
    let _filters = filters();
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("case.ndjson"), folder.path().join("data"));
    std::fs::write(&file, "{ \"project\": {} }\n").unwrap();
    let [file, data] = [&file, &data].map(|path| path.to_str().unwrap());
    insta::assert_snapshot!(concord(&["store", "import", file, "--data", data]).to_string());
}

#[test]
fn where_no_configuration_is_it_says_how_to_name_one() {
    let run = concord(&["store", "check", "--config", "no-such/concord.toml"]);
    assert_eq!(run.code, 2, "{run}");
    let said = "no configuration at no-such/concord.toml; name one with --config or CONCORD_CONFIG";
    assert!(run.stderr.contains(said), "{run}");
}

#[test]
fn where_no_store_is_the_check_says_so() {
    let _filters = filters();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    insta::assert_snapshot!(concord(&["store", "check", "--data", data]).to_string());
}
