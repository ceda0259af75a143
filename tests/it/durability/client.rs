//! Those who apply, and what they were told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::support::concord::{Configuration, Run, concord};

/// Compiled policies, for all hosts of all runs: they start at once.
pub static COMPILED: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"));

const PROGRAM: &str = "/v1/programs/guangfo-core-tech/applications";

/// An application to be.
pub fn case() -> Value {
    json!({
        "project": {
            "trl": 5, "sector": "new-generation-it", "funded_elsewhere": false,
            "advanced_manufacturing": true,
            "requested": { "amount": "300000.00", "currency": "CNY" },
        },
        "parties": [
            { "role": "lead", "id": "gz-sample-optics" },
            { "role": "partner", "id": "fs-sample-robotics" },
        ],
    })
}

/// Something that is asked of a host once, with its key.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub key: String,
    pub body: String,
}

impl Request {
    /// An application.
    pub fn apply(key: String) -> Request {
        Request { path: PROGRAM.to_owned(), key, body: case().to_string() }
    }

    /// A step of an application.
    pub fn commit(application: &str) -> Request {
        let path = format!("/v1/applications/{application}/commit");
        let body = json!({ "by": "office" }).to_string();
        Request { key: path.clone(), path, body }
    }

    /// Asks for it. Gives the status and what was answered; none where the host went away.
    pub async fn send(&self, client: &Client, address: &str) -> Option<(u16, Value)> {
        let request = client.post(format!("http://{address}{}", self.path));
        let request = request.header("idempotency-key", &self.key);
        let request = request.header(CONTENT_TYPE, "application/json").body(self.body.clone());
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.json().await.ok()?))
    }
}

/// What a host answers to a GET.
pub async fn get(client: &Client, address: &str, path: &str) -> Value {
    let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

/// All applications that a host has, by id.
pub async fn recorded(client: &Client, address: &str) -> BTreeMap<String, Value> {
    let (mut all, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = get(client, address, &format!("{PROGRAM}?limit=1000{after}")).await;
        for one in page["items"].as_array().unwrap() {
            all.insert(text(one, "application"), one.clone());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

/// A text of an answer.
pub fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_else(|| panic!("{key}: {answer}")).to_owned()
}

/// What a fund has reserved and committed, in minor units, all cities together.
pub async fn held_by_fund(client: &Client, address: &str) -> i64 {
    let balance = get(client, address, "/v1/funds/joint/balance").await;
    let purses = balance["purses"].as_array().unwrap();
    let of_purse = |purse: &Value| minor(&purse["reserved"]) + minor(&purse["committed"]);
    purses.iter().map(of_purse).sum()
}

/// What applications hold, in minor units.
pub fn held_by_applications(all: &BTreeMap<String, Value>) -> i64 {
    let parts = all.values().flat_map(|one| one["parts"].as_array().into_iter().flatten());
    parts.map(|part| minor(&part["awarded"])).sum()
}

fn minor(money: &Value) -> i64 {
    text(money, "amount").replace('.', "").parse().unwrap()
}

/// What `concord store check` says.
pub fn check(config: &Configuration) -> Run {
    let file = config.file();
    concord(&["store", "check", "--json", "--config", file.to_str().unwrap()])
}

/// `concord store check` finds nothing.
pub fn assert_clean(config: &Configuration) {
    let run = check(config);
    assert_eq!(run.code, 0, "{run}");
}
