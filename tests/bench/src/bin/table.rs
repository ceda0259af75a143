//! The README's table of figures, from the last run of the benchmarks.

#![allow(clippy::print_stdout, reason = "a program for the command line")]

use anyhow::Result;
use concord_bench::results::{Http, criterion};

fn main() -> Result<()> {
    let micros = |benchmark: &str| criterion(benchmark).map(|nanos| nanos / 1e3);
    let fresh = micros("ruling/fresh")?;
    println!("| one ruling | µs | beside a fresh instance |");
    println!("| --- | ---: | ---: |");
    for (name, benchmark) in [
        ("**Concord: a fresh instance, fuel on, every read noted**", "ruling/fresh"),
        (
            "bare wasmtime: the same component and settings, a host written by hand that notes nothing",
            "ruling/bare",
        ),
        ("the call alone, on a warm instance of bare wasmtime", "ruling/warm"),
        ("`zen-engine` with the same rule, no sandbox", "ruling/zen"),
        (
            "`zen-engine` with the rule cut down to cases in which nothing is missing",
            "ruling/zen-two-valued",
        ),
        ("the rule in native Rust", "ruling/native"),
    ] {
        let time = micros(benchmark)?;
        println!("| {name} | {time:.2} | {:.2} |", time / fresh);
    }
    println!();
    let http = Http::kept()?;
    println!(
        "| a check over HTTP: two policies, explained in {:.1} kB | connections | requests/s | p50 | p99 |",
        http.bytes as f64 / 1e3
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, load, connections) in [
        ("**Concord**", http.concord, http.connections),
        ("the same server and answer, the rules in native Rust", http.native, http.connections),
        ("Concord, by more", http.checked_by_crowd, http.crowd),
        ("an application: signed, recorded, reserved, on the disk", http.recorded, http.crowd),
    ] {
        let millis = |micros: u64| micros as f64 / 1e3;
        let (p50, p99) = (millis(load.p50), millis(load.p99));
        println!("| {name} | {connections} | {:.0} | {p50:.1} ms | {p99:.1} ms |", load.rate);
    }
    println!();
    let parts = ["read", "decide", "explain", "whole", "native"]
        .map(|part| micros(&format!("check/{part}")));
    let [read, decide, explain, whole, native] = parts;
    println!(
        "The ratio is {:.2}, the median of the turns; of applications to checks, {:.2}.",
        http.ratio, http.recorded_ratio
    );
    println!(
        "Without the network: {:.0} µs a check (reading {:.1}, deciding {:.0}, explaining {:.0}); native Rust {:.0}.",
        whole?, read?, decide?, explain?, native?
    );
    let start = criterion("start/two-policies")? / 1e6;
    println!("A program of two policies starts in {start:.1} ms from a warm cache.");
    Ok(())
}
