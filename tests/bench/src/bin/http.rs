//! Checks over HTTP: Concord against the same server with the rules in native Rust behind it, and against
//! itself where each is an application that is recorded.
//!
//! `http` starts them, each in a process of its own, sees to it that they answer alike, and lets `wrk` loose
//! on them by turns. `http concord`, `http native` and `http filled` (with funds for all who apply) are the servers:
//! each prints its port and serves until its standard input ends.

#![allow(clippy::print_stdout, reason = "a program for the command line")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use concord_bench::alike;
use concord_bench::fixture::{CASE, PROGRAM, application};
use concord_bench::results::{self, Http, Load};
use concord_bench::server;
use tempfile::NamedTempFile;

/// Connections that `wrk` keeps busy, and the threads that it does it with.
const CONNECTIONS: usize = 32;
const THREADS: usize = 2;

/// Connections for applications, and for the checks beside them. Applications share commits: a few of them would mostly
/// wait for the disk.
const CROWD: usize = 128;

/// Seconds of one turn. Short ones stand side by side: the machine may be at half its speed a minute later.
const SECONDS: u64 = 2;

/// Turns of each server; the median counts.
const TURNS: usize = 21;

/// Prints what `wrk` measured in one line, and any answer that is no success as an error. Each request has a key of its
/// own, by the turn, the thread and its number; checks have no use for one.
const SCRIPT: &str = r#"
local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("thread", threads)
end
function init(args)
    turn, count = args[1], 0
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = [==[CASE]==]
end
function request()
    count = count + 1
    wrk.headers["Idempotency-Key"] = turn .. "/" .. thread .. "/" .. count
    return wrk.format()
end
function done(summary, latency)
    local wrong = summary.errors
    io.write(string.format("measured %d %d %d %d %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99),
        wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
"#;

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("concord") => server::concord(),
        Some("native") => server::native(),
        Some("filled") => server::filled(),
        Some(other) => bail!("found {other}, expected concord, native, filled or nothing"),
        None => measure(),
    }
}

fn measure() -> Result<()> {
    let found = Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    ensure!(found.is_ok(), "wrk is missing: `apt-get install wrk`, or https://github.com/wg/wrk");
    let (check, apply) = (script(CASE)?, script(&application()?)?);

    let concord = Server::start("concord")?;
    let native = Server::start("native")?;
    let filled = Server::start("filled")?;
    let answer = concord.check()?;
    alike(answer.as_bytes(), native.check()?.as_bytes())?;
    println!("both answer alike, in {} bytes", answer.len());

    let kinds = [
        (&concord, "check", check.path(), CONNECTIONS),
        (&native, "check", check.path(), CONNECTIONS),
        (&concord, "check", check.path(), CROWD),
        (&filled, "applications", apply.path(), CROWD),
    ];
    for (server, route, script, connections) in kinds {
        server.load(route, script, connections, 0, 2)?;
    }
    let mut turns: [Vec<Load>; 4] = Default::default();
    for turn in 1..=TURNS {
        for ((server, route, script, connections), loads) in kinds.into_iter().zip(&mut turns) {
            let load = server.load(route, script, connections, turn, SECONDS)?;
            println!(
                "turn {turn}, {:<7} {route:<12} by {connections:>3}: {:>8.0} requests/s, p50 {:>5} µs, p99 {:>6} µs",
                server.name, load.rate, load.p50, load.p99
            );
            loads.push(load);
        }
    }
    let [checks, native, crowd, recorded] = &turns;
    let result = Http {
        concord: Load::median(checks),
        native: Load::median(native),
        ratio: ratio(checks, native),
        connections: CONNECTIONS,
        checked_by_crowd: Load::median(crowd),
        recorded: Load::median(recorded),
        recorded_ratio: ratio(recorded, crowd),
        crowd: CROWD,
        bytes: answer.len(),
    };
    println!("Concord answers {:.2} times as many requests as native Rust", result.ratio);
    println!("and records {:.2} times as many as it checks", result.recorded_ratio);
    result.keep()
}

fn ratio(ours: &[Load], theirs: &[Load]) -> f64 {
    let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours.rate / theirs.rate);
    results::median(ratios.collect())
}

fn script(body: &str) -> Result<NamedTempFile> {
    let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    std::fs::write(&script, SCRIPT.replace("CASE", body))?;
    Ok(script)
}

/// A server in a process of its own, which ends with this one.
struct Server {
    name: &'static str,
    child: Child,
    port: u16,
}

impl Server {
    fn start(name: &'static str) -> Result<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("it has an output")?).read_line(&mut line)?;
        let port =
            line.trim().parse().with_context(|| format!("the server {name} did not start"))?;
        Ok(Server { name, child, port })
    }

    /// The body of one answer.
    fn check(&self) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "POST /v1/programs/{PROGRAM}/check HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{CASE}",
            CASE.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer has a body")?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{} answers {answer}", self.name);
        Ok(body.to_owned())
    }

    /// As many requests by so many connections as it can answer in so many seconds.
    fn load(
        &self,
        route: &str,
        script: &Path,
        connections: usize,
        turn: usize,
        seconds: u64,
    ) -> Result<Load> {
        let url = format!("http://127.0.0.1:{}/v1/programs/{PROGRAM}/{route}", self.port);
        let output = Command::new("wrk")
            .args(["--threads", &THREADS.to_string(), "--connections", &connections.to_string()])
            .args(["--duration", &format!("{seconds}s"), "--latency", "--script"])
            .arg(script)
            .args([url, "--".to_owned(), turn.to_string()])
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("measured "));
        let line = line.with_context(|| format!("wrk says {text}"))?;
        let figures = line.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [requests, micros, p50, p99, errors] =
            figures.try_into().ok().context("five figures")?;
        ensure!(errors == 0, "{errors} of {requests} requests to {} failed", self.name);
        Ok(Load { rate: requests as f64 / (micros as f64 / 1e6), p50, p99 })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its standard input ends, and with it the server.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
