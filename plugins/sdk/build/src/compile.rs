//! From a policy's crate to a core module, always with the same settings.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::{BuildError, TARGET, Toolchain};

/// The profile, as environment variables: a crate's own profile has no say, so that the same source gives
/// the same component.
const PROFILE: [(&str, &str); 6] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true"),
];

/// Bytes of stack, and of memory that is there from the start: little to set up for each ruling.
const LINK: [&str; 2] = ["-Clink-arg=-zstack-size=16384", "-Clink-arg=--initial-memory=65536"];

/// Compiles the crate in `folder` and gives the path of the module.
pub(crate) fn compile(
    toolchain: &Toolchain,
    folder: &Path,
    target: &Path,
) -> Result<PathBuf, BuildError> {
    let failed = |output: String| BuildError::Compile { folder: folder.to_owned(), output };
    let mut command = toolchain.cargo();
    command
        .current_dir(folder)
        .args(["build", "--lib", "--release", "--message-format=json-render-diagnostics"])
        .args(["--target", TARGET])
        .args(toolchain.arguments())
        .arg("--target-dir")
        .arg(absolute(target))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags().join(" "))
        .envs(PROFILE)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(format!(": cargo: {error}")))?;
    let mut module = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            module = artifact(&line, folder).or(module);
        }
    }
    let status = child.wait().map_err(|error| failed(format!(": cargo: {error}")))?;
    if !status.success() {
        return Err(failed(String::new()));
    }
    module.ok_or_else(|| {
        failed(": its Cargo.toml needs [lib] crate-type = [\"cdylib\", \"rlib\"]".into())
    })
}

/// The folder of downloaded crates is taken out of the module: it would change the digest from one machine
/// to the next. Paths in the policy's own workspace are relative already.
fn flags() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let remap = home.map(|home| format!("--remap-path-prefix={}=/cargo", home.display()));
    LINK.map(str::to_owned).into_iter().chain(remap).collect()
}

/// The module's path, if the line of cargo's report is about the crate in `folder`.
fn artifact(line: &str, folder: &Path) -> Option<PathBuf> {
    let report: serde_json::Value = serde_json::from_str(line).ok()?;
    let manifest = report.get("manifest_path")?.as_str()?;
    if Path::new(manifest).parent()? != absolute(folder) {
        return None;
    }
    let files = report.get("filenames")?.as_array()?;
    let module = files.iter().filter_map(|file| file.as_str()).find(|file| file.ends_with(".wasm"));
    module.map(PathBuf::from)
}

fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
