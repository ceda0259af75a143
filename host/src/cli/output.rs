//! What people see.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where the command line prints"
)]

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Prints a result.
pub(super) fn say(text: &str) {
    // A reader that has gone away (`concord … | head`) is no failure.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a result as JSON.
pub(super) fn say_json(value: &impl Serialize) -> Result<(), serde_json::Error> {
    say(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Tells what is going on.
pub(super) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints an error with what lies behind it.
pub(super) fn complain(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  because: {cause}"));
    }
    tell(&text);
}

/// A progress bar on standard error, if that is a terminal.
pub(super) fn progress(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
