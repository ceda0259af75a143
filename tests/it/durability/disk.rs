//! Disks that are full, and databases that cannot be written to.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::Client;
use serde_json::{Value, json};

use super::client::{COMPILED, Request, assert_clean, get, held_by_fund, recorded};
use crate::support::concord::Configuration;
use crate::support::serving::Serving;

/// A file system in memory that is soon full. It goes with the test.
struct Small(tempfile::TempDir);

impl Small {
    /// Only root may make one; others are told why not.
    fn make() -> Result<Small, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "concord"]).arg(folder.path());
        let output = mount.output().unwrap();
        match output.status.success() {
            true => Ok(Small(folder)),
            false => Err(String::from_utf8(output.stderr).unwrap()),
        }
    }

    /// Writes until there is no room.
    fn fill(&self) -> PathBuf {
        let path = self.0.path().join("filler");
        let mut file = File::create(&path).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        run("umount", &["-l", self.0.path().to_str().unwrap()]);
    }
}

/// Files that nobody writes to, root neither, and through no handle that is open already.
struct Immutable(Vec<String>);

impl Immutable {
    /// Root may make files so, on most file systems.
    fn make(files: &[PathBuf]) -> Option<Immutable> {
        let files: Vec<_> = files.iter().map(|file| file.to_str().unwrap().to_owned()).collect();
        let made = Immutable(files);
        made.set("+i").then_some(made)
    }

    fn set(&self, flag: &str) -> bool {
        self.0.iter().all(|file| run("chattr", &[flag, file]))
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        self.set("-i");
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// Lets the files of a process become so long and no longer; each longer write is an error. Anyone may do so to
/// processes of their own.
fn limit_files(host: &Serving, bytes: &str) {
    let id = host.id().to_string();
    let limit = format!("--fsize={bytes}:");
    assert!(run("prlimit", &["--pid", &id, &limit]), "prlimit is there, and may limit {id}");
}

fn configuration(data: &Path) -> Configuration {
    Configuration::with_fund(data, &COMPILED, 60_000_000, 40_000_000)
}

/// Nothing can be written: whoever asks for it is told so, whoever reads is answered, and nothing has changed.
async fn assert_unavailable(host: &Serving, client: &Client) {
    let address = &host.address;
    let before = (recorded(client, address).await, held_by_fund(client, address).await);
    let mut all = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (client, address) = (client.clone(), address.clone());
        let request = Request::apply(format!("later {number}"));
        all.spawn(async move { request.send(&client, &address).await.unwrap() });
    }
    for (status, problem) in all.join_all().await {
        assert_eq!((status, &problem["type"]), (503, &json!("/problems/unavailable")), "{problem}");
        assert!(
            !problem.to_string().contains("sqlite"),
            "it says nothing of its inside: {problem}"
        );
    }
    // What was answered before needs no writing.
    apply(host, client, "first").await;
    let city = format!("http://{address}/v1/cities/guangzhou");
    let body: Value = get(client, address, "/v1/cities/guangzhou").await;
    let put = client.put(&city).header("if-match", "\"1\"").json(&body).send().await.unwrap();
    let (status, said) = (put.status(), put.text().await.unwrap());
    assert_eq!(status, 503, "{said}");
    assert_eq!(before, (recorded(client, address).await, held_by_fund(client, address).await));
    for path in ["/healthz", "/v1/funds/joint", "/v1/applications/guangfo-core-tech-a1"] {
        get(client, address, path).await;
    }
}

async fn apply(host: &Serving, client: &Client, key: &str) {
    let answer = Request::apply(key.to_owned()).send(client, &host.address).await;
    let (status, answer) = answer.unwrap();
    assert_eq!((status, &answer["state"]), (201, &json!("reserved")), "{answer}");
}

/// What was refused is taken when it is asked again, and all of it is in order, also after a restart.
async fn assert_goes_on(config: &Configuration, host: Serving, client: &Client) {
    for number in 0..8 {
        apply(&host, client, &format!("later {number}")).await;
    }
    assert_eq!(recorded(client, &host.address).await.len(), 9);
    assert_eq!(held_by_fund(client, &host.address).await, 9 * 30_000_000);
    assert_clean(config);
    host.kill();
    let host = Serving::start(config);
    assert_eq!(recorded(client, &host.address).await.len(), 9);
    assert_eq!(host.stop("-TERM"), Some(0));
    assert_clean(config);
}

#[tokio::test]
async fn a_full_disk_gives_503_and_leaves_nothing_half_written() {
    let disk = match Small::make() {
        Ok(disk) => disk,
        // Who may not mount makes no disk full; what anyone can do to a process is tried in the next test.
        Err(why) => {
            let rights = ["superuser", "permission denied", "not permitted", "only root"];
            assert!(rights.iter().any(|word| why.contains(word)), "{why}");
            return;
        }
    };
    let (config, client) = (configuration(&disk.0.path().join("data")), Client::new());
    let host = Serving::start(&config);
    apply(&host, &client, "first").await;
    let filler = disk.fill();
    assert_unavailable(&host, &client).await;
    assert_clean(&config);
    std::fs::remove_file(filler).unwrap();
    assert_goes_on(&config, host, &client).await;
}

#[tokio::test]
async fn files_that_may_not_grow_give_503_and_leave_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let (config, client) = (configuration(&folder.path().join("data")), Client::new());
    let host = Serving::start(&config);
    apply(&host, &client, "first").await;
    limit_files(&host, "4096");
    assert_unavailable(&host, &client).await;
    assert_clean(&config);
    limit_files(&host, "unlimited");
    assert_goes_on(&config, host, &client).await;
}

#[tokio::test]
async fn a_database_that_became_read_only_gives_503_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (config, client) = (configuration(&data), Client::new());
    let host = Serving::start(&config);
    apply(&host, &client, "first").await;
    let files = ["concord.sqlite", "concord.sqlite-wal"].map(|name| data.join(name));
    let Some(immutable) = Immutable::make(&files) else {
        // No rights, or a file system without it. A host does not start on what it cannot write to.
        assert_eq!(host.stop("-TERM"), Some(0));
        assert_refuses_to_start(&config, &data);
        return;
    };
    assert_unavailable(&host, &client).await;
    drop(immutable);
    assert_goes_on(&config, host, &client).await;
}

/// For root, no file is read-only; a folder in its place is for everybody.
fn assert_refuses_to_start(config: &Configuration, data: &Path) {
    let database = data.join("concord.sqlite");
    std::fs::remove_file(&database).unwrap();
    std::fs::create_dir(&database).unwrap();
    let file = config.file();
    let run = crate::support::concord::concord(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("concord.sqlite cannot be made or opened"), "{run}");
}
