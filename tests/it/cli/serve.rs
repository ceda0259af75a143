//! `concord serve`: the host as a process, from its start to its end.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::concord::{Configuration, concord};

/// A host that serves. It is ready.
struct Serving {
    process: Child,
    errors: BufReader<std::process::ChildStderr>,
    address: String,
}

impl Serving {
    fn start(config: &Configuration) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concord-under-test"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config.file());
        command.env_remove("RUST_LOG").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap());
        let mut serving = Serving { process, errors, address: String::new() };
        while serving.address.is_empty() {
            let mut line = String::new();
            let length = serving.errors.read_line(&mut line).unwrap();
            assert!(length > 0, "it ended before it was ready");
            if let Some(rest) = line.strip_prefix("Concord is ready on http://") {
                serving.address = rest.split_whitespace().next().unwrap().to_owned();
            }
        }
        serving
    }

    /// Tells the host to stop, and gives its exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.errors, &mut rest).unwrap();
        assert!(rest.contains("stopping"), "{rest}");
        self.process.wait().unwrap().code()
    }
}

/// A host that a failed test leaves behind is ended.
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

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
