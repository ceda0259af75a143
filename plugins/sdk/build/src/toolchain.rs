//! Which compilers there are for `wasm32-unknown-unknown`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::BuildError;

/// The target that policies are built for: no system interface at all.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The linkers that Debian's packages bring, newest first.
const LINKERS: [&str; 4] =
    ["/usr/bin/wasm-ld-20", "/usr/bin/wasm-ld-19", "/usr/bin/wasm-ld-18", "/usr/bin/wasm-ld"];

/// A compiler for the target.
#[derive(Clone, Debug)]
pub enum Toolchain {
    /// One that has the target's standard library, as `rustup target add` brings it.
    WithTarget {
        /// Its cargo.
        cargo: PathBuf,
    },
    /// Debian's, which builds the standard library from source first.
    FromSource {
        /// Its cargo.
        cargo: PathBuf,
        /// Its compiler.
        rustc: PathBuf,
        /// The linker.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds one, or says what to install.
    pub fn find() -> Result<Toolchain, BuildError> {
        if has_target(Path::new("rustc")) {
            return Ok(Toolchain::WithTarget { cargo: "cargo".into() });
        }
        Self::debian().ok_or_else(|| {
            BuildError::NoToolchain(format!(
                "no compiler for {TARGET} was found. Install one with\n  \
                 rustup target add {TARGET}\nor, on Debian, with\n  \
                 apt-get install rustc-web cargo-web rust-web-src lld-19"
            ))
        })
    }

    fn debian() -> Option<Toolchain> {
        let cargo = PathBuf::from("/usr/bin/cargo");
        let rustc = PathBuf::from("/usr/bin/rustc");
        if !cargo.exists() || !rustc.exists() {
            return None;
        }
        if has_target(&rustc) {
            return Some(Toolchain::WithTarget { cargo });
        }
        let source = sysroot(&rustc)?.join("lib/rustlib/src/rust/library/std/Cargo.toml");
        let linker = LINKERS.iter().map(PathBuf::from).find(|linker| linker.exists())?;
        source.exists().then_some(Toolchain::FromSource { cargo, rustc, linker })
    }

    /// Its cargo, ready to take a subcommand. Settings of a cargo that this process itself may run under
    /// are taken away.
    #[must_use]
    pub fn cargo(&self) -> Command {
        let (Toolchain::WithTarget { cargo } | Toolchain::FromSource { cargo, .. }) = self;
        let mut command = Command::new(cargo);
        for (name, _) in std::env::vars_os() {
            if is_inherited(&name) {
                command.env_remove(name);
            }
        }
        if let Toolchain::FromSource { rustc, linker, .. } = self {
            command
                .env("RUSTC", rustc)
                // Building the standard library is not a stable feature of cargo.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }

    /// Arguments that `cargo build` needs with this toolchain.
    #[must_use]
    pub fn arguments(&self) -> &'static [&'static str] {
        match self {
            Toolchain::WithTarget { .. } => &[],
            Toolchain::FromSource { .. } => &["-Zbuild-std=std,panic_abort"],
        }
    }
}

fn is_inherited(name: &OsString) -> bool {
    let Some(name) = name.to_str() else { return false };
    let kept =
        ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "RUSTUP_"];
    let taken = ["CARGO", "RUST", "TARGET", "HOST", "OUT_DIR", "PROFILE", "OPT_LEVEL", "NUM_JOBS"];
    taken.iter().any(|prefix| name.starts_with(prefix))
        && !kept.iter().any(|prefix| name.starts_with(prefix))
}

fn has_target(rustc: &Path) -> bool {
    sysroot(rustc).is_some_and(|root| root.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn sysroot(rustc: &Path) -> Option<PathBuf> {
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}
