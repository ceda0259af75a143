//! Every way in which `concord.toml` can be wrong.

use std::path::Path;

use concord::config::Config;
use rstest::rstest;

use super::sample::{ENTITIES, HOST, PROGRAM, changed, said_of};

#[test]
fn the_sample_is_right_before_it_is_made_wrong() {
    assert_eq!(said_of(HOST, PROGRAM, ENTITIES), "");
}

#[test]
fn a_configuration_that_is_not_there_is_said_to_be_so() {
    let error = Config::load(Path::new("no/such/concord.toml")).unwrap_err();
    let said = "no/such/concord.toml: cannot read it: No such file or directory (os error 2)";
    assert_eq!(error.to_string(), said);
}

#[rstest]
#[case::not_toml(
    "data = \"data\"",
    "data = data",
    "concord.toml, line 2: string values must be quoted, expected literal string"
)]
#[case::unknown_key(
    "drain_seconds = 10",
    "drain = 10",
    "concord.toml, line 6, drain: unknown field `drain`, expected one of `listen`, `data`, \
     `cache`, `keys`, `policies`, `programs`, `entities`, `drain_seconds`, `limits`, `log`"
)]
#[case::unknown_key_of_limits(
    "fuel = 10000000",
    "fuel = 10000000\nthreads = 3",
    "concord.toml, line 11, limits.threads: unknown field `threads`, expected one of `fuel`, \
     `deadline_ms`, `memory_bytes`, `component_bytes`, `concurrent`"
)]
#[case::missing_key(
    "policies = \"policies\"\n",
    "",
    "concord.toml, line 1: missing field `policies`"
)]
#[case::bad_address(
    "\"127.0.0.1:8080\"",
    "\"localhost\"",
    "concord.toml, line 1, listen: invalid socket address syntax"
)]
#[case::bad_log(
    "\"text\"",
    "\"xml\"",
    "concord.toml, line 7, log: unknown variant `xml`, expected `json` or `text`"
)]
#[case::no_fuel(
    "fuel = 10000000",
    "fuel = 0",
    "concord.toml, line 10, limits.fuel: found 0, expected at least 1"
)]
#[case::no_time(
    "deadline_ms = 1000",
    "deadline_ms = 0",
    "concord.toml, line 11, limits.deadline_ms: found 0, expected at least 1"
)]
#[case::memory_that_is_no_multiple_of_a_page(
    "16777216",
    "16777217",
    "concord.toml, line 12, limits.memory_bytes: expected a multiple of 65536, the page of \
     WebAssembly"
)]
#[case::no_runs_at_once(
    "concurrent = 4",
    "concurrent = 0",
    "concord.toml, line 14, limits.concurrent: expected a number from 1 to 1000"
)]
#[case::too_many_runs_at_once(
    "concurrent = 4",
    "concurrent = 1001",
    "concord.toml, line 14, limits.concurrent: expected a number from 1 to 1000"
)]
#[case::folder_that_is_not_there(
    "programs = \"programs\"",
    "programs = \"program\"",
    "program: cannot read the folder: No such file or directory (os error 2)"
)]
fn a_host_file_that_is_wrong_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(said_of(&changed(HOST, from, to), PROGRAM, ENTITIES), said);
}
