//! `concord policy new`: a policy that builds and passes its tests at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use serde_json::json;

use crate::cli::{Failed, Outcome, output};
use crate::domain::ids::PolicyId;

/// Start a new policy that builds and passes its tests at once.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct New {
    /// The policy's id: small letters, digits and hyphens.
    name: PolicyId,
    /// What it may grant.
    #[arg(long, value_enum, default_value = "funding")]
    kind: KindArg,
    /// The folder to make it in [default: plugins where there is one, else here].
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// The SDK's folder [default: plugins/sdk in this folder or one above it].
    #[arg(long, value_name = "FOLDER", env = "CONCORD_SDK")]
    sdk: Option<PathBuf>,
    /// Print where it was made as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// Money or entitlements of a fund.
    Funding,
    /// What a voucher pays of an order.
    Voucher,
    /// A tier and entitlements for a person.
    Talent,
    /// Marks of an entry.
    Selection,
    /// How well a supply fits a demand.
    Matching,
}

/// The files of a new policy.
struct Template {
    manifest: &'static str,
    code: &'static str,
    cases: &'static str,
}

macro_rules! template {
    ($kind:literal) => {
        Template {
            manifest: include_str!(concat!("templates/", $kind, "/policy.toml")),
            code: include_str!(concat!("templates/", $kind, "/lib.rs")),
            cases: include_str!(concat!("templates/", $kind, "/case.toml")),
        }
    };
}

impl KindArg {
    fn template(self) -> Template {
        match self {
            KindArg::Funding => template!("funding"),
            KindArg::Voucher => template!("voucher"),
            KindArg::Talent => template!("talent"),
            KindArg::Selection => template!("selection"),
            KindArg::Matching => template!("matching"),
        }
    }
}

impl New {
    pub(super) fn run(&self) -> Outcome {
        let name = self.name.as_str();
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(Failed::usage(anyhow!(
                "found \"{name}\", expected a name that begins with a letter"
            )));
        }
        let parent = self.dir.clone().unwrap_or_else(|| {
            let plugins = PathBuf::from("plugins");
            if plugins.join("sdk").is_dir() { plugins } else { PathBuf::from(".") }
        });
        let folder = parent.join(name);
        if folder.exists() {
            return Err(Failed::usage(anyhow!("{} is there already", folder.display())));
        }
        let sdk = self.find_sdk(&parent)?;
        let Template { manifest, code, cases } = self.kind.template();
        let fill = |text: &str| text.replace("NAME", name);
        let files = [
            ("Cargo.toml", cargo_toml(name, &parent, &sdk)?),
            ("policy.toml", fill(manifest)),
            ("src/lib.rs", fill(code)),
            ("cases/sample.toml", cases.to_owned()),
        ];
        // All or nothing: made beside its place, and moved there when it is whole.
        std::fs::create_dir_all(&parent)
            .with_context(|| format!("cannot make {}", parent.display()))?;
        let unfinished = tempfile::tempdir_in(&parent)
            .with_context(|| format!("cannot write in {}", parent.display()))?;
        let made = unfinished.path().join(name);
        for (file, text) in files {
            let path = made.join(file);
            std::fs::create_dir_all(path.parent().unwrap_or(&made))?;
            std::fs::write(&path, text)?;
        }
        std::fs::rename(&made, &folder)?;
        let folder = folder.display();
        if self.json {
            output::say_json(&json!({ "policy": name, "folder": folder.to_string() }))?;
        } else {
            output::say(&folder.to_string());
        }
        output::tell(&format!(
            "Next: `concord policy test {folder}`, then edit {folder}/policy.toml and src/lib.rs."
        ));
        Ok(ExitCode::SUCCESS)
    }

    fn find_sdk(&self, parent: &Path) -> Result<PathBuf, Failed> {
        let is_sdk = |folder: &PathBuf| folder.join("Cargo.toml").is_file();
        if let Some(sdk) = &self.sdk {
            let found = is_sdk(sdk).then(|| sdk.clone());
            return found.ok_or_else(|| Failed::usage(anyhow!("{} is not the SDK", sdk.display())));
        }
        let starts = [std::path::absolute(parent)?, std::env::current_dir()?];
        let above = starts.iter().flat_map(|start| start.ancestors());
        let found = above.map(|folder| folder.join("plugins/sdk")).find(is_sdk);
        found.ok_or_else(|| {
            Failed::usage(anyhow!(
                "found no plugins/sdk here or above; name the SDK's folder with --sdk"
            ))
        })
    }
}

fn cargo_toml(name: &str, parent: &Path, sdk: &Path) -> Result<String, Failed> {
    let (parent, sdk) = (std::path::absolute(parent)?, sdk.canonicalize()?);
    let sibling = parent.canonicalize().is_ok_and(|parent| sdk.parent() == Some(parent.as_path()));
    let path = if sibling { "../sdk".to_owned() } else { sdk.display().to_string() };
    // Outside the folder of plugins the policy is a workspace of its own.
    let workspace = if sibling { "" } else { "\n[workspace]\n" };
    Ok(format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n\
         [dependencies]\nconcord-policy = {{ path = \"{path}\" }}\n{workspace}"
    ))
}
