//! Commits on their way to the disk. Each writes the receipts and answers of its units while the one before it is put on
//! the disk, and none is there before the one on which it rests.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;

use super::Inner;
use super::queue::{Tell, failed, tell, unavailable};
use super::writer::Writer;
use super::written::{Decided, Signed, Written};
use crate::domain::entities::Entities;
use crate::domain::ids::ProgramId;
use crate::store::{Draft, StoreError};

/// The digest of the newest receipt of each program.
pub(super) type Chains = BTreeMap<ProgramId, Option<String>>;

/// What one commit hands to the next, each as soon as it is done with it. Where it fails, it does not.
pub(super) struct Handed<C, W> {
    pub(super) chains: C,
    pub(super) writer: W,
}

/// What the one before gives.
pub(super) type Taking = Handed<oneshot::Receiver<Chains>, oneshot::Receiver<Writer>>;
/// What the next one takes.
pub(super) type Giving = Handed<oneshot::Sender<Chains>, oneshot::Sender<Writer>>;

/// The two ends of it.
pub(super) fn hand() -> (Giving, Taking) {
    let ((give_chains, chains), (give_writer, writer)) = (oneshot::channel(), oneshot::channel());
    (Handed { chains: give_chains, writer: give_writer }, Handed { chains, writer })
}

/// Units that were done and are to be put down together.
pub(super) struct Batch {
    pub(super) written: Arc<Written>,
    pub(super) drafts: Vec<(Draft, Option<String>)>,
    /// The entities as the last of them has left them.
    pub(super) entities: Entities,
    pub(super) tell: Tell,
}

/// A commit on its way.
pub(super) struct UnderWay {
    pub(super) written: Arc<Written>,
    end: Arc<End>,
}

/// How far a commit has come.
#[derive(Default)]
struct End {
    over: AtomicBool,
    kept: AtomicBool,
}

impl UnderWay {
    /// Whether it is over, however it went.
    pub(super) fn is_over(&self) -> bool {
        self.end.over.load(Ordering::Acquire)
    }

    /// Whether it is over, and nothing of it was kept.
    pub(super) fn has_failed(&self) -> bool {
        self.is_over() && !self.end.kept.load(Ordering::Acquire)
    }
}

impl Inner {
    /// Sends units off to the disk. As soon as they are there, memory takes them over, and those who wait are told.
    pub(super) fn send_off(
        self: &Arc<Self>,
        batch: Batch,
        taking: Taking,
        giving: Giving,
    ) -> UnderWay {
        let end = Arc::new(End::default());
        let over = Over { end: end.clone(), inner: self.clone() };
        let written = batch.written.clone();
        tokio::task::spawn_blocking(move || {
            let Batch { written, drafts, entities, tell: all } = batch;
            let kept = catch_unwind(AssertUnwindSafe(|| {
                put_down(&written, drafts, taking, giving.chains)
            }));
            match kept.unwrap_or_else(|_| Err(failed("a commit panicked".to_owned()))) {
                Ok(writer) => {
                    over.inner.memory.replace(entities);
                    over.end.kept.store(true, Ordering::Release);
                    let _ = giving.writer.send(writer);
                    tell(all, None);
                }
                Err(error) => tell(all, Some(&error)),
            }
        });
        UnderWay { written, end }
    }
}

/// A commit is over as soon as this goes, however it ends.
struct Over {
    end: Arc<End>,
    inner: Arc<Inner>,
}

impl Drop for Over {
    fn drop(&mut self) {
        self.end.over.store(true, Ordering::Release);
        self.inner.queue.wake();
    }
}

fn put_down(
    written: &Written,
    drafts: Vec<(Draft, Option<String>)>,
    taking: Taking,
    giving: oneshot::Sender<Chains>,
) -> Result<Writer, StoreError> {
    let before = |_| unavailable("the commit before, on which this rests, failed");
    let mut chains = taking.chains.blocking_recv().map_err(before)?;
    let decisions = write_out(drafts, &mut chains)?;
    for (request, answer) in &written.answers {
        let what =
            || format!("what is answered to {} by the key \"{}\"", request.scope, request.key);
        made(what, || answer.body.get().map(drop))?;
    }
    let _ = giving.send(chains);
    let mut writer = taking.writer.blocking_recv().map_err(before)?;
    if !written.is_empty() || !decisions.decisions.is_empty() {
        writer.put_down(written, &decisions)?;
    }
    Ok(writer)
}

/// Writes receipts, each behind the one before it in its program, and signs them.
fn write_out(
    drafts: Vec<(Draft, Option<String>)>,
    chains: &mut Chains,
) -> Result<Signed, StoreError> {
    let signer = drafts.first().map(|(draft, _)| draft.signer.clone());
    let mut decisions = Vec::with_capacity(drafts.len());
    for (Draft { id, program, number, application, write, .. }, first) in drafts {
        let newest = chains.entry(program.clone()).or_insert(first);
        let previous = newest.take();
        let what = || format!("the receipt of {id}");
        let paper = made(what, || write(previous).map_err(StoreError::Failed))?;
        *newest = Some(paper.digest.clone());
        decisions.push(Decided { id, program, number, application, paper });
    }
    let digests: Vec<_> = decisions.iter().map(|one| one.paper.digest.as_str()).collect();
    let signature = signer.map(|signer| signer.sign(&digests));
    Ok(Signed { decisions, signature })
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
