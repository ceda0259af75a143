//! The shared entities: listed, read and written, with a version for each.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::server::{Answer, Server};

const NOUNS: [&str; 9] = [
    "cities",
    "programs",
    "funds",
    "projects",
    "organisations",
    "talents",
    "vouchers",
    "resources",
    "agreements",
];

fn firm(id: &str) -> Value {
    json!({
        "id": id, "city": "foshan", "kind": "enterprise",
        "name": { "zh-Hans": "示例", "zh-Hant": "示例", "en": format!("Sample firm {id}") },
        "facts": { "registered": "2020-01-01", "rd_intensity": "4.5%" }
    })
}

async fn put(server: &Server, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut request = server.request(Method::PUT, path).json(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn every_noun_is_listed_and_each_of_its_entities_is_read() {
    let server = Server::start().await;
    for noun in NOUNS {
        let listed = server.get(&format!("/v1/{noun}")).await.json();
        let items = listed["items"].as_array().unwrap();
        assert!(!items.is_empty(), "{noun}");
        for item in items {
            let found = server.get(&format!("/v1/{noun}/{}", item["id"].as_str().unwrap())).await;
            assert_eq!((found.status.as_u16(), &found.json()), (200, item));
            assert_eq!(found.header("etag"), "\"1\"");
        }
        let missing = server.get(&format!("/v1/{noun}/no-such-id")).await;
        assert_eq!(missing.problem().0, "404 not-found");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_entity_is_created_read_replaced_and_never_overwritten_unawares() {
    let server = Server::start().await;
    let path = "/v1/organisations/new-firm";
    let created = put(&server, path, &[("if-none-match", "*")], &firm("new-firm")).await;
    assert_eq!((created.status.as_u16(), created.header("etag")), (201, "\"1\""));
    assert_eq!(created.header("location"), path);
    let read = server.get(path).await;
    assert_eq!(read.json(), created.json());

    let before = server.content();
    let again = put(&server, path, &[("if-none-match", "*")], &firm("new-firm")).await;
    assert_eq!(again.problem().0, "412 precondition-failed");
    let unawares = put(&server, path, &[], &firm("new-firm")).await;
    assert_eq!(unawares.problem().0, "428 precondition-required");
    let stale = put(&server, path, &[("if-match", "\"7\"")], &firm("new-firm")).await;
    assert_eq!(stale.problem().0, "412 precondition-failed");
    assert_eq!(server.content(), before);

    let mut changed = firm("new-firm");
    changed["facts"]["rd_intensity"] = "4.6%".into();
    let replaced = put(&server, path, &[("if-match", "\"1\"")], &changed).await;
    assert_eq!((replaced.status.as_u16(), replaced.header("etag")), (200, "\"2\""));
    assert_eq!(server.get(path).await.json()["facts"]["rd_intensity"], "4.6%");
    server.stop().await;
}

#[tokio::test]
async fn of_two_writers_who_read_the_same_version_one_is_told_that_it_was_changed() {
    let server = Server::start().await;
    let path = "/v1/organisations/gz-sample-optics";
    let stored = server.get(path).await.json();
    let headers = [("if-match", "\"1\"")];
    let (one, other) =
        tokio::join!(put(&server, path, &headers, &stored), put(&server, path, &headers, &stored));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    server.stop().await;
}

#[tokio::test]
async fn a_version_that_the_caller_knows_is_not_sent_again() {
    let server = Server::start().await;
    let path = "/v1/cities/guangzhou";
    let known = server.request(Method::GET, path).header("if-none-match", "\"1\"");
    let answer = Answer::of(known.send().await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (304, ""));
    let other = server.request(Method::GET, path).header("if-none-match", "\"2\"");
    assert_eq!(other.send().await.unwrap().status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn a_list_is_read_in_pages_and_each_entity_is_met_once() {
    let server = Server::start().await;
    let whole = server.get("/v1/organisations?limit=200").await.json();
    let mut path = "/v1/organisations?limit=2".to_owned();
    let mut met = Vec::new();
    loop {
        let page = server.get(&path).await;
        let items = page.json()["items"].as_array().unwrap().clone();
        assert!((1..=2).contains(&items.len()));
        met.extend(items);
        let link = page.header("link");
        assert_eq!(link.is_empty(), page.json()["next"].is_null());
        if link.is_empty() {
            break;
        }
        path = link.strip_prefix('<').unwrap().split('>').next().unwrap().to_owned();
    }
    assert_eq!(Value::Array(met), whole["items"]);
    server.stop().await;
}

#[rstest]
#[case::by_city("organisations?city=foshan", "city", "foshan")]
#[case::by_kind("organisations?kind=university", "kind", "university")]
#[case::by_text("organisations?q=workshop", "id", "gz-sample-workshop")]
#[case::by_cities_of_a_program("programs?city=foshan&kind=voucher", "id", "guangfo-voucher")]
#[tokio::test]
async fn a_filter_lets_through_what_it_says_and_all_of_it(
    #[case] query: &str,
    #[case] key: &str,
    #[case] value: &str,
) {
    let server = Server::start().await;
    let noun = query.split('?').next().unwrap();
    let all = server.get(&format!("/v1/{noun}?limit=200")).await.json();
    let mut expected = all["items"].as_array().unwrap().clone();
    expected.retain(|one| one[key] == value);
    let found = server.get(&format!("/v1/{query}")).await.json();
    assert!(!expected.is_empty());
    assert_eq!(found["items"], Value::Array(expected));
    server.stop().await;
}

#[rstest]
#[case::limit_of_none("limit=0")]
#[case::limit_too_high("limit=201")]
#[case::limit_that_is_no_number("limit=many")]
#[case::unknown_key("colour=red")]
#[case::city_that_is_no_id("city=NOT%20AN%20ID")]
#[tokio::test]
async fn a_query_that_cannot_be_read_is_400(#[case] query: &str) {
    let server = Server::start().await;
    let answer = server.get(&format!("/v1/organisations?{query}")).await;
    assert_eq!(answer.problem().0, "400 bad-request");
    server.stop().await;
}

#[rstest]
#[case::unknown_key("budget", json!(1), "/budget")]
#[case::another_id("id", json!("other-firm"), "/id")]
#[case::bad_id("id", json!("The firm"), "/id")]
#[case::unknown_city("city", json!("nowhere"), "/city")]
#[case::missing_translation("name", json!({ "zh-Hans": "示例", "en": "Sample" }), "/name")]
#[case::inexact_fact("facts", json!({ "rd_intensity": 4.5 }), "/facts/rd_intensity")]
#[case::fact_that_stands_as_a_field("facts", json!({ "city": "guangzhou" }), "/facts/city")]
#[case::negative_award(
    "awards",
    json!([{ "program": "guangfo-core-tech", "on": "2025-01-01",
             "amount": { "amount": "-1.00", "currency": "CNY" } }]),
    "/awards/0/amount"
)]
#[tokio::test]
async fn an_entity_that_says_what_cannot_be_is_422_and_is_not_kept(
    #[case] key: &str,
    #[case] value: Value,
    #[case] pointer: &str,
) {
    let server = Server::start().await;
    let before = server.content();
    let mut body = firm("new-firm");
    body[key] = value;
    let answer = put(&server, "/v1/organisations/new-firm", &[], &body).await;
    assert_eq!(answer.problem(), ("422 invalid".into(), vec![pointer.into()]), "{answer:?}");
    assert_eq!(server.content(), before);
    assert_eq!(server.get("/v1/organisations/new-firm").await.status, 404);
    server.stop().await;
}
