//! `concord policy test`: a policy's own cases, its promises, and what the cases leave open.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use concord_contract::language::Language;
use concord_contract::manifest::Manifest;
use serde_json::json;

use crate::cli::{ConfigArg, Failed, Outcome, input, output};
use crate::config::Config;
use crate::decide::Programs;
use crate::domain::entities::Entities;
use crate::engine::{Engine, Limits};
use crate::review::case_file::Sample;
use crate::review::lint::{Level, Lint, lint};
use crate::review::promise::{self, PromiseResult, Promises, Trials};
use crate::review::{report, suite};

/// Build a policy, run its cases with its default parameters, check its promises, and say what is left open.
///
/// Promises are held against made-up cases: sample cases with a few facts changed, most of them to values at a
/// threshold or one step beside. Of a promise that is broken the smallest such case is printed.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Test {
    /// The policy's folder, with policy.toml and cases/*.toml.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// The compiler's own folder.
    #[arg(long, value_name = "FOLDER", default_value = "target/policies-build")]
    target: PathBuf,
    /// Fail also where cases are missing (a side of a clause, or a fact that is never unknown) or promises.
    #[arg(long)]
    strict: bool,
    /// Hold each promise against so many made-up cases.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    cases: u32,
    /// Make up other cases; the same number makes up the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print results as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

impl Test {
    pub(super) fn run(&self) -> Outcome {
        let entities = self.entities()?;
        let samples = suite::samples(&self.folder.join("cases")).map_err(Failed::usage)?;
        let out = tempfile::tempdir()?;
        let built =
            concord_build::build(std::slice::from_ref(&self.folder), &self.target, out.path());
        let manifest = built
            .map_err(Failed::usage)?
            .pop()
            .ok_or_else(|| anyhow!("nothing was built"))?
            .manifest;
        let engine = Engine::new(Limits::default(), None).map_err(|error| anyhow!("{error:#}"))?;
        let program = suite::program_of(&manifest, &entities).ok_or_else(|| {
            Failed::usage(anyhow!("\"{}\" cannot be a program's id", manifest.id))
        })?;
        let programs = Programs::bind(engine, vec![program], out.path()).map_err(|faults| {
            let faults: Vec<_> = faults.iter().map(|fault| fault.fault.message.clone()).collect();
            Failed::usage(anyhow!("{}", faults.join("\n")))
        })?;
        let results = suite::run_policy(&programs, &manifest, &samples, &entities);
        let file = self.folder.join("policy.toml");
        let text = std::fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
        let lints = lint(&manifest, &text, &results);
        let failed = |one: &Lint| self.strict || one.level == Level::Error;
        let promises = self.promises(&programs, &manifest, &samples, &entities);
        let held = promises.iter().all(PromiseResult::passed);
        let passed = results.passed() && held && !lints.iter().any(failed);
        let results = [results];
        if self.json {
            let rows: Vec<_> = lints
                .iter()
                .map(
                    |one| json!({ "line": one.line, "error": failed(one), "message": one.message }),
                )
                .collect();
            let suites = report::as_json(&results);
            let promises = promise::as_json(&promises);
            output::say_json(&json!({
                "passed": passed,
                "results": suites,
                "promises": promises,
                "lints": rows,
            }))?;
        } else {
            output::say(&report::table(&results));
            if !promises.is_empty() {
                output::say(&promise::table(&promises, Language::En));
            }
            for one in &lints {
                let level = if failed(one) { "error" } else { "warning" };
                output::say(&format!(
                    "{level}: {}, line {}: {}",
                    file.display(),
                    one.line,
                    one.message
                ));
            }
        }
        Ok(ExitCode::from(u8::from(!passed)))
    }

    fn promises(
        &self,
        programs: &Programs,
        manifest: &Manifest,
        samples: &[Sample],
        entities: &Entities,
    ) -> Vec<PromiseResult> {
        let Some(promises) = Promises::new(programs, manifest, samples, entities) else {
            return Vec::new();
        };
        let trials = Trials { seed: self.seed, cases: self.cases };
        let total = manifest.promises.len() * self.cases as usize;
        let bar = output::progress(total, "promises");
        let results = promises.check(trials, || bar.inc(1));
        bar.finish_and_clear();
        results
    }

    /// The entities that cases may name: those of the configuration, where there is one.
    fn entities(&self) -> Result<Entities, Failed> {
        if !self.config.config.exists() {
            return Ok(Entities::default());
        }
        let config: Config = input::config(&self.config.config)?;
        Ok(config.entities())
    }
}
