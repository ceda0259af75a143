//! The program `concord`: arguments, one command, an exit code.

/// An explanation is made of many small pieces; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    concord::cli::run()
}
