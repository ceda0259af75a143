//! Batches of units on their way to the disk: their receipts and answers are written, and what is ready by then goes
//! down in one commit.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

use super::Inner;
use super::queue::{Tell, failed, tell, unavailable};
use super::writer::Writer;
use super::written::{Decided, Ready, Written};
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::store::{Draft, StoreError};

/// How many batches go down in one commit at most.
const TOGETHER: usize = 32;

/// The digest of the newest receipt of each program.
pub(super) type Chains = BTreeMap<ProgramId, Option<String>>;

/// Units that were done together.
pub(super) struct Batch {
    pub(super) written: Arc<Written>,
    pub(super) drafts: Vec<(Draft, Option<String>)>,
    pub(super) rest: Rest,
}

/// What is left to do as soon as a batch is on the disk.
pub(super) struct Rest {
    /// The entities as the last unit has left them.
    pub(super) entities: Entities,
    pub(super) tell: Tell,
}

/// How far the batches have come.
#[derive(Default)]
pub(super) struct Progress {
    kept: AtomicUsize,
    broken: AtomicBool,
}

impl Progress {
    /// How many batches are on the disk.
    pub(super) fn kept(&self) -> usize {
        self.kept.load(Ordering::Acquire)
    }

    /// Whether one failed, and with it whatever is behind it.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }
}

impl Inner {
    /// Writes the receipts and answers of batches, as long as there are any.
    pub(super) fn write_out(
        &self,
        batches: Receiver<Batch>,
        chains: &mut Chains,
        written_out: SyncSender<(Ready, Rest)>,
        progress: &Progress,
    ) {
        let _wakes = Wakes(self, progress);
        for Batch { written: units, drafts, rest } in batches {
            let ready = match progress.is_broken() {
                true => Err(behind()),
                false => with_papers(units, drafts, chains),
            };
            let sent = match ready {
                Ok(ready) => written_out.send((ready, rest)).map_err(|lost| (behind(), lost.0.1)),
                Err(error) => Err((error, rest)),
            };
            if let Err((error, rest)) = sent {
                self.fail([rest], &error, progress);
            }
        }
    }

    /// Puts batches on the disk, as long as there are any. As soon as they are there, memory takes them over, and those
    /// who wait are told.
    pub(super) fn put_down(
        &self,
        written_out: Receiver<(Ready, Rest)>,
        writer: &mut Option<Writer>,
        progress: &Progress,
    ) {
        let _wakes = Wakes(self, progress);
        let mut kept = Ok(());
        while let Ok(first) = written_out.recv() {
            let others = written_out.try_iter().take(TOGETHER - 1);
            let (ready, rest): (Vec<_>, Vec<_>) = std::iter::once(first).chain(others).unzip();
            let mut put = || catch_unwind(AssertUnwindSafe(|| self.commit_all(&ready, writer)));
            let panicked = |_| Err(failed("a commit panicked".to_owned()));
            kept = kept.and_then(|()| put().unwrap_or_else(panicked));
            match &kept {
                Ok(()) => self.take_over(&ready, rest, progress),
                Err(error) => {
                    self.fail(rest, error, progress);
                    kept = Err(behind());
                }
            }
        }
    }

    /// Puts batches down in one commit; where there is nothing to put down, nothing has to be written to.
    fn commit_all(&self, ready: &[Ready], writer: &mut Option<Writer>) -> Result<(), StoreError> {
        if ready.iter().all(Ready::is_empty) {
            return Ok(());
        }
        let writer = match writer {
            Some(writer) => writer,
            None => writer.insert(Writer::open(self.pool.connect_options().get_filename())?),
        };
        writer.put_down(ready)
    }

    fn take_over(&self, ready: &[Ready], all: Vec<Rest>, progress: &Progress) {
        self.memory.grant(ready.iter().flat_map(|ready| ready.written.changed()));
        if let Some(last) = all.last() {
            self.memory.replace(last.entities.clone());
        }
        progress.kept.fetch_add(all.len(), Ordering::Release);
        self.queue.wake();
        all.into_iter().for_each(|rest| tell(rest.tell, None));
    }

    fn fail(&self, all: impl IntoIterator<Item = Rest>, error: &StoreError, progress: &Progress) {
        progress.broken.store(true, Ordering::Release);
        self.queue.wake();
        all.into_iter().for_each(|rest| tell(rest.tell, Some(error)));
    }
}

/// Where one of the two breaks off, whoever waits for it is not left waiting.
struct Wakes<'a>(&'a Inner, &'a Progress);

impl Drop for Wakes<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.1.broken.store(true, Ordering::Release);
            self.0.queue.wake();
        }
    }
}

fn behind() -> StoreError {
    unavailable("what was to be recorded before this, and on which it rests, could not be")
}

/// Writes what is to be put down with units: receipts, each behind the one before it in its program, and answers.
fn with_papers(
    written: Arc<Written>,
    drafts: Vec<(Draft, Option<String>)>,
    chains: &mut Chains,
) -> Result<Ready, StoreError> {
    let signer = drafts.first().map(|(draft, _)| draft.signer.clone());
    let mut decisions = Vec::with_capacity(drafts.len());
    for (Draft { program, number, application, write, .. }, first) in drafts {
        let newest = chains.entry(program.clone()).or_insert(first);
        let previous = newest.take();
        let what = || format!("the receipt of decision {number} of {program}");
        let paper = made(what, || write(previous).map_err(StoreError::Failed))?;
        *newest = Some(paper.digest.clone());
        decisions.push(Decided { program, number, application, paper });
    }
    for (request, told) in &written.answers {
        let what =
            || format!("what is answered to {} by the key \"{}\"", request.scope, request.key);
        made(what, || told.answer.body.get().map(drop))?;
    }
    Ok(Ready { written, decisions, signer })
}

/// Makes a text. That it cannot be made is a mistake of the host, and says which one it was.
fn made<T>(
    what: impl Fn() -> String,
    make: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let error = match catch_unwind(AssertUnwindSafe(make)) {
        Ok(Ok(made)) => return Ok(made),
        Ok(Err(error)) => error,
        Err(_) => failed("it panicked".to_owned()),
    };
    let cause = std::error::Error::source(&error).map_or_else(String::new, ToString::to_string);
    tracing::error!(what = what(), cause, "a text cannot be written");
    Err(failed(format!("{}: {cause}", what())))
}
