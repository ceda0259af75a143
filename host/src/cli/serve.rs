//! `concord serve`.
use super::{ConfigArg, Outcome};
/// Serve checks over HTTP.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigArg,
}
impl Serve {
    pub(super) fn run(&self) -> Outcome { Ok(std::process::ExitCode::SUCCESS) }
}
