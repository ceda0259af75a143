//! Many who apply at once: money is given out to the last cent, and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use concord::domain::application::State;
use concord::domain::purse::Stage;
use concord::store::{ApplicationFilter, Page, Store};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::soak;

/// How many apply at once.
const CLIENTS: usize = 64;

fn cny(minor: i64) -> Value {
    json!({ "amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "CNY" })
}

/// Sends requests until all are sent, from so many clients at once; gives the states that were answered.
async fn crowd(
    server: &Arc<Server>,
    path: &'static str,
    number: usize,
    body: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> Vec<(String, String)> {
    let (next, body) = (Arc::new(AtomicUsize::new(0)), Arc::new(body));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (server, next, body) = (server.clone(), next.clone(), body.clone());
        clients.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= number {
                    return answers;
                }
                let answer = server.post(path, &format!("key {at}"), &body(at)).await;
                assert_eq!(answer.status, 201, "{answer:?}");
                let done = answer.json();
                let text = |key: &str| done[key].as_str().unwrap().to_owned();
                answers.push((text("application"), text("state")));
            }
        });
    }
    clients.join_all().await.concat()
}

async fn recorded(server: &Server, program: &str, state: State) -> usize {
    let filter = ApplicationFilter { state: Some(state) };
    let page = Page { after: None, limit: 10_000 };
    let program = program.parse().unwrap();
    server.store.applications(&program, &filter, &page).await.unwrap().0.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_applications_at_once_exactly_the_hundred_that_the_fund_covers_are_reserved()
{
    for seed in 0..soak::seeds(2) {
        let server = Arc::new(Server::start().await);
        // An amount that the two cities cannot share without a rest.
        let requested = 1_000_001 + 37 * i64::try_from(seed).unwrap();
        let foshan = requested * 40 / 100;
        let guangzhou = requested - foshan;
        let path = "/v1/funds/guangfo-core-tech-fund";
        let found = server.get(path).await;
        let mut fund = found.json();
        fund["contributions"] = json!([
            { "city": "guangzhou", "amount": cny(guangzhou * 100)["amount"] },
            { "city": "foshan", "amount": cny(foshan * 100)["amount"] },
        ]);
        let put = server.request(Method::PUT, path).header("if-match", found.header("etag"));
        let put = put.header(CONTENT_TYPE, "application/json").body(fund.to_string());
        assert_eq!(put.send().await.unwrap().status(), 200);

        let case = move |_| {
            json!({
                "project": { "trl": 5, "sector": "new-generation-it", "funded_elsewhere": false,
                             "advanced_manufacturing": true, "requested": cny(requested) },
                "parties": [{ "role": "lead", "id": "gz-sample-optics" },
                            { "role": "partner", "id": "fs-sample-robotics" },
                            { "role": "partner", "id": "gz-sample-university" }],
            })
        };
        let program = "guangfo-core-tech";
        let answers =
            crowd(&server, "/v1/programs/guangfo-core-tech/applications", 1000, case).await;
        let reserved = answers.iter().filter(|(_, state)| state == "reserved").count();
        assert_eq!((answers.len(), reserved), (1000, 100), "seed {seed}");
        assert_eq!(recorded(&server, program, State::Reserved).await, 100);
        assert_eq!(recorded(&server, program, State::Submitted).await, 900);
        let entities = server.store.entities();
        let fund = "guangfo-core-tech-fund".parse().unwrap();
        for (city, balance) in entities.books().of_fund(&fund) {
            let held = if city.as_str() == "foshan" { foshan } else { guangzhou } * 100;
            assert_eq!(balance.at(Stage::Reserved).minor, held, "{city}, seed {seed}");
            assert_eq!(balance.at(Stage::Available).minor, 0, "{city}, seed {seed}");
        }
        // First come, first served: whoever was committed before the fund was empty has it.
        let mut numbers: Vec<usize> = answers
            .iter()
            .filter(|(_, state)| state == "reserved")
            .map(|(id, _)| id.rsplit_once("-a").unwrap().1.parse().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=100).collect::<Vec<_>>(), "seed {seed}");
        Arc::into_inner(server).unwrap().stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voucher_that_is_redeemed_from_many_places_at_once_pays_what_is_on_it_and_no_more() {
    for seed in 0..soak::seeds(2) {
        let server = Arc::new(Server::start().await);
        // 50 % of each contract; 120,000.00 is on the voucher, and the last that gets something gets the rest of it.
        let contract = 1_700_001 + 2_311 * i64::try_from(seed).unwrap();
        let order = move |_| {
            json!({
                "voucher": { "id": "fs-sample-voucher-1" },
                "order": { "id": "gz-sample-spectrometer", "service": "instrument-time",
                           "contract": cny(contract), "signed": "2026-10-20", "related": false },
                "parties": [{ "role": "holder", "id": "fs-sample-ceramics" }],
            })
        };
        let answers = crowd(&server, "/v1/programs/guangfo-voucher/applications", 200, order).await;
        let reserved = answers.iter().filter(|(_, state)| state == "reserved").count();
        let each = contract / 2;
        let covered =
            usize::try_from(12_000_000 / each + i64::from(12_000_000 % each > 0)).unwrap();
        assert_eq!(reserved, covered, "seed {seed}");
        let entities = server.store.entities();
        let held = entities.books().held(&"fs-sample-voucher-1".parse().unwrap()).unwrap();
        assert_eq!(held.minor, 0, "seed {seed}");
        Arc::into_inner(server).unwrap().stop().await;
    }
}
