//! Whatever comes in, the answer is a problem that points at it, and nothing is changed.

use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::check::case;
use crate::support::server::{Answer, Server};

/// The case, with one value set.
fn with(pointer: &str, value: Value) -> String {
    let mut case = case();
    let (above, key) = pointer.rsplit_once('/').unwrap();
    case.pointer_mut(above).unwrap()[key] = value;
    case.to_string()
}

fn money(amount: &str, currency: &str) -> Value {
    json!({ "amount": amount, "currency": currency })
}

#[rstest]
#[case::unknown_fact(with("/project/levle", json!(5)), "/project/levle")]
#[case::unknown_subject(with("/projects", json!({})), "/projects")]
#[case::wrong_type(with("/project/trl", json!("five")), "/project/trl")]
#[case::inexact_number(with("/project/trl", json!(5.5)), "/project/trl")]
#[case::percentage_as_a_number(with("/parties/1/rd_intensity", json!(3.1)), "/parties/1/rd_intensity")]
#[case::percentage_without_sign(with("/parties/1/rd_intensity", json!("3.1")), "/parties/1/rd_intensity")]
#[case::unknown_option(with("/parties/1/kind", json!("guild")), "/parties/1/kind")]
#[case::bad_date(with("/as_of", json!("2026-02-30")), "/as_of")]
#[case::date_as_a_number(with("/as_of", json!(20_261_101)), "/as_of")]
#[case::no_binding_in_force(with("/as_of", json!("2023-12-31")), "/as_of")]
#[case::after_the_end(with("/as_of", json!("2028-01-01")), "/as_of")]
#[case::negative_money(
    with("/project/requested", money("-1.00", "CNY")),
    "/project/requested/amount"
)]
#[case::overflowing_money(
    with("/project/requested", money("92233720368547758.08", "CNY")),
    "/project/requested/amount"
)]
#[case::money_in_parts_of_a_fen(
    with("/project/requested", money("1.005", "CNY")),
    "/project/requested/amount"
)]
#[case::money_as_a_number(
    with("/project/requested", json!({ "amount": 1.5, "currency": "CNY" })),
    "/project/requested/amount"
)]
#[case::another_currency(
    with("/project/requested", money("1.00", "HKD")),
    "/project/requested/currency"
)]
#[case::no_currency(
    with("/project/requested", money("1.00", "yuan")),
    "/project/requested/currency"
)]
#[case::unknown_entity(with("/parties/0/id", json!("nobody")), "/parties/0/id")]
#[case::id_of_another_kind(with("/parties/0/id", json!("guangfo-sample-lidar")), "/parties/0/id")]
#[case::id_that_is_no_id(with("/parties/0/id", json!("../../etc/passwd")), "/parties/0/id")]
#[case::id_that_is_no_text(with("/parties/0/id", json!(7)), "/parties/0/id")]
#[case::parties_that_are_no_list(with("/parties", json!({})), "/parties")]
#[case::too_many_parties(with("/parties", json!(vec![json!({}); 201])), "/parties")]
#[case::no_object("[]".to_owned(), "")]
#[case::null("null".to_owned(), "")]
#[tokio::test]
async fn a_case_that_says_what_cannot_be_is_422_and_points_at_it(
    #[case] body: String,
    #[case] pointer: &str,
) {
    let server = Server::start().await;
    let before = server.content();
    let answer = server.check("guangfo-core-tech", body).await;
    assert_eq!(answer.problem(), ("422 invalid".into(), vec![pointer.into()]), "{answer:?}");
    assert_eq!(server.content(), before);
    server.stop().await;
}

#[rstest]
#[case::empty("", "")]
#[case::not_json("as_of = 2026-11-01", "")]
#[case::cut_off(r#"{ "project": { "trl": "#, "/project/trl")]
#[case::more_behind_it("{} {}", "")]
#[case::duplicate_key(r#"{ "project": { "trl": 5, "trl": 6 } }"#, "/project")]
#[case::duplicate_subject(r#"{ "project": {}, "project": {} }"#, "")]
#[tokio::test]
async fn a_body_that_is_no_proper_json_is_400(#[case] body: &'static str, #[case] pointer: &str) {
    let server = Server::start().await;
    let before = server.content();
    let answer = server.check("guangfo-core-tech", body).await;
    assert_eq!(answer.problem(), ("400 malformed".into(), vec![pointer.into()]), "{answer:?}");
    assert_eq!(server.content(), before);
    server.stop().await;
}

#[tokio::test]
async fn json_that_is_nested_too_deeply_is_400() {
    let server = Server::start().await;
    for (open, close) in [("[", "]"), ("{\"project\":", "}")] {
        let deep = format!("{}{}", open.repeat(50_000), close.repeat(50_000));
        let answer = server.check("guangfo-core-tech", deep).await;
        assert_eq!(answer.problem(), ("400 malformed".into(), vec![String::new()]));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_not_utf8_is_400() {
    let server = Server::start().await;
    let mut body = case().to_string().into_bytes();
    let place = body.iter().position(|byte| *byte == b'm').unwrap();
    body[place] = 0xff;
    let answer = server.check("guangfo-core-tech", body).await;
    assert_eq!(answer.problem(), ("400 malformed".into(), vec![String::new()]));
    server.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let server = Server::start().await;
    let body = r#"{ "as_of": "2026-11-01", "project": { "trl": "five", "levle": 1 }, "parties": [ { "id": "nobody" } ] }"#;
    let (problem, mut pointers) = server.check("guangfo-core-tech", body).await.problem();
    pointers.sort();
    assert_eq!(problem, "422 invalid");
    assert_eq!(pointers, ["/parties/0/id", "/project/levle", "/project/trl"]);
    server.stop().await;
}

#[rstest]
#[case::text("text/plain")]
#[case::form("application/x-www-form-urlencoded")]
#[case::another_charset("application/json; charset=gb18030")]
#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_415(#[case] content_type: &str) {
    let server = Server::start().await;
    let request = server.request(reqwest::Method::POST, "/v1/programs/guangfo-core-tech/check");
    let request = request.header("content-type", content_type).body(case().to_string());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.problem(), ("415 unsupported-media-type".into(), vec![String::new()]));
    server.stop().await;
}

#[rstest]
#[case::no_such_program("no-such-program", "404 not-found")]
#[case::no_id("Not%20an%20id", "404 not-found")]
#[case::path_that_climbs("..%2f..%2fetc", "404 not-found")]
#[case::not_utf8("%ff", "404 not-found")]
#[tokio::test]
async fn a_program_that_is_not_there_is_404(#[case] program: &str, #[case] problem: &str) {
    let server = Server::start().await;
    let answer = server.check(program, case().to_string()).await;
    assert_eq!(answer.problem(), (problem.into(), vec![]));
    server.stop().await;
}

#[tokio::test]
async fn a_route_or_method_that_is_not_there_is_a_problem_too() {
    let server = Server::start().await;
    assert_eq!(server.get("/v2/programs").await.problem().0, "404 no-route");
    let answer = server.get("/v1/programs/guangfo-core-tech/check").await;
    assert_eq!(
        (answer.problem().0.as_str(), answer.header("allow")),
        ("405 method-not-allowed", "POST")
    );
    let put = server.request(reqwest::Method::PUT, "/v1/programs/guangfo-core-tech");
    let answer = Answer::of(put.json(&json!({})).send().await.unwrap()).await;
    assert_eq!(answer.problem().0, "405 laid-down-in-file");
    server.stop().await;
}

/// Sends the head of a request, and reads the answer before any of the body is sent.
async fn answer_to_head(server: &Server, head: &str) -> String {
    let mut connection = tokio::net::TcpStream::connect(server.address).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("}]}") {
        let length = connection.read(&mut part).await.unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend(&part[..length]);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_413_before_it_is_read() {
    let server = Server::start().await;
    let head = "POST /v1/programs/guangfo-core-tech/check HTTP/1.1\r\nhost: here\r\n\
                content-type: application/json\r\ncontent-length: 10485760\r\n\r\n";
    let answer = answer_to_head(&server, head).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("/problems/too-large"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_hides_its_size_is_413_as_soon_as_it_is_too_large() {
    let server = Server::start().await;
    // One chunk, a byte more than the limit.
    let size = concord::http::extract::BODY_LIMIT + 1;
    let request = format!(
        "POST /v1/programs/guangfo-core-tech/check HTTP/1.1\r\nhost: here\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{size:x}\r\n{}\r\n",
        " ".repeat(size)
    );
    let answer = answer_to_head(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    server.stop().await;
}
