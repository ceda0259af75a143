//! Operations, and the API in its own words.

use std::collections::BTreeSet;

use concord::config::Config;
use serde_json::{Value, json};

use super::check::case;
use crate::support::concord::CONFIG;
use crate::support::places;
use crate::support::server::{Answer, Server};

#[tokio::test]
async fn a_host_is_up_at_once_and_ready_when_its_policies_are_loaded() {
    let server = Server::without_policies().await;
    assert_eq!(server.get("/healthz").await.json()["status"], "up");
    let waiting = server.get("/readyz").await;
    assert_eq!(
        (waiting.problem().0.as_str(), waiting.header("retry-after")),
        ("503 not-ready", "1")
    );
    let early = server.check("guangfo-core-tech", case().to_string()).await;
    assert_eq!(early.problem().0, "503 not-ready");
    assert_eq!(server.get("/v1/policies").await.problem().0, "503 not-ready");

    server.load(None);
    assert_eq!(server.get("/readyz").await.json()["status"], "ready");
    assert_eq!(server.check("guangfo-core-tech", case().to_string()).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_host_whose_store_is_closed_is_up_and_not_ready() {
    use concord::store::Store;
    let server = Server::start().await;
    server.store.close().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.problem().0, "503 not-ready");
    server.stop().await;
}

#[tokio::test]
async fn a_policy_shows_what_it_promises() {
    let server = Server::start().await;
    let detail = server.get("/v1/policies/guangzhou-core-tech").await.json();
    assert_eq!(
        detail[0]["promises"][1],
        serde_json::json!({
            "promise": "never-above-the-cap",
            "property": "at_most",
            "about": ["cap"],
            "text": "No award is above the cap for one project",
        })
    );
    server.stop().await;
}

#[tokio::test]
async fn policies_are_listed_with_where_they_are_bound() {
    let server = Server::start().await;
    let listed = server.get("/v1/policies").await.json();
    let items = listed["items"].as_array().unwrap();
    let ids: Vec<_> = items.iter().map(|one| one["policy"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
    let config = Config::load(&CONFIG.file()).unwrap();
    let bound: Vec<_> = config.programs.iter().flat_map(|program| &program.bindings).collect();
    assert!(bound.iter().all(|binding| ids.contains(&binding.policy.as_str())), "{ids:?}");
    let guangzhou = items.iter().find(|one| one["policy"] == "guangzhou-core-tech").unwrap();
    assert_eq!(guangzhou["bindings"][0]["program"], "guangfo-core-tech");
    assert_eq!(guangzhou["bindings"][0]["in_force"], true);
    assert!(guangzhou["digest"].as_str().unwrap().starts_with("sha256:"));

    let detail = server.get("/v1/policies/guangzhou-core-tech").await.json();
    assert_eq!(detail[0]["clauses"][0]["clause"], "both-cities");
    assert_eq!(server.get("/v1/policies/no-such-policy").await.problem().0, "404 not-found");
    server.stop().await;
}

#[tokio::test]
async fn what_is_answered_is_counted_by_route_and_never_by_what_a_caller_makes_up() {
    let server = Server::start().await;
    server.check("guangfo-core-tech", case().to_string()).await;
    server.check("made-up-program", case().to_string()).await;
    server.get("/made-up-route").await;
    let metrics = server.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = metrics.text;
    assert!(
        text.contains("http_requests_total{method=\"POST\",route=\"/v1/programs/{program}/check\""),
        "{text}"
    );
    assert!(text.contains("http_request_duration_seconds_bucket{"), "{text}");
    assert!(
        text.contains("decisions_total{program=\"guangfo-core-tech\",outcome=\"eligible\"}"),
        "{text}"
    );
    assert!(!text.contains("made-up"), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn a_request_has_an_id_the_callers_own_where_it_is_a_proper_one() {
    let server = Server::start().await;
    let with_id = |id: &'static str| {
        let request = server.request(reqwest::Method::GET, "/healthz").header("x-request-id", id);
        async { Answer::of(request.send().await.unwrap()).await.header("x-request-id").to_owned() }
    };
    assert_eq!(with_id("caller-7").await, "caller-7");
    assert_ne!(with_id("not a proper id").await, "not a proper id");
    let ids = [server.get("/healthz").await, server.get("/no-route").await];
    assert_ne!(ids[0].header("x-request-id"), ids[1].header("x-request-id"));
    server.stop().await;
}

/// The operations of the document, as `method path`.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        methods.into_iter().map(move |method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[tokio::test]
async fn every_operation_of_the_document_is_answered_by_a_route() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let operations = operations(&document);
    assert!(operations.contains("post /v1/programs/{program}/check"));
    for operation in operations {
        let (method, template) = operation.split_once(' ').unwrap();
        let path =
            template.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let method = method.to_uppercase().parse().unwrap();
        let answer = Answer::of(server.request(method, &path).send().await.unwrap()).await;
        if !answer.status.is_success() {
            let (problem, _) = answer.problem();
            assert!(
                !["404 no-route", "405 method-not-allowed"].contains(&problem.as_str()),
                "{operation}"
            );
        }
    }
    server.stop().await;
}

#[test]
fn every_route_is_an_operation_of_the_document() {
    let router = std::fs::read_to_string(places::root().join("host/src/http/router.rs")).unwrap();
    let handlers: usize = router
        .split("routes!(")
        .skip(1)
        .map(|rest| {
            rest.split(')').next().unwrap().split(',').filter(|one| !one.trim().is_empty()).count()
        })
        .sum();
    let document = serde_json::to_value(concord::http::document()).unwrap();
    assert_eq!(operations(&document).len(), handlers);
    // No route but the document's own pages is put there in another way.
    assert_eq!(router.matches(".route(").count() + router.matches(".merge(").count(), 1);
    assert!(router.contains(".merge(docs::routes(&document))"));
}

#[test]
fn every_operation_has_its_own_id_a_summary_and_an_answer_that_is_described() {
    let document = serde_json::to_value(concord::http::document()).unwrap();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}");
            assert!(operation["summary"].is_string(), "{place}");
            assert!(!operation["responses"].as_object().unwrap().is_empty(), "{place}");
        }
    }
}

#[tokio::test]
async fn the_documentation_is_served_and_loads_nothing_from_elsewhere() {
    let server = Server::start().await;
    let page = server.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    for text in [page.text, server.get("/docs/swagger-initializer.js").await.text] {
        assert!(!text.contains("src=\"http") && !text.contains("href=\"http"), "{text}");
        assert!(!text.contains("validator.swagger.io"), "{text}");
    }
    assert_eq!(server.get("/docs/no-such-page").await.problem().0, "404 no-route");
    server.stop().await;
}

#[tokio::test]
async fn a_host_that_stops_takes_no_more_callers() {
    let server = Server::start().await;
    let address = server.address;
    assert_eq!(server.get("/healthz").await.status, 200);
    server.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_start_up_between_hong_kong_and_guangzhou_falls_between_their_stools() {
    let server = Server::start().await;
    let case = json!({
        "as_of": "2026-11-01",
        "project": { "body_adds": { "amount": "120000.00", "currency": "HKD" } },
        "talent": { "id": "hk-sample-young-founder" },
        "parties": [{ "role": "partner", "id": "hk-sample-youth-body" },
                    { "role": "lead", "id": "hk-sample-cross-border-start-up" }],
    });
    let matrix = server.post("/v1/matrix", "", &case).await.json();
    assert_eq!(
        matrix["between_stools"],
        json!([{ "cities": ["guangzhou", "hong-kong"], "programs": ["guangzhou-hard-tech", "hk-youth-fund"] }]),
        "{matrix}"
    );
    server.stop().await;
}
