//! Applications: decided, recorded and paid for, once and in order.

use concord::store::Store as _;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::server::{Answer, Server};

pub const CORE: &str = "/v1/programs/guangfo-core-tech/applications";
pub const FUND: &str = "guangfo-core-tech-fund";

pub fn cny(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

/// Work of two sample firms that both cities support; nothing of it is on record.
pub fn work(requested: &str) -> Value {
    json!({
        "project": {
            "trl": 5, "sector": "new-generation-it", "funded_elsewhere": false,
            "advanced_manufacturing": true, "requested": cny(requested)
        },
        "parties": [
            { "role": "lead", "id": "gz-sample-optics" },
            { "role": "partner", "id": "fs-sample-robotics" },
            { "role": "partner", "id": "gz-sample-university" },
        ],
    })
}

pub async fn submit(server: &Server, key: &str, case: &Value) -> Answer {
    server.post(CORE, key, case).await
}

pub async fn act(server: &Server, application: &str, what: &str, body: Value) -> Answer {
    let key = concord::domain::digest::sha256(format!("{application} {what} {body}").as_bytes());
    server.post(&format!("/v1/applications/{application}/{what}"), &key, &body).await
}

/// What the cities' purses have at a stage.
pub async fn at(server: &Server, fund: &str, stage: &str) -> Vec<String> {
    let balance = server.get(&format!("/v1/funds/{fund}/balance")).await.json();
    let purses = balance["purses"].as_array().unwrap().iter();
    purses.map(|purse| purse[stage]["amount"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_eligible_application_reserves_its_award_in_the_purses_of_both_cities() {
    let server = Server::start().await;
    let answer = submit(&server, "one", &work("1500000.00")).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let done = answer.json();
    assert_eq!(answer.header("location"), "/v1/applications/guangfo-core-tech-a1");
    assert_eq!((&done["state"], &done["outcome"]), (&json!("reserved"), &json!("eligible")));
    assert_eq!(done["decided"]["award"]["amount"], "1500000.00");
    assert_eq!(
        done["parts"],
        json!([
            { "purse": "funds/guangfo-core-tech-fund/guangzhou", "city": "guangzhou",
              "awarded": cny("900000.00"), "paid": cny("0.00") },
            { "purse": "funds/guangfo-core-tech-fund/foshan", "city": "foshan",
              "awarded": cny("600000.00"), "paid": cny("0.00") },
        ])
    );
    assert_eq!(at(&server, FUND, "reserved").await, ["600000.00", "900000.00"]);
    assert_eq!(at(&server, FUND, "available").await, ["39400000.00", "59100000.00"]);
    let found = server.get("/v1/applications/guangfo-core-tech-a1").await.json();
    assert_eq!(found["events"][0]["move"], "submit");
    assert_eq!(found["events"][0]["by"], "applicant");
    assert_eq!(found["moves"], json!(["commit", "withdraw", "lapse"]));
    server.stop().await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_another_body_under_it_is_422() {
    let server = Server::start().await;
    let case = work("1500000.00");
    let once = || submit(&server, "once", &case);
    let (one, two, three, four) = tokio::join!(once(), once(), once(), once());
    for answer in [&one, &two, &three, &four] {
        assert_eq!((answer.status.as_u16(), &answer.text), (201, &one.text));
    }
    assert_eq!(at(&server, FUND, "reserved").await, ["600000.00", "900000.00"]);
    let other = submit(&server, "once", &work("1400000.00")).await;
    assert_eq!(other.problem().0, "422 key-reused");
    let without = server.request(Method::POST, CORE).header("content-type", "application/json");
    let without = Answer::of(without.body(case.to_string()).send().await.unwrap()).await;
    assert_eq!(without.problem().0, "400 bad-request");
    let two = server.request(Method::POST, CORE).header("content-type", "application/json");
    let two = two.header("idempotency-key", "e").header("idempotency-key", "f");
    let two = Answer::of(two.body(case.to_string()).send().await.unwrap()).await;
    assert_eq!(two.problem().0, "400 bad-request");
    server.stop().await;
}

#[tokio::test]
async fn what_was_answered_is_answered_again_in_the_language_of_then() {
    let server = Server::start().await;
    let case = work("1500000.00");
    let ask = |language: &'static str| {
        let request = server.request(Method::POST, CORE).header("content-type", "application/json");
        let request = request.header("idempotency-key", "k").header("accept-language", language);
        request.body(case.to_string()).send()
    };
    let first = Answer::of(ask("zh-HK").await.unwrap()).await;
    let again = Answer::of(ask("en").await.unwrap()).await;
    assert_eq!(again.text, first.text);
    for answer in [first, again] {
        assert_eq!(answer.header("content-language"), "zh-Hant");
        assert_eq!(answer.header("vary"), "accept-language");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_refused_or_not_known_holds_no_money() {
    let server = Server::start().await;
    let mut young = work("1500000.00");
    young["project"]["trl"] = json!(3);
    let refused = submit(&server, "refused", &young).await.json();
    assert_eq!((&refused["state"], &refused["moves"]), (&json!("refused"), &json!([])));
    let mut unknown = work("1500000.00");
    unknown["project"].as_object_mut().unwrap().remove("trl");
    let open = submit(&server, "open", &unknown).await.json();
    assert_eq!((&open["state"], &open["outcome"]), (&json!("submitted"), &json!("undetermined")));
    assert_eq!(at(&server, FUND, "reserved").await, ["0.00", "0.00"]);
    // What was missing comes in, and it is decided again.
    let body = json!({ "by": "bureau", "case": work("1500000.00") });
    let again = act(&server, "guangfo-core-tech-a2", "decide", body).await.json();
    assert_eq!(
        (&again["state"], &again["decision"]),
        (&json!("reserved"), &json!("guangfo-core-tech-d3"))
    );
    assert_eq!(at(&server, FUND, "reserved").await, ["600000.00", "900000.00"]);
    server.stop().await;
}

#[rstest]
#[case::another_figure_than_on_record(
    "/parties/0/rd_intensity", json!("9.9%"), "409 conflict", "/parties/0/rd_intensity"
)]
#[case::another_day("/as_of", json!("2026-10-31"), "422 invalid", "/as_of")]
#[case::an_impossible_level("/project/trl", json!(10), "422 invalid", "/project/trl")]
#[case::nobody_who_submits("/by", json!(""), "422 invalid", "/by")]
#[case::an_unknown_firm("/parties/0/id", json!("nobody"), "422 invalid", "/parties/0/id")]
#[tokio::test]
async fn an_application_that_cannot_be_taken_says_where_and_nothing_is_recorded(
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] problem: &str,
    #[case] told: &str,
) {
    let server = Server::start().await;
    let mut case = work("1500000.00");
    let (above, key) = pointer.rsplit_once('/').unwrap();
    case.pointer_mut(above).unwrap()[key] = value;
    let answer = submit(&server, "wrong", &case).await;
    assert_eq!(answer.problem(), (problem.to_owned(), vec![told.to_owned()]), "{answer:?}");
    let list = server.get(CORE).await.json();
    assert_eq!(list["items"], json!([]));
    // A fact that is the same as on record is no harm, and the day of submission may be named.
    let mut case = work("1500000.00");
    case["parties"][0]["city"] = json!("guangzhou");
    case["as_of"] = json!("2026-11-01");
    assert_eq!(submit(&server, "wrong", &case).await.status, 201);
    server.stop().await;
}

#[tokio::test]
async fn an_award_is_committed_paid_in_instalments_and_the_rest_is_released() {
    let server = Server::start().await;
    let id = "guangfo-core-tech-a1";
    submit(&server, "one", &work("1500000.01")).await;
    let early = act(&server, id, "pay", json!({ "by": "treasury", "amount": cny("1.00") })).await;
    assert_eq!(early.problem().0, "409 conflict");
    let unsigned = json!({ "by": "bureau", "agreement": "no-such" });
    let unsigned = act(&server, id, "commit", unsigned).await;
    assert_eq!(unsigned.problem(), ("422 invalid".into(), vec!["/agreement".into()]));
    let committed = act(&server, id, "commit", json!({ "by": "bureau" })).await;
    assert_eq!(committed.json()["state"], "committed");
    assert_eq!(at(&server, FUND, "committed").await, ["600000.00", "900000.01"]);
    // A third, and each city pays its part of it: cut down, and what is left over falls to the first.
    let third = json!({ "by": "treasury", "amount": cny("500000.01") });
    let paid = act(&server, id, "pay", third.clone()).await.json();
    assert_eq!(
        (&paid["parts"][0]["paid"], &paid["parts"][1]["paid"]),
        (&cny("300000.01"), &cny("200000.00"))
    );
    // The same request again pays nothing more.
    assert_eq!(act(&server, id, "pay", third).await.json(), paid);
    let too_much = json!({ "by": "treasury", "amount": cny("1000000.01") });
    let too_much = act(&server, id, "pay", too_much).await;
    assert_eq!(too_much.problem(), ("422 invalid".into(), vec!["/amount".into()]));
    let closed =
        act(&server, id, "close", json!({ "by": "bureau", "note": "done for less" })).await;
    assert_eq!((&closed.json()["state"], &closed.json()["moves"]), (&json!("closed"), &json!([])));
    for (stage, amounts) in [
        ("paid", ["200000.00", "300000.01"]),
        ("committed", ["0.00", "0.00"]),
        ("released", ["400000.00", "600000.00"]),
        ("available", ["39800000.00", "59699999.99"]),
    ] {
        assert_eq!(at(&server, FUND, stage).await, amounts, "{stage}");
    }
    let events = server.get(&format!("/v1/applications/{id}")).await.json()["events"].clone();
    let events = events.as_array().unwrap().iter();
    let told: Vec<_> = events.map(|event| event["move"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, ["submit", "commit", "pay", "close"]);
    assert_eq!(
        act(&server, "nothing", "close", json!({ "by": "x" })).await.problem().0,
        "404 not-found"
    );
    assert_eq!(act(&server, id, "steal", json!({ "by": "x" })).await.problem().0, "404 not-found");
    server.stop().await;
}

#[tokio::test]
async fn an_award_of_one_program_is_on_record_for_the_next() {
    let server = Server::start().await;
    let mut case = work("1500000.00");
    case["project"] = json!({ "id": "guangfo-sample-lidar" });
    let award = submit(&server, "one", &case).await.json();
    assert_eq!(award["state"], "reserved", "{award}");
    // The same project again: this program's own award is no other program's.
    let own = server.check("guangfo-core-tech", case.to_string()).await.json();
    let ruling = &own["rulings"][0]["clauses"];
    let clause = |ruling: &Value, id: &str| {
        ruling.as_array().unwrap().iter().find(|clause| clause["clause"] == id).unwrap().clone()
    };
    let read = clause(ruling, "not-funded-elsewhere")["read"].clone();
    let of_award = json!({
        "registry": "awards/project",
        "value": [{ "amount": cny("1500000.00"), "on": "2026-11-01", "same_program": true }],
    });
    assert!(read.as_array().unwrap().contains(&of_award), "{read}");
    server.stop().await;
}

#[tokio::test]
async fn a_voucher_is_redeemed_once_and_what_is_left_expires() {
    let server = Server::start().await;
    let order = |contract: &str| {
        json!({
            "voucher": { "id": "fs-sample-voucher-1" },
            "order": { "id": "gz-sample-spectrometer", "service": "instrument-time", "contract": cny(contract),
                       "signed": "2026-10-20", "related": false },
            "parties": [{ "role": "holder", "id": "fs-sample-ceramics" }],
        })
    };
    let path = "/v1/programs/guangfo-voucher/applications";
    // 50 % of 180,000.00 of the 120,000.00 that it was issued for.
    let first = server.post(path, "one", &order("180000.00")).await.json();
    assert_eq!(
        (&first["state"], &first["parts"][0]["awarded"]),
        (&json!("reserved"), &cny("90000.00"))
    );
    let second = server.post(path, "two", &order("180000.00")).await.json();
    assert_eq!(
        (&second["state"], &second["parts"][0]["awarded"]),
        (&json!("reserved"), &cny("30000.00"))
    );
    let third = server.post(path, "three", &order("180000.00")).await.json();
    assert_eq!(third["state"], "refused", "{third}");
    for (what, body, moves) in [
        ("commit", json!({ "by": "bureau" }), json!(["pay", "close", "withdraw", "lapse"])),
        // Where all is paid, nothing more can be.
        ("pay", json!({ "by": "bureau", "amount": cny("90000.00") }), json!(["close"])),
        ("close", json!({ "by": "bureau" }), json!([])),
    ] {
        let done = act(&server, "guangfo-voucher-a1", what, body).await;
        assert_eq!((done.status.as_u16(), &done.json()["moves"]), (200, &moves), "{what}");
    }
    act(&server, "guangfo-voucher-a2", "lapse", json!({ "by": "bureau" })).await;
    let balance = || async { server.get("/v1/vouchers/fs-sample-voucher-1/balance").await.json() };
    let purse = balance().await["purses"][0].clone();
    assert_eq!((&purse["paid"], &purse["available"]), (&cny("90000.00"), &cny("30000.00")));
    // The day after its last one.
    let swept = server.desk().sweep("2028-05-20T16:00:00Z".parse().unwrap()).await.unwrap();
    assert!(swept.expired >= 1);
    let purse = balance().await["purses"][0].clone();
    assert_eq!((&purse["expired"], &purse["available"]), (&cny("30000.00"), &cny("0.00")));
    let mut unnamed = order("1000.00");
    unnamed["voucher"] = json!({ "city": "foshan" });
    let unnamed = server.post(path, "four", &unnamed).await;
    assert_eq!(unnamed.problem(), ("422 invalid".into(), vec!["/voucher/id".into()]));
    server.stop().await;
}

#[tokio::test]
async fn only_programs_that_award_take_applications() {
    let server = Server::start().await;
    for program in ["jinggang-youth-cup", "torch-nanyang-2023"] {
        let path = format!("/v1/programs/{program}/applications");
        let answer = server.post(&path, "one", &json!({})).await;
        assert_eq!(answer.problem().0, "422 invalid", "{program}");
    }
    let answer = server.post("/v1/programs/nothing/applications", "one", &json!({})).await;
    assert_eq!(answer.problem().0, "404 not-found");
    assert!(server.store.entities().books().balances().next().is_some());
    server.stop().await;
}

#[tokio::test]
async fn applications_are_listed_by_state_a_page_at_a_time() {
    let server = Server::start().await;
    for key in ["one", "two", "three"] {
        submit(&server, key, &work("100000.00")).await;
    }
    act(&server, "guangfo-core-tech-a2", "withdraw", json!({ "by": "applicant" })).await;
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|one| one["application"].as_str().unwrap().to_owned()).collect()
    };
    let page = server.get(&format!("{CORE}?limit=2")).await.json();
    assert_eq!(ids(&page), ["guangfo-core-tech-a1", "guangfo-core-tech-a2"]);
    let rest = server.get(&format!("{CORE}?after={}", page["next"].as_str().unwrap())).await.json();
    assert_eq!(
        (ids(&rest), &rest["next"]),
        (vec!["guangfo-core-tech-a3".to_owned()], &Value::Null)
    );
    let withdrawn = server.get(&format!("{CORE}?state=withdrawn")).await.json();
    assert_eq!(ids(&withdrawn), ["guangfo-core-tech-a2"]);
    assert_eq!(server.get(&format!("{CORE}?state=lost")).await.problem().0, "400 bad-request");
    assert_eq!(server.get(&format!("{CORE}?limit=0")).await.problem().0, "400 bad-request");
    server.stop().await;
}

#[tokio::test]
async fn each_city_pays_its_own_in_its_own_currency_and_targets_count_both() {
    let server = Server::start().await;
    let path = "/v1/programs/beijing-hk-joint-rd/progress";
    let target = |progress: &Value, id: &str| {
        let targets = progress["targets"].as_array().unwrap();
        targets.iter().find(|target| target["target"] == id).unwrap().clone()
    };
    let before = server.get(path).await.json();
    let case = json!({
        "project": { "id": "bj-hk-sample-rescue-robot" },
        "parties": [
            { "role": "lead", "id": "bj-sample-joint-university", "applied": "2026-06-15",
              "industry_cny": cny("300000.00") },
            { "role": "partner", "id": "hk-sample-joint-university", "applied": "2026-06-29",
              "industry_hkd": { "amount": "500000.00", "currency": "HKD" } },
        ],
    });
    let applications = "/v1/programs/beijing-hk-joint-rd/applications";
    let done = server.post(applications, "one", &case).await.json();
    assert_eq!(done["state"], "reserved", "{done}");
    assert_eq!(
        done["parts"],
        json!([
            { "purse": "funds/beijing-joint-rd-fund/beijing", "city": "beijing",
              "awarded": cny("1200000.00"), "paid": cny("0.00") },
            { "purse": "funds/hk-mainland-cooperation-fund/hong-kong", "city": "hong-kong",
              "awarded": { "amount": "1500000.00", "currency": "HKD" },
              "paid": { "amount": "0.00", "currency": "HKD" } },
        ])
    );
    // Of the 20 m that Hong Kong put in, 18.2 m was spent before.
    assert_eq!(at(&server, "hk-mainland-cooperation-fund", "available").await, ["300000.00"]);
    let after = server.get(path).await.json();
    let projects = |progress: &Value| target(progress, "projects")["counted"].as_u64().unwrap();
    assert_eq!(projects(&after), projects(&before) + 1);
    let exchanged = target(&after, "amount")["exchanged"].as_array().unwrap().clone();
    let of_hong_kong = exchanged.iter().find(|one| one["amount"]["amount"] == "1500000.00");
    // By the newest rate on the day: 1,500,000 × the rate, cut to the fen.
    let (counted, rate) = of_hong_kong.map(|one| (&one["counted"], &one["rate"])).unwrap();
    let stored = server.get(&format!("/v1/rates/{}", rate.as_str().unwrap())).await.json();
    let per_unit: concord_contract::Decimal = stored["rate"].as_str().unwrap().parse().unwrap();
    let expected = (per_unit * concord_contract::Decimal::from(150_000_000)).floor();
    let counted = counted["amount"].as_str().unwrap().replace('.', "");
    assert_eq!(counted, expected.normalize().to_string());
    // The same project again is beyond what each awards one.
    let again = server.post(applications, "again", &case).await.json();
    assert_eq!(again["state"], "refused", "{again}");
    let mut case = case;
    case["project"] = json!({
        "months": 24, "rights_to_industry": false, "requested_cny": cny("1200000.00"),
        "requested_hkd": { "amount": "1500000.00", "currency": "HKD" },
    });
    // Hong Kong gives the last that it has. After that one city alone cannot pay: nobody does, and it waits.
    let second = server.post(applications, "two", &case).await.json();
    assert_eq!(second["parts"][1]["awarded"]["amount"], "300000.00");
    let third = server.post(applications, "three", &case).await.json();
    assert_eq!((&third["state"], &third["waiting"]["place"]), (&json!("submitted"), &json!(1)));
    assert_eq!(at(&server, "beijing-joint-rd-fund", "available").await, ["3600000.00"]);
    server.stop().await;
}
