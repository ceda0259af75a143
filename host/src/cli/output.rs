//! What people see.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where the command line prints"
)]

use std::io::{IsTerminal, Write};
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
    bar(ProgressBar::new(length as u64), "{msg} {wide_bar} {pos}/{len} {eta}", what)
}

/// Shows on standard error that something is going on, if that is a terminal.
pub(super) fn busy(what: &str) -> ProgressBar {
    bar(ProgressBar::new_spinner(), "{msg} {spinner} {elapsed}", what)
}

/// A progress bar of the bytes of a file; where it is not known how many there are, a count of lines. Nothing is
/// shown where results go to the terminal too: they show how far it is.
pub(super) fn progress_of_lines(length: Option<u64>, what: &str) -> ProgressBar {
    if std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    match length {
        Some(length) => {
            bar(ProgressBar::new(length), "{msg} {wide_bar} {bytes}/{total_bytes} {eta}", what)
        }
        None => bar(ProgressBar::new_spinner(), "{msg} {spinner} line {pos}", what),
    }
}

fn bar(bar: ProgressBar, template: &str, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
