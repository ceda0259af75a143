//! `concord policy build`: from crates to components.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use serde_json::json;

use crate::cli::{Failed, Outcome, output};
use crate::engine::{Engine, Limits, Policy};

/// Build policies into components, each as ID-VERSION.wasm.
///
/// Uses a Rust compiler that has the target wasm32-unknown-unknown, or Debian's rustc-web, and says what to
/// install if there is neither. What is built is loaded once, so that a component the host would refuse is
/// not left behind unnoticed.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Build {
    /// The policies' folders, each with a policy.toml.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
    /// Where to put the components.
    #[arg(long, value_name = "FOLDER", default_value = "target/policies")]
    out: PathBuf,
    /// The compiler's own folder.
    #[arg(long, value_name = "FOLDER", default_value = "target/policies-build")]
    target: PathBuf,
    /// Print what was built as JSON.
    #[arg(long)]
    json: bool,
}

impl Build {
    pub(super) fn run(&self) -> Outcome {
        let folders: Vec<_> =
            self.folders.iter().filter(|folder| is_policy(folder)).cloned().collect();
        if folders.is_empty() {
            let named: Vec<_> =
                self.folders.iter().map(|folder| folder.display().to_string()).collect();
            return Err(Failed::usage(anyhow!("found no policy.toml in {}", named.join(", "))));
        }
        let engine = Engine::new(Limits::default(), None).map_err(|error| anyhow!("{error:#}"))?;
        let bar = output::progress(folders.len(), "building policies");
        let mut built = Vec::new();
        for folder in &folders {
            let one = concord_build::build(std::slice::from_ref(folder), &self.target, &self.out);
            let one =
                one.map_err(Failed::usage)?.pop().ok_or_else(|| anyhow!("nothing was built"))?;
            let bytes = std::fs::read(&one.file)?;
            let policy = engine.load(&bytes).map_err(|error| {
                let _ = std::fs::remove_file(&one.file);
                Failed::usage(anyhow!("{} builds, but would be refused: {error}", folder.display()))
            })?;
            built.push((one.file, policy));
            bar.inc(1);
        }
        bar.finish_and_clear();
        if self.json {
            let row = |(file, policy): &(PathBuf, Policy)| {
                let manifest = &policy.manifest;
                json!({ "policy": manifest.id, "version": manifest.version, "file": file,
                    "digest": policy.digest, "bytes": policy.size })
            };
            output::say_json(&built.iter().map(row).collect::<Vec<_>>())?;
        } else {
            for (file, policy) in &built {
                output::say(&format!("{} {} bytes {}", file.display(), policy.size, policy.digest));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn is_policy(folder: &Path) -> bool {
    folder.join("policy.toml").is_file()
}
