//! Waiting lists, receipts and rules that change: what is written down of applications, and in which order.

use concord::decide::receipt::{self, Replayed, Replayer};
use concord::domain::digest::sha256;
use concord::domain::program::Transition;
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
        concord::keys::verify(&sha256(signed.body.as_bytes()), &signed.signature, &keys).unwrap();
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

#[tokio::test]
async fn who_waits_gets_all_of_what_it_waits_for_and_a_remainder_is_not_offered() {
    let server = Server::start().await;
    put_in(&server, 900_000, 600_000).await;
    submit(&server, "first", &work("1400000.00")).await;
    // The policies grant what is left of a fund to who comes next, and then it is empty.
    let rest = submit(&server, "rest", &work("500000.00")).await.json();
    assert_eq!(rest["decided"]["award"]["amount"], "100000.00");
    submit(&server, "large", &work("800000.00")).await;
    submit(&server, "small", &work("50000.00")).await;
    // 100,000.00 come back: the first in the list waits for more, and nobody passes it.
    act(&server, "guangfo-core-tech-a2", "withdraw", json!({ "by": "applicant" })).await;
    for (id, place) in [("guangfo-core-tech-a3", 1), ("guangfo-core-tech-a4", 2)] {
        let found = server.get(&format!("/v1/applications/{id}")).await.json();
        assert_eq!(found["waiting"], json!({ "place": place }), "{id}");
    }
    // It asks for less, is granted it, and the next has its turn at once.
    let body = json!({ "by": "bureau", "case": work("40000.00") });
    let less = act(&server, "guangfo-core-tech-a3", "decide", body).await.json();
    assert_eq!(less["state"], "reserved", "{less}");
    let next = server.get("/v1/applications/guangfo-core-tech-a4").await.json();
    assert_eq!(next["state"], "reserved", "{next}");
    assert_eq!(at(&server, FUND, "available").await, ["4000.00", "6000.00"]);
    server.stop().await;
}

#[tokio::test]
async fn a_case_that_is_decided_again_is_on_record_of_those_that_it_names_now() {
    let server = Server::start().await;
    let hkd = |amount: &str| json!({ "amount": amount, "currency": "HKD" });
    let case = |who: &str, cost: Value| json!({ "order": { "cost": cost }, "parties": [{ "role": "applicant", "id": who }] });
    let path = "/v1/programs/hk-tvp/applications";
    let open = server.post(path, "one", &case("hk-sample-startup", Value::Null)).await.json();
    assert_eq!(open["state"], "submitted", "{open}");
    let now = case("hk-sample-design", hkd("40000.00"));
    let body = json!({ "by": "office", "case": now });
    let done = act(&server, "hk-tvp-a1", "decide", body).await.json();
    assert_eq!(done["state"], "reserved", "{done}");
    let entities = concord::store::Store::entities(server.store.as_ref());
    let awards = |id: &str| {
        let kind = concord::domain::entity::EntityKind::Organisation;
        let who = concord::domain::application::Beneficiary::of(kind, id);
        entities.books().awards(&who).map(|award| award.amount.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(awards("hk-sample-design"), ["30000.00"]);
    assert_eq!(awards("hk-sample-startup"), Vec::<String>::new());
    // Decided as of a day, its own award does not stand against it.
    let replay = json!({ "as_of": "2026-11-01" });
    let again = server.post("/v1/decisions/hk-tvp-d2/replay", "x", &replay).await.json();
    assert_eq!(
        (&again["outcome"], &again["award"]["amount"]),
        (&json!("eligible"), &json!("30000.00"))
    );
    server.stop().await;
}

#[tokio::test]
async fn a_voucher_that_is_not_on_record_is_refused_when_it_is_decided_again_too() {
    let server = Server::start().await;
    let order = json!({
        "voucher": { "id": "fs-sample-voucher-1" },
        "order": { "id": "gz-sample-spectrometer", "service": "instrument-time", "signed": "2026-10-20" },
        "parties": [{ "role": "holder", "id": "fs-sample-ceramics" }],
    });
    let path = "/v1/programs/guangfo-voucher/applications";
    assert_eq!(server.post(path, "one", &order).await.json()["state"], "submitted");
    let mut made_up = order;
    made_up["voucher"] = json!({ "city": "foshan", "holder": "fs-sample-ceramics" });
    let body = json!({ "by": "office", "case": made_up });
    let answer = act(&server, "guangfo-voucher-a1", "decide", body).await;
    assert_eq!(answer.problem(), ("422 invalid".into(), vec!["/voucher/id".into()]));
    server.stop().await;
}

#[tokio::test]
async fn what_is_kept_account_of_keeps_its_currency_and_what_was_spent_before() {
    let server = Server::start().await;
    let path = "/v1/funds/beijing-joint-rd-fund";
    let found = server.get(path).await;
    for (pointer, value, told) in [
        ("/currency", json!("HKD"), "/currency"),
        ("/contributions/0/spent", json!("1.00"), "/contributions/0/spent"),
        ("/contributions/0/amount", json!("92233720368547758.07"), "/contributions"),
        ("/contributions", json!([]), "/contributions"),
    ] {
        let mut fund = found.json();
        *fund.pointer_mut(pointer).unwrap() = value;
        let put = server.request(Method::PUT, path).header("if-match", found.header("etag"));
        let put = put.header("content-type", "application/json").body(fund.to_string());
        let answer = Answer::of(put.send().await.unwrap()).await;
        assert_eq!(answer.problem(), ("422 invalid".into(), vec![told.into()]), "{pointer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_subsidy_is_paid_by_the_city_that_the_person_works_in() {
    let server = Server::start().await;
    let case = json!({ "talent": { "id": "gz-sample-hk-engineer" } });
    let checked = server.check("gba-talent-tax", case.to_string()).await.json();
    assert_eq!(checked["outcome"], "eligible", "{checked}");
    let path = "/v1/programs/gba-talent-tax/applications";
    let done = server.post(path, "one", &case).await.json();
    let purses: Vec<_> =
        done["parts"].as_array().unwrap().iter().map(|part| &part["purse"]).collect();
    assert_eq!(purses, ["funds/gba-talent-tax-fund/guangzhou"], "{done}");
    server.stop().await;
}

#[tokio::test]
async fn a_reservation_that_is_not_signed_in_time_lapses_and_goes_to_the_next() {
    let server = Server::start_with("hk-tvp", |program| {
        program.applications.sign_within_days = Some(30);
    })
    .await;
    let case = json!({ "order": { "cost": { "amount": "40000.00", "currency": "HKD" } },
        "parties": [{ "role": "applicant", "id": "hk-sample-design" }] });
    let done = server.post("/v1/programs/hk-tvp/applications", "one", &case).await.json();
    assert_eq!(done["sign_by"], "2026-12-01", "{done}");
    server.at("2026-12-02T04:00:00Z");
    let late = act(&server, "hk-tvp-a1", "commit", json!({ "by": "office" })).await;
    assert_eq!(late.problem().0, "409 conflict");
    let now = "2026-12-02T04:00:00Z".parse().unwrap();
    assert_eq!(server.desk().sweep(now).await.unwrap().lapsed, 1);
    assert_eq!(server.desk().sweep(now).await.unwrap().lapsed, 0);
    let found = server.get("/v1/applications/hk-tvp-a1").await.json();
    assert_eq!((&found["state"], &found["events"][1]["by"]), (&json!("lapsed"), &json!("host")));
    assert_eq!(at(&server, "hk-tvp-fund", "reserved").await, ["0.00"]);
    server.stop().await;
}

#[tokio::test]
async fn where_the_program_says_so_the_rules_of_the_day_of_decision_count() {
    let server = Server::start_with("hk-tvp", |program| {
        program.applications.transition = Transition::ByDecision;
    })
    .await;
    server.at("2020-03-31T04:00:00Z");
    let case = |cost: Value| json!({ "order": { "cost": cost }, "parties": [{ "role": "applicant", "id": "hk-sample-design" }] });
    let path = "/v1/programs/hk-tvp/applications";
    server.post(path, "one", &case(Value::Null)).await;
    server.at("2020-04-02T04:00:00Z");
    let found = server.get("/v1/applications/hk-tvp-a1").await.json();
    assert_eq!(found["rules_changed"]["follows"], "by-decision", "{found}");
    let known = case(json!({ "amount": "300000.00", "currency": "HKD" }));
    let body = json!({ "by": "office", "case": known });
    let done = act(&server, "hk-tvp-a1", "decide", body).await.json();
    // 300,000 × 3 ÷ 4.
    assert_eq!(done["decided"]["award"]["amount"], "225000.00", "{done}");
    server.stop().await;
}
