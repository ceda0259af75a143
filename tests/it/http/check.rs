//! `POST /v1/programs/{program}/check`: the main call.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::concord::{CONFIG, concord_reading};
use crate::support::server::{Answer, Server};

/// The call of the documentation: a stored lead party, and a partner given in line.
pub fn case() -> Value {
    json!({
        "as_of": "2026-11-01",
        "project": {
            "trl": 5, "sector": "new-materials", "funded_elsewhere": false, "advanced_manufacturing": true,
            "requested": { "amount": "1500000.00", "currency": "CNY" }
        },
        "parties": [
            { "role": "lead", "id": "gz-sample-optics" },
            { "role": "partner", "city": "foshan", "kind": "enterprise", "registered": "2012-09-18",
              "sales": { "amount": "310000000.00", "currency": "CNY" },
              "rd_intensity": "3.6%", "rd_in_china": "95%", "science_staff": "13%" }
        ]
    })
}

async fn check(server: &Server, case: &Value) -> Answer {
    server.check("guangfo-core-tech", case.to_string()).await
}

#[tokio::test]
async fn an_eligible_case_is_answered_with_the_award_and_every_clause() {
    let server = Server::start().await;
    let before = server.content();
    let answer = check(&server, &case()).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    let decision = answer.json();
    assert_eq!(decision["program"], "guangfo-core-tech");
    assert_eq!(decision["as_of"], "2026-11-01");
    assert_eq!(decision["outcome"], "eligible", "{decision:#}");
    assert_eq!(
        decision["award"],
        json!({ "amount": "1500000.00", "currency": "CNY", "shares": [
            { "city": "guangzhou", "amount": "900000.00" }, { "city": "foshan", "amount": "600000.00" } ] })
    );
    let ruling = &decision["rulings"][0];
    assert_eq!(ruling["policy"], "guangzhou-core-tech");
    assert!(ruling["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(ruling["fuel"].as_u64().unwrap() > 100);
    let clause = &ruling["clauses"][0];
    assert_eq!(
        (clause["clause"].as_str(), clause["truth"].as_str()),
        (Some("both-cities"), Some("met"))
    );
    assert_eq!(clause["read"][1], json!({ "fact": "parties/0/city", "value": "guangzhou" }));
    assert_eq!(server.content(), before, "a check changes nothing");
    server.stop().await;
}

#[tokio::test]
async fn the_command_line_answers_the_same_case_with_the_same_decision() {
    let server = Server::start().await;
    let answer = check(&server, &case()).await;
    let config = CONFIG.file();
    let config = config.to_str().unwrap();
    let run = concord_reading(
        &["check", "guangfo-core-tech", "-", "--json", "--config", config],
        &case().to_string(),
    );
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap(), answer.json());
    server.stop().await;
}

#[tokio::test]
async fn a_fact_that_is_missing_makes_the_outcome_undetermined_and_is_named() {
    let server = Server::start().await;
    let mut case = case();
    case["parties"][1].as_object_mut().unwrap().remove("rd_in_china");
    let decision = check(&server, &case).await.json();
    assert_eq!(decision["outcome"], "undetermined");
    assert_eq!(decision["cause"], "missing-fact");
    assert_eq!(decision["rulings"][0]["missing"], json!(["parties/1/rd_in_china"]));
    assert_eq!(decision.get("award"), None);
    // `null` says that a fact is unknown; it is the same as not to say it.
    case["parties"][1]["rd_in_china"] = Value::Null;
    assert_eq!(check(&server, &case).await.json(), decision);
    server.stop().await;
}

#[tokio::test]
async fn a_fact_beside_an_id_goes_before_what_is_on_record() {
    let server = Server::start().await;
    let mut case = case();
    case["parties"][0]["registered"] = "2026-10-31".into();
    let decision = check(&server, &case).await.json();
    assert_eq!(decision["outcome"], "ineligible");
    server.stop().await;
}

#[tokio::test]
async fn a_case_without_a_date_is_judged_on_the_day_it_is_where_the_program_is_run() {
    let server = Server::start().await;
    let mut case = case();
    case.as_object_mut().unwrap().remove("as_of");
    assert_eq!(check(&server, &case).await.json()["as_of"], "2026-11-01");
    server.stop().await;
}

#[rstest]
#[case::simplified("zh-CN,en;q=0.5", "zh-Hans", "广州、佛山两市均有单位参与")]
#[case::traditional("zh-HK", "zh-Hant", "廣州、佛山兩市均有單位參與")]
#[case::english("de, en;q=0.9", "en", "At least one party is from Guangzhou and one from Foshan")]
#[case::none_of_ours("pt-PT", "en", "At least one party is from Guangzhou and one from Foshan")]
#[tokio::test]
async fn messages_are_in_the_language_that_the_caller_reads(
    #[case] accept: &str,
    #[case] language: &str,
    #[case] message: &str,
) {
    let server = Server::start().await;
    let request = server.request(reqwest::Method::POST, "/v1/programs/guangfo-core-tech/check");
    let request = request.header("accept-language", accept).json(&case());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.header("content-language"), language);
    assert_eq!(answer.header("vary"), "accept-language");
    assert_eq!(answer.json()["rulings"][0]["clauses"][0]["message"], message);
    server.stop().await;
}

#[tokio::test]
async fn an_entity_that_is_written_counts_in_the_next_check() {
    let server = Server::start().await;
    let path = "/v1/organisations/gz-sample-optics";
    let stored = server.get(path).await;
    let mut body = stored.json();
    body["facts"]["registered"] = "2026-10-31".into();
    let request = server.request(reqwest::Method::PUT, path);
    let request = request.header("if-match", stored.header("etag")).json(&body);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(check(&server, &case()).await.json()["outcome"], "ineligible");
    server.stop().await;
}
