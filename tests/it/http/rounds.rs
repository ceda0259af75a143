//! Rounds of selection, matches and targets, with the sample programs.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::server::{Answer, Server};

const FINAL: &str = "/v1/programs/jinggang-youth-cup/rounds/final";

/// An entry that the store knows.
fn entry(name: &str, id: &str) -> Value {
    json!({ "name": name, "entry": { "id": id } })
}

fn care_robot() -> Value {
    entry("care robot", "hk-sample-care-robot")
}

fn signal_control() -> Value {
    entry("signal control", "bj-sample-signal-control")
}

/// Its leader is too old.
fn shuttle() -> Value {
    entry("shuttle", "bj-sample-shuttle")
}

/// The panel has not heard it.
fn virtual_museum() -> Value {
    entry("virtual museum", "hk-sample-virtual-museum")
}

async fn post(server: &Server, path: &str, body: &Value) -> Answer {
    let request = server.request(Method::POST, path).header(CONTENT_TYPE, "application/json");
    Answer::of(request.body(body.to_string()).send().await.unwrap()).await
}

async fn select(server: &Server, entries: &[Value]) -> Answer {
    let body = json!({ "as_of": "2026-11-01", "entries": entries });
    post(server, &format!("{FINAL}/select"), &body).await
}

#[tokio::test]
async fn a_round_says_of_each_entry_where_it_stood_and_why_and_is_recorded() {
    let server = Server::start().await;
    let selected = select(&server, &[shuttle(), signal_control(), care_robot()]).await;
    assert_eq!((selected.status.as_u16(), selected.header("etag")), (201, "\"1\""));
    assert_eq!(selected.header("location"), FINAL);
    let round = selected.json();
    assert_eq!(
        (&round["settled"], &round["seats"], &round["going_on"]),
        (&json!(true), &json!(4), &json!(2))
    );
    // (90.16 + 79.66 + 85.66 + 91.33) / 4 = 86.7025, (85 + 90 + 81 + 86) / 4 = 85.5.
    let names: Vec<_> =
        round["entries"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["care robot", "signal control", "shuttle"]);
    assert_eq!(round["entries"][0]["total"], "86.7025");
    assert_eq!((&round["entries"][1]["place"], &round["lowest"]), (&json!(2), &json!("85.5")));
    let shuttle = &round["entries"][2];
    assert_eq!((&shuttle["goes_on"], &shuttle["outcome"]), (&json!("unmet"), &json!("ineligible")));
    assert_eq!(shuttle["unmet"][0]["clause"], "leader-age");
    for language in ["zh-Hans", "zh-Hant", "en"] {
        assert!(!shuttle["unmet"][0]["message"][language].as_str().unwrap().is_empty());
    }

    let recorded = server.get(FINAL).await;
    assert_eq!(
        (recorded.text.as_str(), recorded.header("etag")),
        (selected.text.as_str(), "\"1\"")
    );
    assert_eq!(recorded.header("last-modified"), "Sun, 01 Nov 2026 04:00:00 GMT");
    server.stop().await;
}

#[tokio::test]
async fn the_same_outcome_is_recorded_once_and_another_behind_it() {
    let server = Server::start().await;
    let first = select(&server, &[signal_control(), care_robot()]).await;
    let again = select(&server, &[care_robot(), signal_control()]).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, "\"1\""));
    assert_eq!(again.text, first.text);
    let other = select(&server, &[care_robot()]).await;
    assert_eq!((other.status.as_u16(), other.header("etag")), (201, "\"2\""));
    assert_eq!(server.get(FINAL).await.text, other.text);
    let request = server.request(Method::GET, FINAL).header("If-None-Match", "\"2\"");
    assert_eq!(request.send().await.unwrap().status().as_u16(), 304);
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_known_leaves_a_round_open_and_unrecorded() {
    let server = Server::start().await;
    let open = select(&server, &[virtual_museum(), care_robot()]).await;
    let round = open.json();
    assert_eq!(
        (open.status.as_u16(), open.header("etag"), &round["settled"]),
        (200, "", &json!(false))
    );
    let [robot, museum] = [&round["entries"][0], &round["entries"][1]];
    assert_eq!((&robot["name"], &robot["goes_on"]), (&json!("care robot"), &json!("met")));
    assert_eq!(
        (&museum["goes_on"], &museum["open"]),
        (&json!("undetermined"), &json!("undetermined"))
    );
    assert_eq!(museum["missing"], json!(["entry/marks"]));
    assert_eq!(server.get(FINAL).await.problem().0, "404 not-found");
    server.stop().await;
}

#[rstest]
#[case::no_entries(json!({}), "")]
#[case::an_empty_list(json!({ "entries": [] }), "/entries")]
#[case::entries_that_are_no_list(json!({ "entries": 3 }), "/entries")]
#[case::unknown_key(json!({ "entries": [], "round": 1 }), "/round")]
#[case::no_name(json!({ "entries": [{ "entry": {} }] }), "/entries/0")]
#[case::name_twice(json!({ "entries": [care_robot(), entry("care robot", "bj-sample-shuttle")] }), "/entries/1/name")]
#[case::date_of_its_own(json!({ "entries": [{ "name": "a", "as_of": "2026-11-01" }] }), "/entries/0/as_of")]
#[case::unknown_fact(json!({ "entries": [care_robot(), { "name": "a", "entry": { "colour": 1 } }] }), "/entries/1/entry/colour")]
#[case::unknown_entity(json!({ "entries": [entry("a", "nothing")] }), "/entries/0/entry/id")]
#[case::marks_not_asked_for(json!({ "entries": [{ "name": "a", "marks": { "team": ["80"] } }] }), "/entries/0/marks/team")]
#[case::mark_that_is_no_decimal(json!({ "entries": [{ "name": "a", "marks": { "team": [8.5] } }] }), "/entries/0/marks/team/0")]
#[tokio::test]
async fn entries_that_cannot_be_judged_are_422_with_the_place(
    #[case] body: Value,
    #[case] pointer: &str,
) {
    let server = Server::start().await;
    let answer = post(&server, &format!("{FINAL}/select"), &body).await;
    assert_eq!(answer.problem(), ("422 invalid".to_owned(), vec![pointer.to_owned()]));
    assert_eq!(server.get(FINAL).await.problem().0, "404 not-found");
    server.stop().await;
}

#[tokio::test]
async fn a_round_takes_more_than_a_case_and_not_without_end() {
    let server = Server::start().await;
    let long = |number: usize| entry(&format!("{number:01000}"), "bj-sample-shuttle");
    let entries: Vec<_> = (0..1500).map(long).collect();
    let selected = select(&server, &entries).await;
    assert_eq!(selected.status.as_u16(), 201);
    assert_eq!(selected.json()["entries"].as_array().unwrap().len(), 1500);
    let body = json!({ "entries": [], "padding": "x".repeat(17 * 1024 * 1024) });
    let too_large = post(&server, &format!("{FINAL}/select"), &body).await;
    assert_eq!(too_large.problem().0, "413 too-large");
    server.stop().await;
}

#[tokio::test]
async fn a_round_that_is_not_there_is_404() {
    let server = Server::start().await;
    let body = json!({ "entries": [] });
    for round in [
        "jinggang-youth-cup/rounds/semi-final",
        "guangfo-core-tech/rounds/final",
        "nothing/rounds/final",
    ] {
        let path = format!("/v1/programs/{round}");
        assert_eq!(
            post(&server, &format!("{path}/select"), &body).await.problem().0,
            "404 not-found"
        );
        assert_eq!(server.get(&path).await.problem().0, "404 not-found");
    }
    server.stop().await;
}

fn party(role: &str, id: &str) -> Value {
    json!({ "role": role, "id": id })
}

/// A demand of Nanyang with those who are there, and results with the institute that has them.
fn pairing() -> Value {
    let research = party("research", "bj-sample-photonics-institute");
    json!({
        "as_of": "2023-09-25",
        "demands": [{
            "name": "lens",
            "demand": { "id": "ny-sample-lens-demand" },
            "parties": [
                party("firm", "ny-sample-lens-works"), party("investor", "ny-sample-capital"),
                party("service-body", "ny-sample-transfer-centre"), party("government", "ny-sample-park-office"),
            ],
        }],
        "supplies": [
            { "name": "spindle", "supply": { "id": "cs-sample-spindle" }, "parties": [&research] },
            { "name": "lens sensor", "supply": { "id": "bj-sample-lens-sensor" }, "parties": [&research] },
            { "name": "lens sensor, no rights", "supply": { "id": "bj-sample-lens-sensor", "rights_clear": null },
                "parties": [&research] },
        ],
    })
}

const MATCHES: &str = "/v1/programs/torch-nanyang-2023/matches";

#[tokio::test]
async fn each_demand_is_told_the_best_supplies_and_what_joined_and_parted_them() {
    let server = Server::start().await;
    let matches = post(&server, MATCHES, &pairing()).await.json();
    let lens = &matches["demands"][0];
    assert_eq!((&lens["demand"], &lens["fitting"]), (&json!("lens"), &json!(1)), "{matches}");
    assert_eq!(lens["best"][0]["supply"], "lens sensor");
    assert_eq!(lens["best"][0]["affinity"], "75.41");
    assert_eq!(lens["best"][0]["joined_by"][0]["clause"], "sector-of-express");
    assert_eq!(lens["parted"][0]["supply"], "spindle");
    assert_eq!(lens["parted"][0]["parted_by"][0]["clause"], "same-sector");
    assert_eq!(lens["open"][0]["missing"], json!(["supply/rights_clear"]));
    server.stop().await;
}

#[rstest]
#[case::no_demands(|pairing: &mut Value| pairing["demands"] = json!([]), "/demands")]
#[case::demand_that_speaks_for_the_supply(
    |pairing: &mut Value| pairing["demands"][0]["supply"] = json!({ "id": "cs-sample-spindle" }),
    "/demands/0/supply"
)]
#[case::marks(
    |pairing: &mut Value| pairing["supplies"][0]["marks"] = json!({ "team": ["80"] }),
    "/supplies/0/marks"
)]
#[case::subject_of_neither_side(
    |pairing: &mut Value| pairing["supplies"][1]["project"] = json!({}),
    "/supplies/1/project"
)]
#[case::party_twice_in_a_supply(
    |pairing: &mut Value| {
        let research = pairing["supplies"][1]["parties"][0].clone();
        pairing["supplies"][1]["parties"].as_array_mut().unwrap().push(research);
    },
    "/supplies/1/parties/1/id"
)]
#[case::best_of_none(|pairing: &mut Value| pairing["best"] = json!(0), "/best")]
#[tokio::test]
async fn demands_and_supplies_that_cannot_be_paired_are_422(
    #[case] wrong: impl Fn(&mut Value),
    #[case] pointer: &str,
) {
    let server = Server::start().await;
    let mut pairing = pairing();
    wrong(&mut pairing);
    let answer = post(&server, MATCHES, &pairing).await;
    assert_eq!(answer.problem(), ("422 invalid".to_owned(), vec![pointer.to_owned()]));
    server.stop().await;
}

#[tokio::test]
async fn a_party_that_both_sides_name_stands_once() {
    let server = Server::start().await;
    let mut pairing = pairing();
    let office = party("government", "ny-sample-park-office");
    let supplied = pairing["supplies"][1]["parties"].as_array_mut().unwrap();
    supplied.insert(0, office);
    let lens = &post(&server, MATCHES, &pairing).await.json()["demands"][0].clone();
    assert_eq!(lens["best"][0]["affinity"], "75.41", "{lens}");
    // The one that is wrong is told by its own place, though the one before it is not counted twice.
    pairing["supplies"][1]["parties"][1]["role"] = json!("spectator");
    let wrong = post(&server, MATCHES, &pairing).await.problem();
    assert_eq!(wrong.1, ["/supplies/1/parties/1/role"]);
    server.stop().await;
}

#[tokio::test]
async fn a_supply_that_is_wrong_is_told_at_its_own_place() {
    let server = Server::start().await;
    let mut pairing = pairing();
    pairing["supplies"][1]["parties"][0]["role"] = json!("spectator");
    pairing["supplies"][2]["supply"]["colour"] = json!(1);
    pairing["demands"][0]["demand"]["budget"] = json!(true);
    let (problem, mut pointers) = post(&server, MATCHES, &pairing).await.problem();
    pointers.sort();
    let expected =
        ["/demands/0/demand/budget", "/supplies/1/parties/0/role", "/supplies/2/supply/colour"];
    assert_eq!((problem.as_str(), pointers), ("422 invalid", expected.map(String::from).to_vec()));
    let other = post(&server, "/v1/programs/guangfo-core-tech/matches", &json!({})).await;
    assert_eq!(other.problem().0, "422 invalid");
    server.stop().await;
}

#[tokio::test]
async fn targets_are_counted_from_the_records() {
    let server = Server::start().await;
    let path = "/v1/programs/torch-nanyang-2023/progress";
    let before = server.get(path).await.json();
    // Of the two sample agreements one came from the program.
    assert_eq!(
        (&before["as_of"], &before["targets"][0]["counted"]),
        (&json!("2026-11-01"), &json!(1))
    );
    assert_eq!(
        (&before["targets"][0]["goal"], &before["targets"][0]["reached"]),
        (&json!(8), &json!("12.5%"))
    );
    let agreement = |id: &str, step: &str, day: &str| {
        json!({
            "id": id, "program": "torch-nanyang-2023", "parties": ["ny-sample-motor-works"], step: day,
            "name": { "zh-Hans": "协议", "zh-Hant": "協議", "en": "Agreement" },
        })
    };
    // An intent is none yet, and what is signed tomorrow is not signed today.
    for (id, step, day, counted) in [
        ("a", "intended", "2026-10-01", 1),
        ("b", "signed", "2026-11-02", 1),
        ("c", "signed", "2026-11-01", 2),
    ] {
        let request = server.request(Method::PUT, &format!("/v1/agreements/{id}"));
        let request = request.header(CONTENT_TYPE, "application/json");
        let put = request.body(agreement(id, step, day).to_string()).send().await.unwrap();
        assert_eq!(put.status().as_u16(), 201);
        assert_eq!(server.get(path).await.json()["targets"][0]["counted"], counted, "{id}");
    }
    let intents = server.get("/v1/agreements?kind=intent").await.json();
    assert_eq!(intents["items"][0]["id"], "a");
    assert_eq!(server.get("/v1/programs/nothing/progress").await.problem().0, "404 not-found");
    server.stop().await;
}
