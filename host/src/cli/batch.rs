//! `concord check --batch`: a case in each line, an answer in each line. It keeps few of them at a time.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use concord_contract::language::Language;
use indicatif::ProgressBar;

use super::{FAILURE, Failed, Outcome, input, output};
use crate::config::Config;
use crate::decide::batch::{Batch, Cut, Line, Lines};
use crate::domain::ids::ProgramId;
use crate::domain::outcome;
use crate::http::batch::line::{Judged, judge};
use crate::http::extract::BODY_LIMIT;

/// Bytes that are read at once, if so many are there.
const PIECE: usize = 128 * 1024;
/// Lines that are judged at once, on all cores.
const PART: usize = 256;

/// Answers the lines of a file from one on.
pub(super) fn run(
    config: &Config,
    program: &ProgramId,
    file: &Path,
    from: u64,
    language: Language,
) -> Outcome {
    let (lines, bar) = open(file)?;
    let programs = Arc::new(input::programs(config)?);
    let program = input::program(&programs, program)?.clone();
    let entities = Arc::new(input::entities(config)?);
    let batch = Batch::new(programs, program, entities, jiff::Timestamp::now());
    let mut run = Run { batch, language, done: Done { last: from - 1, ..Done::default() } };
    let outcome = run.through(lines, Lines::new(from, BODY_LIMIT), &bar);
    bar.finish_and_clear();
    output::tell(&run.done.summary());
    outcome?;
    Ok(ExitCode::from(if run.done.bad == 0 { 0 } else { FAILURE }))
}

fn open(file: &Path) -> Result<(Box<dyn BufRead>, ProgressBar), Failed> {
    let what = "checking";
    if file == Path::new("-") {
        let stdin = BufReader::with_capacity(PIECE, io::stdin());
        return Ok((Box::new(stdin), output::progress_of_lines(None, what)));
    }
    let cannot = || format!("cannot read {}", file.display());
    let opened = File::open(file).with_context(cannot).map_err(Failed::usage)?;
    let length = opened.metadata().ok().filter(Metadata::is_file).map(|file| file.len());
    let read = BufReader::with_capacity(PIECE, opened);
    Ok((Box::new(read), output::progress_of_lines(length, what)))
}

struct Run {
    batch: Batch,
    language: Language,
    done: Done,
}

impl Run {
    /// Takes lines as they come, so that a slow writer is answered at once.
    fn through(
        &mut self,
        mut from: impl BufRead,
        mut lines: Lines,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        loop {
            let came = match from.fill_buf() {
                Ok(came) => came,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.answer(&[lines.cut(Cut::BrokenOff)])?;
                    return Err(error).context("the batch cannot be read to its end");
                }
            };
            let length = came.len();
            if length == 0 {
                return self.answer(lines.last().as_slice());
            }
            let mut rest = came;
            while !rest.is_empty() {
                let next = std::iter::from_fn(|| lines.next_in(&mut rest));
                let part: Vec<_> = next.take(PART).collect();
                self.answer(&part)?;
            }
            from.consume(length);
            match bar.length() {
                Some(_) => bar.inc(length as u64),
                None => bar.set_position(self.done.last),
            }
        }
    }

    fn answer(&mut self, part: &[Line]) -> anyhow::Result<()> {
        let work = |line: &Line| {
            let judged = judge(&self.batch, line.clone());
            let mut text = Vec::new();
            judged.write(self.language, &mut text);
            (judged, text)
        };
        let mut out = io::stdout().lock();
        for (judged, text) in Batch::each(part, work) {
            out.write_all(&text).context("cannot write the answers")?;
            self.done.count(&judged);
        }
        out.flush().context("cannot write the answers")
    }
}

/// What was answered.
#[derive(Default)]
struct Done {
    eligible: u64,
    ineligible: u64,
    undetermined: u64,
    bad: u64,
    /// The number of the last line that was answered.
    last: u64,
}

impl Done {
    fn count(&mut self, judged: &Judged) {
        self.last = judged.number;
        let place = match judged.said.as_ref().map(|decision| decision.outcome) {
            Ok(outcome::Outcome::Eligible) => &mut self.eligible,
            Ok(outcome::Outcome::Ineligible) => &mut self.ineligible,
            Ok(outcome::Outcome::Undetermined) => &mut self.undetermined,
            Err(_) => &mut self.bad,
        };
        *place += 1;
    }

    fn summary(&self) -> String {
        let Done { eligible, ineligible, undetermined, bad, last } = self;
        format!(
            "{eligible} eligible, {ineligible} ineligible, {undetermined} undetermined, {bad} bad; \
             the last line done is {last} (--from {} goes on behind it)",
            last + 1
        )
    }
}
