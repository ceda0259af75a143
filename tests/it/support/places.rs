//! Where things stand.

use std::path::{Path, PathBuf};

/// The built policies, `ID-VERSION.wasm`.
pub fn policies() -> &'static Path {
    Path::new(env!("POLICIES"))
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The folders of the policies' sources.
pub fn policy_sources() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("plugins")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|path| path.join("policy.toml").is_file()).collect();
    folders.sort();
    folders
}

/// The folder that the compiler of policies works in, shared so that it compiles the standard library once.
pub fn policies_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../policies-build")
}
