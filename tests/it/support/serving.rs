//! The real host, as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use super::concord::Configuration;

/// A host that serves. It is ready.
pub struct Serving {
    process: Child,
    errors: BufReader<std::process::ChildStderr>,
    pub address: String,
}

impl Serving {
    /// Starts the host of a configuration, on a port of its own.
    pub fn start(config: &Configuration) -> Serving {
        // A signal that is ignored stays so: what a limit to files forbids is then an error to the host.
        let script = "trap '' XFSZ; exec \"$0\" \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_concord-under-test")]);
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config.file());
        command.env_remove("RUST_LOG").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap());
        let mut serving = Serving { process, errors, address: String::new() };
        while serving.address.is_empty() {
            let mut line = String::new();
            let length = serving.errors.read_line(&mut line).unwrap();
            assert!(length > 0, "it ended before it was ready");
            if let Some(rest) = line.strip_prefix("Concord is ready on http://") {
                serving.address = rest.split_whitespace().next().unwrap().to_owned();
            }
        }
        serving
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Tells the host to stop, and gives its exit code.
    pub fn stop(mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.errors.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("stopping"), "{rest}");
        self.process.wait().unwrap().code()
    }

    /// Ends the host at once, whatever it does (SIGKILL).
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A host that a failed test leaves behind is ended, and what it has logged is shown.
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            let mut log = String::new();
            let _ = self.errors.read_to_string(&mut log);
            let _ = writeln!(std::io::stderr(), "{log}");
        }
    }
}
