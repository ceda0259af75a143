//! Waiting lists, receipts and rules that change: what is written down of applications, and in which order.

use concord::decide::receipt::{self, Replayed, Replayer};
use reqwest::Method;
use serde_json::{Value, json};

use super::applications::{FUND, act, at, submit, work};
use crate::support::server::{Answer, Server};

/// Lets the fund of the two cities have so much, in whole yuan.
async fn put_in(server: &Server, guangzhou: u64, foshan: u64) -> Answer {
    let path = format!("/v1/funds/{FUND}");
    let found = server.get(&path).await;
    let mut fund = found.json();
    fund["contributions"] = json!([
        { "city": "guangzhou", "amount": format!("{guangzhou}.00") },
        { "city": "foshan", "amount": format!("{foshan}.00") },
    ]);
    let request = server.request(Method::PUT, &path).header("if-match", found.header("etag"));
    let request = request.header("content-type", "application/json").body(fund.to_string());
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_full_fund_makes_a_waiting_list_and_what_is_released_goes_to_the_first_in_it() {
    let server = Server::start().await;
    assert_eq!(put_in(&server, 900_000, 600_000).await.status, 200);
    let first = submit(&server, "first", &work("1500000.00")).await.json();
    assert_eq!(first["state"], "reserved");
    for (key, place) in [("second", 1), ("third", 2)] {
        let waiting = submit(&server, key, &work("1500000.00")).await.json();
        assert_eq!(
            (&waiting["state"], &waiting["outcome"]),
            (&json!("submitted"), &json!("eligible"))
        );
        assert_eq!(waiting["waiting"], json!({ "place": place }));
        assert_eq!(
            (&waiting["decided"]["award"], &waiting["decided"]["withheld"]),
            (&Value::Null, &json!("fund-exhausted"))
        );
    }
    act(&server, "guangfo-core-tech-a1", "withdraw", json!({ "by": "applicant" })).await;
    let second = server.get("/v1/applications/guangfo-core-tech-a2").await.json();
    assert_eq!((&second["state"], &second["waiting"]), (&json!("reserved"), &Value::Null));
    assert_eq!(
        (&second["events"][1]["move"], &second["events"][1]["by"]),
        (&json!("offer"), &json!("host"))
    );
    let third = server.get("/v1/applications/guangfo-core-tech-a3").await.json();
    assert_eq!(third["waiting"], json!({ "place": 1 }));
    // A contribution is offered too, and nobody jumps the queue that is left.
    assert_eq!(put_in(&server, 1_800_000, 1_200_000).await.status, 200);
    let third = server.get("/v1/applications/guangfo-core-tech-a3").await.json();
    assert_eq!(third["state"], "reserved");
    assert_eq!(at(&server, FUND, "available").await, ["0.00", "0.00"]);
    // What is reserved cannot be taken out again.
    let short = put_in(&server, 900_000, 600_000).await;
    assert_eq!(short.problem().0, "409 conflict");
    server.stop().await;
}

#[tokio::test]
async fn every_decision_has_a_receipt_that_verifies_and_replays_and_they_form_a_chain() {
    let server = Server::start().await;
    put_in(&server, 900_000, 600_000).await;
    for key in ["one", "two", "three"] {
        submit(&server, key, &work("1500000.00")).await;
    }
    act(&server, "guangfo-core-tech-a1", "withdraw", json!({ "by": "applicant" })).await;
    let keys = serde_json::from_str(&server.get("/v1/keys").await.text).unwrap();
    let components = receipt::Components::of(&[crate::support::places::policies()]).unwrap();
    let mut replayer = Replayer::new(|digest: &str| components.find(digest), None);
    let mut links = Vec::new();
    for number in 1..=4 {
        let path = format!("/v1/decisions/guangfo-core-tech-d{number}");
        let recorded = server.get(&path).await.json();
        let text = server.get(&format!("{path}/receipt")).await.text;
        let signed = receipt::Signed::read_all(&text).unwrap().remove(0);
        concord::keys::verify(signed.body.as_bytes(), &signed.signature, &keys).unwrap();
        assert_eq!(replayer.replay(&signed.body).unwrap(), Replayed::Same { fuel_compared: true });
        let body = receipt::read(&signed.body).unwrap();
        links.push(receipt::Link::of(&body, recorded["digest"].as_str().unwrap()));
        let replay = server.post(&format!("{path}/replay"), "x", &json!({})).await.json();
        assert_eq!(replay, json!({ "same": true, "fuel_compared": true }));
    }
    assert_eq!(receipt::chain(&links), Vec::new());
    // What was released went to the second, and its receipt says so.
    let offered = server.get("/v1/decisions/guangfo-core-tech-d4").await.json();
    assert_eq!(offered["application"], "guangfo-core-tech-a2");
    assert_eq!(offered["receipt"]["transfers"][0]["to"], "reserved");
    // By the rules of another day.
    let path = "/v1/decisions/guangfo-core-tech-d1/replay";
    let then = server.post(path, "x", &json!({ "as_of": "2024-01-01" })).await.json();
    assert_eq!(then["as_of"], "2024-01-01");
    let before = server.post(path, "x", &json!({ "as_of": "2023-12-31" })).await;
    assert_eq!(before.problem(), ("422 invalid".into(), vec!["/as_of".into()]));
    assert_eq!(server.get("/v1/decisions/nothing").await.problem().0, "404 not-found");
    server.stop().await;
}

#[tokio::test]
async fn an_application_on_which_the_rules_change_shows_what_it_comes_to_by_either() {
    let server = Server::start().await;
    server.at("2020-03-31T04:00:00Z");
    let case = json!({ "order": { "cost": { "amount": "300000.00", "currency": "HKD" } },
        "parties": [{ "role": "applicant", "id": "hk-sample-design" }] });
    let mut open = case.clone();
    open["order"] = json!({});
    let path = "/v1/programs/hk-tvp/applications";
    let submitted = server.post(path, "one", &open).await.json();
    assert_eq!(submitted["state"], "submitted", "{submitted}");
    server.at("2020-04-02T04:00:00Z");
    let found = server.get("/v1/applications/hk-tvp-a1").await.json();
    let both = &found["rules_changed"];
    assert_eq!(both["follows"], "by-submission", "{found}");
    assert_eq!(both["by_submission"]["as_of"], "2020-03-31");
    assert_eq!(both["by_decision"]["as_of"], "2020-04-02");
    // 300,000 × 2 ÷ 3 by the rules of its submission, not × 3 ÷ 4.
    let decided =
        act(&server, "hk-tvp-a1", "decide", json!({ "by": "office", "case": case })).await;
    let decided = decided.json();
    assert_eq!(decided["decided"]["award"]["amount"], "200000.00", "{decided}");
    server.stop().await;
}
