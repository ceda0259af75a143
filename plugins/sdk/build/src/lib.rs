//! Builds policies: finds a toolchain, compiles the crate to WebAssembly, and makes a component of it.
//!
//! Every policy is built the same way wherever it is built: `toolchain` has the compilers that will do,
//! `compile` the settings, `component` the last step.

mod compile;
mod component;
mod toolchain;

use std::path::{Path, PathBuf};

use concord_contract::manifest::{Manifest, Mistake};

pub use component::componentize;
pub use toolchain::{TARGET, Toolchain};

/// A policy that was built.
#[derive(Debug)]
pub struct Built {
    /// What it declares.
    pub manifest: Manifest,
    /// Where the component stands: `ID-VERSION.wasm` in the folder asked for.
    pub file: PathBuf,
}

/// Why a policy was not built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No compiler for the target; says what to install.
    #[error("{0}")]
    NoToolchain(String),
    /// A file that cannot be read or written.
    #[error("cannot {what} {}: {error}", path.display())]
    File {
        /// `read` or `write`.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Mistakes in `policy.toml`.
    #[error("{}", mistakes.iter().map(|m| format!("{}, {m}", path.display())).collect::<Vec<_>>().join("\n"))]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// All that is wrong in it.
        mistakes: Vec<Mistake>,
    },
    /// The compiler did not accept it; it has said why on standard error.
    #[error("{} does not compile{}", folder.display(), output)]
    Compile {
        /// The policy's folder.
        folder: PathBuf,
        /// What the compiler said, where it was not shown already.
        output: String,
    },
    /// What the compiler made is not a policy.
    #[error("{} compiles, but makes no component: {reason}", folder.display())]
    Component {
        /// The policy's folder.
        folder: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// Builds the policies in `folders` into `out`, with `target` as the compiler's folder.
///
/// Nothing is written for a policy that fails; the ones before it stay.
pub fn build(folders: &[PathBuf], target: &Path, out: &Path) -> Result<Vec<Built>, BuildError> {
    let toolchain = Toolchain::find()?;
    folders.iter().map(|folder| build_one(&toolchain, folder, target, out)).collect()
}

fn build_one(
    toolchain: &Toolchain,
    folder: &Path,
    target: &Path,
    out: &Path,
) -> Result<Built, BuildError> {
    let manifest = read_manifest(folder)?;
    let core = compile::compile(toolchain, folder, target)?;
    let bytes = std::fs::read(&core).map_err(file("read", &core))?;
    let component = componentize(&bytes)
        .map_err(|reason| BuildError::Component { folder: folder.to_owned(), reason })?;
    std::fs::create_dir_all(out).map_err(file("write", out))?;
    let file_name = format!("{}-{}.wasm", manifest.id, manifest.version);
    let path = out.join(&file_name);
    let unfinished = out.join(format!(".{file_name}.{}", std::process::id()));
    std::fs::write(&unfinished, component).map_err(file("write", &unfinished))?;
    std::fs::rename(&unfinished, &path).map_err(file("write", &path))?;
    Ok(Built { manifest, file: path })
}

/// Reads and checks the `policy.toml` in a policy's folder.
pub fn read_manifest(folder: &Path) -> Result<Manifest, BuildError> {
    let path = folder.join("policy.toml");
    let text = std::fs::read_to_string(&path).map_err(file("read", &path))?;
    Manifest::parse(&text).map_err(|mistakes| BuildError::Manifest { path, mistakes })
}

fn file(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> BuildError {
    let path = path.to_owned();
    move |error| BuildError::File { what, path, error }
}
