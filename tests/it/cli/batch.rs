//! `concord check --batch`: a case in each line, an answer in each line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

use crate::http::check::case;
use crate::support::concord::{CONFIG, Run, concord, concord_reading};
use crate::support::places;
use crate::support::server::{Answer, Server};

/// Cases with every outcome, an empty line, and two that are no cases.
fn cases() -> String {
    let mut ineligible = case();
    ineligible["project"]["trl"] = 1.into();
    let mut undetermined = case();
    undetermined["parties"][1].as_object_mut().unwrap().remove("rd_in_china");
    let mut wrong = case();
    wrong["project"]["trl"] = "five".into();
    let lines = [
        case().to_string(),
        ineligible.to_string(),
        String::new(),
        "{ \"project\":".to_owned(),
        undetermined.to_string(),
        wrong.to_string(),
        case().to_string(),
    ];
    lines.join("\n")
}

fn batch(stdin: &str, more: &[&str]) -> Run {
    let config = CONFIG.file();
    let fixed =
        ["check", "guangfo-core-tech", "-", "--batch", "--config", config.to_str().unwrap()];
    concord_reading(&[&fixed, more].concat(), stdin)
}

/// What stands in each line, in short.
fn short(run: &Run) -> Vec<String> {
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let said = line["decision"]["outcome"].as_str().or(line["problem"]["type"].as_str());
        format!("{} {}", line["line"], said.unwrap())
    };
    run.stdout.lines().map(line).collect()
}

#[test]
fn every_line_is_answered_and_a_bad_one_makes_the_exit_code_1() {
    let run = batch(&cases(), &[]);
    assert_eq!(run.code, 1, "{run}");
    let outcomes = short(&run);
    insta::assert_snapshot!(format!("{}\n{}", outcomes.join("\n"), run.stderr));
}

#[test]
fn a_batch_whose_lines_can_all_be_judged_exits_with_0_whatever_the_outcomes() {
    let cases: Vec<_> = cases().lines().take(2).map(str::to_owned).collect();
    let run = batch(&cases.join("\n"), &[]);
    assert_eq!((run.code, short(&run)), (0, vec!["1 eligible".into(), "2 ineligible".into()]));
    let nothing = batch("", &[]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, ""));
}

#[test]
fn a_batch_resumes_from_a_line_and_reads_a_file_too() {
    let whole = batch(&cases(), &[]);
    let resumed = batch(&cases(), &["--from", "5"]);
    assert_eq!(short(&resumed), short(&whole)[3..]);
    assert!(whole.stdout.ends_with(&resumed.stdout));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.ndjson");
    std::fs::write(&file, cases()).unwrap();
    let (file, config) = (file.to_str().unwrap(), CONFIG.file());
    let config = config.to_str().unwrap();
    let of_file = concord(&["check", "guangfo-core-tech", file, "--batch", "--config", config]);
    assert_eq!(of_file.to_string(), whole.to_string());
}

#[tokio::test]
async fn the_command_line_answers_a_batch_in_the_same_lines_as_http() {
    let server = Server::start().await;
    let request = server.request(Method::POST, "/v1/programs/guangfo-core-tech/batch");
    let request = request.header("content-type", "application/x-ndjson").body(cases());
    let request = request.header("accept-language", "zh-CN");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(batch(&cases(), &["--language", "zh-Hans"]).stdout, answer.text);
    server.stop().await;
}

#[test]
fn a_line_is_answered_before_the_next_is_written() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concord-under-test"));
    command.args(["check", "guangfo-core-tech", "-", "--batch", "--config"]).arg(CONFIG.file());
    command.current_dir(places::root()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = command.stderr(Stdio::null()).spawn().unwrap();
    let mut to = running.stdin.take().unwrap();
    let mut from = BufReader::new(running.stdout.take().unwrap());
    for number in 1..=3 {
        to.write_all(format!("{}\n", case()).as_bytes()).unwrap();
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["line"], json!(number));
    }
    drop(to);
    assert_eq!(running.wait().unwrap().code(), Some(0));
}

#[test]
fn a_batch_that_cannot_begin_exits_with_2() {
    let config = CONFIG.file();
    let config = config.to_str().unwrap();
    for arguments in [
        &["check", "no-such-program", "-", "--batch", "--config", config][..],
        &["check", "guangfo-core-tech", "no-such.ndjson", "--batch", "--config", config],
        &["check", "guangfo-core-tech", "-", "--batch", "--from", "0"],
        &["check", "guangfo-core-tech", "-", "--from", "2"],
    ] {
        let run = concord(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    }
}
