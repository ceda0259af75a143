//! Builds the real policies, so that plain `cargo test` works from a fresh clone.

use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("..");
    let out = PathBuf::from(variable("OUT_DIR")).join("policies");
    for input in ["plugins", "wit"] {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    println!("cargo::rerun-if-changed=build.rs");

    let mut folders = policies(&root.join("plugins"));
    folders.sort();
    // Not the folder of the cargo that runs this: that one is locked.
    let target = target_folder(&out).join("policies-build");
    match concord_build::build(&folders, &target, &out) {
        Ok(_) => println!("cargo::rustc-env=POLICIES={}", out.display()),
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
        }
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The folders below that hold a policy.
fn policies(plugins: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(plugins).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.join("policy.toml").is_file()).collect()
}

/// The target folder that cargo runs with: it marks each with this file.
fn target_folder(out: &Path) -> PathBuf {
    let marked = out.ancestors().find(|above| above.join("CACHEDIR.TAG").is_file());
    marked.unwrap_or(out).to_owned()
}
