//! The program `concord`: arguments, one command, an exit code.

fn main() -> std::process::ExitCode {
    concord::cli::run()
}
