//! `concord policy`: for authors.

mod build;
mod inspect;
mod new;
mod test;

use clap::Subcommand;

use super::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Policy {
    /// Start a new policy that builds and passes its tests at once.
    New(new::New),
    /// Build policies into components.
    Build(build::Build),
    /// Show what a component declares and imports, without running it.
    Inspect(inspect::Inspect),
    /// Build a policy, run its cases, and say what they leave open.
    Test(test::Test),
}

impl Policy {
    pub(super) fn run(self) -> Outcome {
        match self {
            Policy::New(new) => new.run(),
            Policy::Build(build) => build.run(),
            Policy::Inspect(inspect) => inspect.run(),
            Policy::Test(test) => test.run(),
        }
    }
}
