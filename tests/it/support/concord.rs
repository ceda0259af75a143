//! The real binary, run as a user runs it.

use std::fmt;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use super::places;

/// A configuration with the programs and entities of this repository, the built policies, and no store yet.
pub static CONFIG: LazyLock<Configuration> = LazyLock::new(Configuration::make);

/// A folder with a `concord.toml`.
pub struct Configuration {
    folder: tempfile::TempDir,
}

impl Configuration {
    pub fn make() -> Configuration {
        Configuration::with_programs(&places::root().join("config/programs"))
    }

    /// With one case of a program, in the place of all others.
    pub fn with_case(program: &str, case: &str) -> Configuration {
        let configuration = Configuration::with_programs(Path::new("programs"));
        let folder = configuration.folder.path();
        let cases = folder.join("cases").join(program);
        std::fs::create_dir_all(&cases).unwrap();
        std::fs::write(cases.join("sample.toml"), case).unwrap();
        std::fs::create_dir(folder.join("programs")).unwrap();
        for entry in std::fs::read_dir(places::root().join("config/programs")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.join("programs").join(entry.file_name())).unwrap();
        }
        configuration
    }

    /// With one program of two cities and a fund of its own, `joint`, that has so much of each in whole yuan: small,
    /// so that a host starts at once. Data and compiled policies are kept in folders that may be others' too.
    pub fn with_fund(data: &Path, cache: &Path, guangzhou: u64, foshan: u64) -> Configuration {
        let folder = tempfile::tempdir().unwrap();
        let (of_repository, here) = (places::root().join("config"), folder.path());
        for name in ["programs", "entities"] {
            std::fs::create_dir(here.join(name)).unwrap();
        }
        let program = "programs/guangfo-core-tech.toml";
        let text = std::fs::read_to_string(of_repository.join(program)).unwrap();
        // Whatever day it is when the test runs.
        let kept = text.lines().filter(|line| !line.starts_with("until = "));
        let text = kept.collect::<Vec<_>>().join("\n").replace("guangfo-core-tech-fund", "joint");
        std::fs::write(here.join(program), text).unwrap();
        for file in ["entities/cities.toml", "entities/organisations.toml"] {
            std::fs::copy(of_repository.join(file), here.join(file)).unwrap();
        }
        let fund = format!(
            "[[funds]]\nid = \"joint\"\nname = {{ zh-Hans = \"资金\", zh-Hant = \"資金\", en = \"Fund\" }}\n\
             currency = \"CNY\"\ncontributions = [\n\
             {{ city = \"guangzhou\", amount = \"{guangzhou}.00\" }},\n\
             {{ city = \"foshan\", amount = \"{foshan}.00\" }},\n]\n"
        );
        std::fs::write(here.join("entities/fund.toml"), fund).unwrap();
        let text = format!(
            "listen = \"127.0.0.1:0\"\ndata = \"{}\"\ncache = \"{}\"\npolicies = \"{}\"\n\
             programs = \"programs\"\nentities = \"entities\"\n",
            data.display(),
            cache.display(),
            places::policies().display(),
        );
        std::fs::write(here.join("concord.toml"), text).unwrap();
        Configuration { folder }
    }

    fn with_programs(programs: &Path) -> Configuration {
        let folder = tempfile::tempdir().unwrap();
        let (root, policies) = (places::root(), places::policies());
        let text = format!(
            "listen = \"127.0.0.1:0\"\ndata = \"data\"\npolicies = \"{}\"\nprograms = \"{}\"\n\
             entities = \"{}/config/entities\"\n",
            policies.display(),
            programs.display(),
            root.display(),
        );
        std::fs::write(folder.path().join("concord.toml"), text).unwrap();
        Configuration { folder }
    }

    /// The file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("concord.toml")
    }
}

/// A run that has ended.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `concord` in the repository, with nothing on standard input.
pub fn concord<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Run {
    concord_reading(arguments, "")
}

/// Runs `concord` in the repository, with a text on standard input.
pub fn concord_reading<S: AsRef<std::ffi::OsStr>>(arguments: &[S], stdin: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concord-under-test"));
    command.arg0("concord").args(arguments).current_dir(places::root());
    for name in ["CONCORD_CONFIG", "CONCORD_SDK", "RUST_LOG", "COLUMNS"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A run that does not read what it is given is no failure.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// With so many lines of standard output alone: what stands below is the policies' own.
    pub fn head(mut self, lines: usize) -> Run {
        let head: Vec<_> = self.stdout.lines().take(lines).collect();
        self.stdout = format!("{}\n…", head.join("\n"));
        self
    }
}

/// The whole run: exit code and both streams.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Run { code, stdout, stderr } = self;
        write!(f, "exit {code}\n--- standard output\n{stdout}\n--- standard error\n{stderr}")
    }
}

/// Takes out of snapshots what differs from machine to machine and from build to build.
pub fn filters() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    let place = |path: &Path| regex_escaped(&path.display().to_string());
    // A temporary folder may stand in one of the others.
    settings.add_filter(r"/[^\s:]*/\.tmp[A-Za-z0-9]{6}", "[temporary]");
    settings.add_filter(&place(places::policies()), "[policies]");
    settings.add_filter(&place(&places::root()), "[root]");
    settings.add_filter("sha256:[0-9a-f]{64}", "sha256:[digest]");
    settings.add_filter(r"\d+ bytes", "[bytes] bytes");
    settings.bind_to_scope()
}

fn regex_escaped(text: &str) -> String {
    let escape = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("\\{c}") };
    text.chars().map(escape).collect()
}
