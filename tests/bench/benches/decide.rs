//! A whole check without the network, in its parts, and the start of the program.

use std::hint::black_box;

use anyhow::{Result, anyhow};
use concord::decide::explain::explain;
use concord_bench::alike;
use concord_bench::fixture::{self, CASE, Fixture};
use concord_bench::native::Rules;
use concord_bench::native::case::Case;
use concord_contract::language::Language;
use criterion::Criterion;

fn main() -> Result<()> {
    let fixture = Fixture::new()?;
    let program = fixture.program()?;
    let decision = fixture.decide()?;
    let rules = Rules::new(&decision)?;
    let body = CASE.as_bytes();

    let check = || -> Result<Vec<u8>> {
        let case = fixture::read(body)?;
        let decided = fixture.programs.decide(program, &case, fixture.as_of, &fixture.entities);
        let decision = decided.map_err(|faults| anyhow!("{faults:?}"))?;
        Ok(serde_json::to_vec(&explain(&decision, Language::En))?)
    };
    let native = || -> Result<Vec<u8>> {
        let case: Case = serde_json::from_slice(body)?;
        Ok(serde_json::to_vec(&rules.decide(&case))?)
    };
    alike(&check()?, &native()?)?;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("check");
    group.bench_function("read", |b| b.iter(|| fixture::read(black_box(body))));
    group.bench_function("decide", |b| b.iter(|| fixture.decide()));
    group.bench_function("explain", |b| {
        b.iter(|| serde_json::to_vec(&explain(black_box(&decision), Language::En)));
    });
    group.bench_function("whole", |b| b.iter(check));
    group.bench_function("native", |b| b.iter(native));
    group.finish();

    // From the files of the sample configuration, with all policies compiled before.
    let start = || -> Result<_> { fixture::bind(&fixture::config()?, fixture.cache.path()) };
    let mut group = criterion.benchmark_group("start");
    group.bench_function("two-policies", |b| b.iter_with_large_drop(start));
    group.finish();
    criterion.final_summary();
    Ok(())
}
