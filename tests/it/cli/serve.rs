//! `concord serve`: the host as a process, from its start to its end.

use crate::support::concord::{Configuration, concord};
use crate::support::serving::Serving;

#[tokio::test]
async fn a_host_serves_until_it_is_told_to_stop_and_keeps_what_it_was_given() {
    let config = Configuration::make();
    let serving = Serving::start(&config);
    let city = format!("http://{}/v1/cities/guangzhou", serving.address);
    let client = reqwest::Client::new();
    let found = client.get(&city).send().await.unwrap();
    assert_eq!(found.status(), 200);
    assert_eq!(found.headers()["etag"], "\"1\"");
    let mut body: serde_json::Value = found.json().await.unwrap();
    body["bureau"]["en"] = "The bureau".into();
    let put = client.put(&city).header("If-Match", "\"1\"").json(&body).send().await.unwrap();
    assert_eq!(put.status(), 200);
    assert_eq!(serving.stop("-TERM"), Some(0));

    // A store that was filled once is not filled from the files again.
    let serving = Serving::start(&config);
    let city = format!("http://{}/v1/cities/guangzhou", serving.address);
    let found: serde_json::Value = reqwest::get(&city).await.unwrap().json().await.unwrap();
    assert_eq!(found["bureau"]["en"], "The bureau");
    assert_eq!(serving.stop("-INT"), Some(0));
}

#[test]
fn a_second_host_on_the_same_data_does_not_start() {
    let config = Configuration::make();
    let serving = Serving::start(&config);
    let file = config.file();
    let run = concord(&["serve", "--listen", "127.0.0.1:0", "--config", file.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("error: "), "{run}");
    assert_eq!(serving.stop("-TERM"), Some(0));
}

#[test]
fn a_host_without_its_policies_says_so_and_ends() {
    let config = Configuration::make();
    let text = std::fs::read_to_string(config.file()).unwrap();
    let text = text.replace(crate::support::places::policies().to_str().unwrap(), "nowhere");
    std::fs::write(config.file(), text).unwrap();
    let file = config.file();
    let run = concord(&["serve", "--listen", "127.0.0.1:0", "--config", file.to_str().unwrap()]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`concord policy build` makes it"), "{run}");
}
