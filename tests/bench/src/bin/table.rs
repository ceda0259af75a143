//! The README's table of figures, from the last run of the benchmarks.

#![allow(clippy::print_stdout, reason = "a program for the command line")]

use anyhow::Result;
use concord_bench::results::{Http, criterion};

fn main() -> Result<()> {
    let micros = |benchmark: &str| criterion(benchmark).map(|nanos| nanos / 1e3);
    let fresh = micros("ruling/fresh")?;
    println!(
        "| A ruling: one policy, one case, 12 answers, 72 values read | time | Concord takes |"
    );
    println!("| --- | ---: | ---: |");
    println!(
        "| **Concord: a fresh instance, checked and watched, fuel on** | **{fresh:.1} µs** | |"
    );
    for (name, benchmark) in [
        ("wasmtime alone: a fresh instance, a host written by hand, fuel on", "ruling/bare"),
        ("the same, called again on a warm instance", "ruling/warm"),
        ("the rule in native Rust", "ruling/native"),
        ("GoRules ZEN, the same rule, no sandbox", "ruling/zen"),
        ("GoRules ZEN, no missing facts foreseen, no sandbox", "ruling/zen-two-valued"),
    ] {
        let time = micros(benchmark)?;
        println!("| {name} | {time:.2} µs | {:.2} × |", fresh / time);
    }
    println!();
    println!("| A check: two policies, decided and explained | time |");
    println!("| --- | ---: |");
    for (name, benchmark) in [
        ("**Concord, from JSON to JSON**", "check/whole"),
        ("… of which: reading the case", "check/read"),
        ("… deciding", "check/decide"),
        ("… explaining and writing", "check/explain"),
        ("the same in native Rust", "check/native"),
    ] {
        println!("| {name} | {:.1} µs |", micros(benchmark)?);
    }
    println!();
    let Http { concord, native, ratio, connections, .. } = Http::kept()?;
    println!("| Checks over HTTP, {connections} connections | requests/s | p50 | p99 |");
    println!("| --- | ---: | ---: | ---: |");
    for (name, load) in [("**Concord**", concord), ("the same server, native Rust", native)] {
        let millis = |micros: u64| micros as f64 / 1e3;
        let (p50, p99) = (millis(load.p50), millis(load.p99));
        println!("| {name} | {:.0} | {p50:.1} ms | {p99:.1} ms |", load.rate);
    }
    println!("| ratio, median of the turns | {ratio:.2} × | | |");
    println!();
    let start = criterion("start/two-policies")? / 1e6;
    println!("A program of two policies starts in {start:.1} ms from a warm cache.");
    Ok(())
}
