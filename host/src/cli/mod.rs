//! The command line: one file a command. Results go to standard output, everything else to standard error.
//!
//! Exit codes: 0 as asked (for `check`: eligible), 10 ineligible, 11 undetermined, 2 wrong usage or input,
//! 1 any other failure (for tests: a case that failed; for batches: a bad line; for receipts: one that does not
//! hold; for stores: a fault).

mod batch;
mod check;
mod input;
mod key;
mod output;
mod policy;
mod receipt;
mod review;
mod select;
mod serve;
mod store;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use concord_contract::language::Language;

/// Wrong usage or input.
const USAGE: u8 = 2;
/// Any other failure.
const FAILURE: u8 = 1;

/// Host for regional cooperation programs: runs cities' rules as sandboxed policies.
#[derive(Debug, Parser)]
#[command(name = "concord", version, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 as asked (check: eligible), 10 ineligible, 11 undetermined, \
    2 wrong usage or input, 1 any other failure (tests: a case that failed; batches: a bad line; receipts: one \
    that does not hold; stores: a fault)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve checks over HTTP.
    Serve(serve::Serve),
    /// Check one case against a program, or with --batch a case in each line.
    Check(check::Check),
    /// Rank entries, round by round, and say who goes on.
    Select(select::Select),
    /// Write, build and test policies.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Run sample cases against programs.
    #[command(subcommand)]
    Review(review::Review),
    /// Verify receipts, and run them again.
    #[command(subcommand)]
    Receipt(receipt::Receipt),
    /// Show and rotate the keys that receipts are signed with.
    #[command(subcommand)]
    Key(key::Key),
    /// Prove, copy and move what the store holds.
    #[command(subcommand)]
    Store(store::Store),
}

/// Where the host's configuration stands.
#[derive(Debug, clap::Args)]
struct ConfigArg {
    /// The host's configuration file.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "config/concord.toml",
        env = "CONCORD_CONFIG"
    )]
    config: PathBuf,
}

/// The language of messages.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageArg {
    /// Chinese in simplified script.
    #[value(name = "zh-Hans")]
    ZhHans,
    /// Chinese in traditional script.
    #[value(name = "zh-Hant")]
    ZhHant,
    /// English.
    #[value(name = "en")]
    En,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Language {
        match language {
            LanguageArg::ZhHans => Language::ZhHans,
            LanguageArg::ZhHant => Language::ZhHant,
            LanguageArg::En => Language::En,
        }
    }
}

/// A failure, with the exit code that it ends in.
struct Failed {
    code: u8,
    error: anyhow::Error,
}

impl Failed {
    /// The user can mend it: a wrong argument, file or case.
    fn usage(error: impl Into<anyhow::Error>) -> Failed {
        Failed { code: USAGE, error: error.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Failed {
        Failed { code: FAILURE, error: error.into() }
    }
}

type Outcome = Result<ExitCode, Failed>;

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Select(select) => select.run(),
        Command::Policy(policy) => policy.run(),
        Command::Review(review) => review.run(),
        Command::Store(store) => store.run(),
        Command::Receipt(receipt) => receipt.run(),
        Command::Key(key) => key.run(),
    };
    outcome.unwrap_or_else(|failed| {
        output::complain(&failed.error);
        ExitCode::from(failed.code)
    })
}
