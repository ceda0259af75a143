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
    let Http { concord, native, ratio, recorded, recorded_ratio, connections, bytes } =
        Http::kept()?;
    println!(
        "| a check over HTTP: two policies, explained in {:.1} kB, {connections} connections | requests/s | p50 | p99 |",
        bytes as f64 / 1e3
    );
    println!("| --- | ---: | ---: | ---: |");
    for (name, load) in [
        ("**Concord**", concord),
        ("the same server and answer, the rules in native Rust", native),
        ("Concord, as an application: signed, recorded, reserved, on the disk", recorded),
    ] {
        let millis = |micros: u64| micros as f64 / 1e3;
        let (p50, p99) = (millis(load.p50), millis(load.p99));
        println!("| {name} | {:.0} | {p50:.1} ms | {p99:.1} ms |", load.rate);
    }
    println!();
    let parts = ["read", "decide", "explain", "whole", "native"]
        .map(|part| micros(&format!("check/{part}")));
    let [read, decide, explain, whole, native] = parts;
    println!(
        "The ratio is {ratio:.2}, the median of the turns; of applications to checks, {recorded_ratio:.2}."
    );
    println!(
        "Without the network: {:.0} µs a check (reading {:.1}, deciding {:.0}, explaining {:.0}); native Rust {:.0}.",
        whole?, read?, decide?, explain?, native?
    );
    let start = criterion("start/two-policies")? / 1e6;
    println!("A program of two policies starts in {start:.1} ms from a warm cache.");
    Ok(())
}
