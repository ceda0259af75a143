//! One ruling by one policy: Concord's engine, and beside it the same rule in other forms.

use std::hint::black_box;

use anyhow::{Context, Result, anyhow, ensure};
use concord_bench::Answer;
use concord_bench::bare::Bare;
use concord_bench::fixture::{self, CASE, Fixture};
use concord_bench::native::Rules;
use concord_bench::native::case::Case;
use concord_bench::zen::{self, Zen};
use criterion::Criterion;

fn main() -> Result<()> {
    let fixture = Fixture::new()?;
    let decision = fixture.decide()?;
    let dossier = &decision.rulings.first().context("there is a ruling")?.dossier;

    let engine = fixture::engine(&fixture.config, None)?;
    let component = fixture::component()?;
    let policy = engine.load(&component)?;
    let bare = Bare::new(&component).map_err(engine_failed)?;
    let mut warm = bare.instance().map_err(engine_failed)?;
    let rules = Rules::new(&decision)?;
    let case: Case = serde_json::from_str(CASE)?;
    let (zen, two_valued) = (Zen::new(zen::RULE)?, Zen::new(zen::TWO_VALUED)?);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let by_zen =
        |zen: &Zen, case: &Case| zen::answer(&runtime.block_on(zen.evaluate(&zen::case(case)))?);

    let expected = fixture::answer(&engine.run(&policy, dossier.clone()));
    ensure!(expected.award == Some(150_000_000), "the case is eligible: {expected:?}");
    warm.call().map_err(engine_failed)?;
    same(&expected, "bare wasmtime", &bare.fresh().map_err(engine_failed)?.answer())?;
    same(&expected, "a warm instance", &warm.said().answer())?;
    same(&expected, "two-valued ZEN", &by_zen(&two_valued, &case)?)?;
    // The same rule gives the same answer on every case, not only where all is known.
    for body in fixture::one_missing()? {
        let decision = fixture.decide_on(&fixture::read(body.as_bytes())?)?;
        let ruling = decision.rulings.first().context("there is a ruling")?;
        let expected = fixture::answer(&ruling.report);
        let case: Case = serde_json::from_str(&body)?;
        same(&expected, "native Rust", &rules.guangzhou(&case).answer())?;
        same(&expected, "ZEN", &by_zen(&zen, &case)?)?;
    }

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("ruling");
    group.bench_function("fresh", |b| b.iter(|| engine.run(&policy, black_box(dossier).clone())));
    group.bench_function("bare", |b| b.iter(|| bare.fresh()));
    group.bench_function("warm", |b| b.iter(|| warm.call()));
    group.bench_function("native", |b| b.iter(|| rules.guangzhou(black_box(&case))));
    let case = zen::case(&case);
    group.bench_function("zen", |b| b.iter(|| runtime.block_on(zen.evaluate(&case))));
    group.bench_function("zen-two-valued", |b| {
        b.iter(|| runtime.block_on(two_valued.evaluate(&case)));
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn engine_failed(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:#}")
}

fn same(expected: &Answer, who: &str, found: &Answer) -> Result<()> {
    ensure!(expected == found, "{who} says {found:?}, Concord {expected:?}");
    Ok(())
}
