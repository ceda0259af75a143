//! `concord review test`: all sample cases of all programs and of the policies that they bind.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::cli::{ConfigArg, Failed, Outcome, input, output};
use crate::config::Config;
use crate::decide::Programs;
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::review::suite::{self, SuiteResult};
use crate::review::{case_file::Sample, report};

/// Run all sample cases of all programs, and the own cases of the policies that they bind.
///
/// A program's cases stand in cases/PROGRAM beside the program files' folder, a policy's in POLICY/cases in
/// the folder of policy sources. Entities are those of the entity files.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Test {
    /// Only these programs.
    #[arg(value_name = "PROGRAM")]
    programs: Vec<ProgramId>,
    /// The folder of policy sources.
    #[arg(long, value_name = "FOLDER", default_value = "plugins")]
    plugins: PathBuf,
    /// Write the results as JUnit XML too.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print the results as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

impl Test {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let entities = config.entities();
        let suites = self.program_suites(&config, &entities)?;
        let total: usize = suites.iter().map(|suite| suite.cases.len()).sum();
        if total == 0 {
            return Err(Failed::usage(anyhow!("found no sample case")));
        }
        if let Some(file) = &self.junit {
            std::fs::write(file, report::junit(&suites)?)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        if self.json {
            output::say_json(&report::as_json(&suites))?;
        } else {
            output::say(&report::table(&suites));
        }
        Ok(ExitCode::from(u8::from(!suites.iter().all(SuiteResult::passed))))
    }

    fn program_suites(
        &self,
        config: &Config,
        entities: &Entities,
    ) -> Result<Vec<SuiteResult>, Failed> {
        let programs = input::programs(config)?;
        for asked in &self.programs {
            if programs.get(asked).is_none() {
                return Err(Failed::usage(anyhow!("there is no program \"{asked}\"")));
            }
        }
        let wanted = |id: &ProgramId| self.programs.is_empty() || self.programs.contains(id);
        let cases = config.host.programs.parent().unwrap_or(Path::new(".")).join("cases");
        let mut work: Vec<(_, Vec<Sample>)> = Vec::new();
        for program in programs.all().filter(|program| wanted(&program.laid_down.id)) {
            let samples = suite::samples(&cases.join(program.laid_down.id.as_str()));
            work.push((program.clone(), samples.map_err(Failed::usage)?));
        }
        let total = work.iter().map(|(_, samples)| samples.len()).sum();
        let bar = output::progress(total, "program cases");
        let mut suites = Vec::new();
        for (program, samples) in &work {
            suites.push(suite::run_program(&programs, program, samples, entities));
            bar.inc(samples.len() as u64);
        }
        bar.finish_and_clear();
        suites.extend(self.policy_suites(config, &programs, entities)?);
        Ok(suites)
    }

    /// The own cases of the policies that the programs bind, each alone and with its default parameters.
    fn policy_suites(
        &self,
        config: &Config,
        bound: &Programs,
        entities: &Entities,
    ) -> Result<Vec<SuiteResult>, Failed> {
        let mut suites = Vec::new();
        for policy in bound.policies() {
            let manifest = &policy.manifest;
            let used = bound.all().filter(|program| {
                self.programs.is_empty() || self.programs.contains(&program.laid_down.id)
            });
            let mut bindings = used.flat_map(|program| program.laid_down.all_bindings());
            let is_used = bindings.any(|binding| {
                binding.policy.as_str() == manifest.id && binding.version == manifest.version
            });
            let samples = suite::samples(&self.plugins.join(&manifest.id).join("cases"));
            let samples = samples.map_err(Failed::usage)?;
            if !is_used || samples.is_empty() {
                continue;
            }
            let alone = suite::program_of(manifest, entities).into_iter().collect();
            let programs = Programs::bind(input::engine(config)?, alone, &config.host.policies);
            let programs = programs.map_err(|faults| {
                let faults: Vec<_> =
                    faults.iter().map(|fault| fault.fault.message.clone()).collect();
                Failed::usage(anyhow!("{}", faults.join("\n")))
            })?;
            suites.push(suite::run_policy(&programs, manifest, &samples, entities));
        }
        Ok(suites)
    }
}
