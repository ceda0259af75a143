//! `concord review entries`: made-up entries to try a round out with.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::{ConfigArg, Failed, Outcome, input, output};
use crate::domain::ids::ProgramId;
use crate::review::case_file::read_case;
use crate::review::generate;

/// Make entries like that of a case, for trying a round out: `concord review entries … | concord select … -`.
///
/// Numbers run from half to a tenth more than the case's, and now and then an option is another one. What the
/// case does not know, no entry does. The same seed makes the same entries.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Entries {
    /// The program's id.
    program: ProgramId,
    /// A case with an entry, in TOML or JSON; `-` for standard input.
    case: PathBuf,
    /// How many to make.
    #[arg(long, default_value_t = 100)]
    count: usize,
    /// What the drawing begins from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    config: ConfigArg,
}

impl Entries {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let text = input::text(&self.case)?;
        let case = read_case(&self.case, &text).map_err(Failed::usage)?;
        let programs = input::programs(&config)?;
        let program = input::program(&programs, &self.program)?;
        let entities = input::entities(&config)?;
        let today = || program.today(&entities, jiff::Timestamp::now());
        let as_of = case.as_of.unwrap_or_else(today);
        let many = (self.count, self.seed);
        let made = generate::entries(&programs, program, &case, as_of, &entities, many);
        let made = made.map_err(|faults| input::faulty(&self.case, &faults))?;
        output::say(&serde_json::to_string(&made)?);
        Ok(ExitCode::SUCCESS)
    }
}
