//! `POST /v1/programs/{program}/batch`: a case in each line, an answer in each line.

use concord::http::extract::BODY_LIMIT;
use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::check::case;
use crate::support::guests::{self, Guest};
use crate::support::server::{Answer, Server};

const PROGRAM: &str = "guangfo-core-tech";
const GUEST: Guest = guests::OBEDIENT;

/// What a batch that is sent whole is answered with.
async fn batch(server: &Server, place: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = server.request(Method::POST, &format!("/v1/programs/{place}"));
    let request = request.header("content-type", "application/x-ndjson").body(body);
    Answer::of(request.send().await.unwrap()).await
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert!(answer.text.is_empty() || answer.text.ends_with('\n'));
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The case that guests are run on, on a day of November.
fn guest_case(day: usize) -> Value {
    json!({ "as_of": format!("2026-11-{day:02}"), "project": { "level": 5 }, "parties": [{ "staff": 12 }] })
}

/// A batch that is sent and read at the same time, piece by piece.
struct Exchange {
    to: OwnedWriteHalf,
    from: BufReader<OwnedReadHalf>,
    came: Vec<u8>,
}

impl Exchange {
    /// Begins with a body in chunks, and reads the head of the answer once the first of it was sent.
    async fn begin(server: &Server, program: &str, first: &str) -> Exchange {
        let more = "transfer-encoding: chunked";
        let mut exchange = Exchange::with_head(server, program, more).await;
        exchange.send(first).await;
        exchange.head().await;
        exchange
    }

    async fn with_head(server: &Server, program: &str, more: &str) -> Exchange {
        let connection = TcpStream::connect(server.address).await.unwrap();
        let (from, to) = connection.into_split();
        let mut exchange = Exchange { to, from: BufReader::new(from), came: Vec::new() };
        let head = format!(
            "POST /v1/programs/{program}/batch HTTP/1.1\r\nhost: here\r\n\
             content-type: application/x-ndjson\r\n{more}\r\n\r\n"
        );
        exchange.to.write_all(head.as_bytes()).await.unwrap();
        exchange
    }

    async fn head(&mut self) {
        let mut line = String::new();
        self.from.read_line(&mut line).await.unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        while line != "\r\n" {
            line.clear();
            self.from.read_line(&mut line).await.unwrap();
        }
    }

    /// Sends a chunk; the empty one is the end.
    async fn send(&mut self, text: &str) {
        let chunk = format!("{:x}\r\n{text}\r\n", text.len());
        self.to.write_all(chunk.as_bytes()).await.unwrap();
    }

    /// The next line of the answer; none at its end.
    async fn line(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.came.iter().position(|byte| *byte == b'\n') {
                let line: Vec<_> = self.came.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let mut size = String::new();
            self.from.read_line(&mut size).await.unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            self.from.read_exact(&mut chunk).await.unwrap();
            self.came.extend(&chunk[..size]);
            if size == 0 {
                assert!(self.came.is_empty());
                return None;
            }
        }
    }
}

#[tokio::test]
async fn thousands_of_lines_are_answered_in_their_order_and_bad_ones_alone_fail() {
    let server = Server::with_guest(GUEST).await;
    let bad = |number: usize| number.is_multiple_of(7);
    let line = |number: usize| match bad(number) {
        true => "{ \"project\": ".to_owned(),
        false => guest_case(number % 28 + 1).to_string(),
    };
    let body: String = (1..=5000).map(|number| line(number) + "\n").collect();
    let answer = batch(&server, &format!("{}/batch", GUEST.name), body).await;
    let answers = lines(&answer);
    assert_eq!(answers.len(), 5000);
    for (at, answer) in answers.iter().enumerate() {
        let number = at + 1;
        assert_eq!(answer["line"], number);
        match bad(number) {
            true => assert_eq!(answer["problem"]["type"], "/problems/malformed"),
            false => {
                assert_eq!(answer["decision"]["as_of"], format!("2026-11-{:02}", number % 28 + 1));
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_line_is_answered_as_a_check_answers_it() {
    let server = Server::start().await;
    let before = server.content();
    let mut wrong = case();
    wrong["project"]["trl"] = "five".into();
    wrong["parties"][0]["id"] = "nobody".into();
    let mut undated = case();
    undated.as_object_mut().unwrap().remove("as_of");
    let cases = [case(), wrong, json!([]), undated].map(|case| case.to_string());
    let twice = r#"{ "project": { "trl": 5, "trl": 6 } }"#.to_owned();
    let cases: Vec<_> = cases.into_iter().chain([twice, "{} {}".to_owned()]).collect();
    let answers = lines(&batch(&server, &format!("{PROGRAM}/batch"), cases.join("\r\n\n")).await);
    assert_eq!(answers.len(), cases.len());
    for (at, (answer, case)) in answers.iter().zip(cases).enumerate() {
        let check = server.check(PROGRAM, case).await;
        let key = if check.status == 200 { "decision" } else { "problem" };
        // Behind each line stood an empty one.
        assert_eq!(*answer, json!({ "line": 2 * at + 1, key: check.json() }));
    }
    assert_eq!(server.content(), before, "a batch changes nothing");
    server.stop().await;
}

#[tokio::test]
async fn a_line_is_answered_before_the_next_is_sent() {
    let server = Server::with_guest(GUEST).await;
    let line = |day| format!("{}\n", guest_case(day));
    let mut exchange = Exchange::begin(&server, GUEST.name, &line(1)).await;
    for day in 1..=20 {
        let answer = exchange.line().await.unwrap();
        assert_eq!(
            (&answer["line"], &answer["decision"]["program"]),
            (&json!(day), &json!(GUEST.name))
        );
        exchange.send(&line(day + 1)).await;
    }
    assert_eq!(exchange.line().await.unwrap()["line"], 21);
    exchange.send("").await;
    assert_eq!(exchange.line().await, None);
    server.stop().await;
}

#[tokio::test]
async fn a_batch_that_resumes_from_a_line_gives_the_same_from_there_on() {
    let server = Server::with_guest(GUEST).await;
    let body = (1..=28).map(|day| format!("{}\n\n", guest_case(day))).collect::<String>() + "{";
    let whole = batch(&server, &format!("{}/batch", GUEST.name), body.clone()).await;
    let all: Vec<_> = whole.text.lines().collect();
    for (from, skipped) in [(1, 0), (2, 1), (3, 1), (30, 15), (57, 28), (58, 29)] {
        let place = format!("{}/batch?from={from}", GUEST.name);
        let answer = batch(&server, &place, body.clone()).await;
        assert_eq!(answer.text.lines().collect::<Vec<_>>(), all[skipped..], "{from}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_line_that_is_too_long_fails_alone() {
    let server = Server::with_guest(GUEST).await;
    let good = guest_case(1).to_string();
    let padded = |length: usize| good.clone() + &" ".repeat(length - good.len());
    let body = [padded(BODY_LIMIT), padded(BODY_LIMIT + 1), padded(3 * BODY_LIMIT), good.clone()];
    let answers = lines(&batch(&server, &format!("{}/batch", GUEST.name), body.join("\n")).await);
    let kinds: Vec<_> = answers.iter().map(|line| line["problem"]["type"].as_str()).collect();
    let too_large = Some("/problems/too-large");
    assert_eq!(kinds, [None, too_large, too_large, None]);
    assert_eq!(answers[1]["problem"]["status"], 413);
    server.stop().await;
}

#[rstest]
#[case::in_chunks("transfer-encoding: chunked")]
#[case::of_a_length("content-length: 1000000")]
#[tokio::test]
async fn a_body_that_breaks_off_is_answered_as_far_as_it_came(#[case] more: &str) {
    let server = Server::with_guest(GUEST).await;
    for (half, number) in [("", 2), ("{ \"project\":", 2), ("\n{", 3)] {
        let mut exchange = Exchange::with_head(&server, GUEST.name, more).await;
        let text = format!("{}\n{half}", guest_case(1));
        match more.contains("chunked") {
            true => exchange.send(&text).await,
            false => exchange.to.write_all(text.as_bytes()).await.unwrap(),
        }
        exchange.to.shutdown().await.unwrap();
        exchange.head().await;
        assert_eq!(exchange.line().await.unwrap()["decision"]["as_of"], "2026-11-01");
        let broken = exchange.line().await.unwrap();
        assert_eq!(broken["line"], number);
        assert_eq!(broken["problem"]["type"], "/problems/malformed");
        assert_eq!(broken["problem"]["errors"][0]["pointer"], "");
        assert_eq!(exchange.line().await, None);
    }
    server.stop().await;
}

#[tokio::test]
async fn all_lines_see_the_entities_as_they_were_when_the_batch_began() {
    let server = Server::start().await;
    let line = format!("{}\n", case());
    let mut exchange = Exchange::begin(&server, PROGRAM, &line).await;
    assert_eq!(exchange.line().await.unwrap()["decision"]["outcome"], "eligible");
    let path = "/v1/organisations/gz-sample-optics";
    let stored = server.get(path).await;
    let mut body = stored.json();
    body["facts"]["registered"] = "2026-10-31".into();
    let request = server.request(Method::PUT, path).header("if-match", stored.header("etag"));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 200);
    exchange.send(&line).await;
    assert_eq!(exchange.line().await.unwrap()["decision"]["outcome"], "eligible");
    exchange.send("").await;
    assert_eq!(exchange.line().await, None);
    let later = batch(&server, &format!("{PROGRAM}/batch"), line).await;
    assert_eq!(lines(&later)[0]["decision"]["outcome"], "ineligible");
    server.stop().await;
}

#[tokio::test]
async fn a_batch_under_way_is_answered_to_its_end_by_a_host_that_stops() {
    let server = Server::with_guest(GUEST).await;
    let (address, line) = (server.address, format!("{}\n", guest_case(1)));
    let mut exchange = Exchange::begin(&server, GUEST.name, &line).await;
    assert_eq!(exchange.line().await.unwrap()["line"], 1);
    let stopping = tokio::spawn(server.stop());
    while TcpStream::connect(address).await.is_ok() {}
    exchange.send(&line).await;
    assert_eq!(exchange.line().await.unwrap()["line"], 2);
    exchange.send("").await;
    assert_eq!(exchange.line().await, None);
    stopping.await.unwrap();
}

#[tokio::test]
async fn messages_are_in_the_language_of_the_caller_and_decisions_are_counted() {
    let server = Server::start().await;
    let request = server.request(Method::POST, &format!("/v1/programs/{PROGRAM}/batch"));
    let request = request.header("content-type", "application/jsonl; charset=utf-8");
    let request = request.header("accept-language", "zh-HK").body(case().to_string());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.header("content-language"), "zh-Hant");
    let clause = &lines(&answer)[0]["decision"]["rulings"][0]["clauses"][0];
    assert_eq!(clause["message"], "廣州、佛山兩市均有單位參與");
    let metrics = server.get("/metrics").await.text;
    let counted = format!("decisions_total{{program=\"{PROGRAM}\",outcome=\"eligible\"}}");
    assert!(metrics.contains(&counted), "{metrics}");
    server.stop().await;
}

#[rstest]
#[case::no_such_program("no-such-program/batch", "404 not-found")]
#[case::line_nought("guangfo-core-tech/batch?from=0", "400 bad-request")]
#[case::line_that_is_no_number("guangfo-core-tech/batch?from=first", "400 bad-request")]
#[case::unknown_key("guangfo-core-tech/batch?form=1", "400 bad-request")]
#[tokio::test]
async fn a_batch_that_cannot_begin_is_a_problem(#[case] place: &str, #[case] problem: &str) {
    let server = Server::start().await;
    let answer = batch(&server, place, case().to_string()).await;
    assert_eq!(answer.problem(), (problem.into(), vec![]));
    server.stop().await;
}

#[rstest]
#[case::json("application/json")]
#[case::text("text/plain")]
#[case::another_charset("application/x-ndjson; charset=gb18030")]
#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_in_lines_is_415(#[case] content_type: &str) {
    let server = Server::without_policies().await;
    let request = server.request(Method::POST, &format!("/v1/programs/{PROGRAM}/batch"));
    let request = request.header("content-type", content_type).body("");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.problem(), ("415 unsupported-media-type".into(), vec![String::new()]));
    // Of the right type, it has to wait for the policies.
    let early = batch(&server, &format!("{PROGRAM}/batch"), "").await;
    assert_eq!(early.problem().0, "503 not-ready");
    server.load(None);
    assert_eq!(lines(&batch(&server, &format!("{PROGRAM}/batch"), "").await), Vec::<Value>::new());
    server.stop().await;
}
