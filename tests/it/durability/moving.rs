//! From one host to another: all that was recorded is there, and all receipts verify.

use reqwest::Client;

use super::client::{COMPILED, Request, assert_clean, get, recorded, text};
use crate::support::concord::{Configuration, concord, concord_reading};
use crate::support::serving::Serving;

async fn apply(host: &Serving, client: &Client, key: &str) -> serde_json::Value {
    Request::apply(key.to_owned()).send(client, &host.address).await.unwrap().1
}

#[tokio::test]
async fn another_host_begins_with_an_export_and_every_receipt_verifies_there() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = ["here", "there"].map(|name| folder.path().join(name));
    let [here, there] =
        [&here, &there].map(|data| Configuration::with_fund(data, &COMPILED, 600_000, 400_000));
    let (client, host) = (Client::new(), Serving::start(&here));
    for number in 0..4 {
        apply(&host, &client, &format!("key {number}")).await;
    }
    let told = recorded(&client, &host.address).await;
    // While the host runs.
    let [here_file, there_file] = [&here, &there].map(|config| config.file());
    let (here_file, there_file) = (here_file.to_str().unwrap(), there_file.to_str().unwrap());
    let export = concord(&["store", "export", "-", "--config", here_file]);
    assert_eq!(export.code, 0, "{export}");
    assert!(!export.stdout.contains("\"d\":"), "the private key stays");
    assert_eq!(host.stop("-TERM"), Some(0));

    let changed = export.stdout.replacen("reserved", "paid", 1);
    let run = concord_reading(&["store", "import", "-", "--config", there_file], &changed);
    assert_eq!(run.code, 2, "{run}");
    assert!(!folder.path().join("there").exists());
    let run = concord_reading(&["store", "import", "-", "--config", there_file], &export.stdout);
    assert_eq!(run.code, 0, "{run}");
    let run = concord_reading(&["store", "import", "-", "--config", there_file], &export.stdout);
    assert_eq!(run.code, 2, "{run}");
    assert_clean(&there);
    let again = concord(&["store", "export", "-", "--config", there_file]);
    assert_eq!(again.stdout, export.stdout);

    let host = Serving::start(&there);
    assert_eq!(recorded(&client, &host.address).await, told);
    // The same key, the same answer; and a new one goes on in the chain, signed with another key.
    assert_eq!(text(&apply(&host, &client, "key 0").await, "application"), "guangfo-core-tech-a1");
    apply(&host, &client, "key 9").await;
    assert_clean(&there);
    let keys = concord(&["key", "show", "--config", there_file]);
    let keys: serde_json::Value = serde_json::from_str(&keys.stdout).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let mut receipts = String::new();
    for number in 1..=5 {
        let path = format!("/v1/decisions/guangfo-core-tech-d{number}/receipt");
        receipts.push_str(&format!("{}\n", get(&client, &host.address, &path).await));
    }
    let run = concord_reading(&["receipt", "verify", "-", "--config", there_file], &receipts);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(host.stop("-TERM"), Some(0));
}

#[tokio::test]
async fn a_backup_of_a_running_host_is_a_store_to_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = ["here", "there"].map(|name| folder.path().join(name));
    let config = Configuration::with_fund(&here, &COMPILED, 600_000, 400_000);
    let (client, host) = (Client::new(), Serving::start(&config));
    apply(&host, &client, "key").await;
    std::fs::create_dir(&there).unwrap();
    let copy = there.join("concord.sqlite");
    let (file, copy) = (config.file(), copy.to_str().unwrap());
    let file = file.to_str().unwrap();
    let run = concord(&["store", "backup", copy, "--config", file]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(host.stop("-TERM"), Some(0));
    let run = concord(&["store", "backup", copy, "--config", file]);
    assert_eq!(run.code, 2, "it takes no other's place: {run}");
    // The keys are not in it.
    let there = there.to_str().unwrap();
    let run = concord(&["store", "check", "--data", there]);
    assert_eq!(run.code, 1, "{run}");
    let missing = run.stdout.lines().filter(|line| line.starts_with("keys ")).count();
    assert_eq!(missing, 1, "one key is missing, however much it signed: {run}");
    assert!(run.stdout.contains("receipts signed by it: 1,"), "{run}");
    let mut copy = std::process::Command::new("cp");
    assert!(copy.arg("-r").arg(here.join("keys")).arg(there).status().unwrap().success());
    let run = concord(&["store", "check", "--data", there]);
    assert_eq!(run.code, 0, "{run}");
    let run = concord(&["store", "check", "--data", folder.path().join("no").to_str().unwrap()]);
    assert_eq!(run.code, 2, "{run}");
}
