//! The work that waits to be done, in the order in which it came.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::store::{StoreError, Work};

/// How much work may wait for its turn.
const LONGEST: usize = 4096;

/// Whether a unit was kept.
pub(super) type Told = Result<bool, StoreError>;

/// Those who wait to be told, each with what he is told if nothing fails.
pub(super) type Tell = Vec<(oneshot::Sender<Told>, Told)>;

/// Work that waits to be done.
pub(super) struct Waiting {
    pub(super) work: Work,
    pub(super) done: oneshot::Sender<Told>,
}

/// The work that waits.
#[derive(Default)]
pub(super) struct Queue {
    line: Mutex<Line>,
    /// Something has come, or what waits has another reason to look again.
    news: Condvar,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    /// Whether somebody is at work on it.
    served: bool,
}

impl Queue {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts work behind all that waits. Gives whether somebody must be found to do it.
    pub(super) fn push(&self, one: Waiting) -> Result<bool, StoreError> {
        let mut line = self.line();
        if line.waiting.len() >= LONGEST {
            return Err(unavailable("too much work waits for its turn"));
        }
        line.waiting.push_back(one);
        self.news.notify_one();
        Ok(!std::mem::replace(&mut line.served, true))
    }

    /// Takes what came first. Where nothing waits, it waits for something as long as it is told to; where it is told to
    /// leave, it takes nothing.
    pub(super) fn take(
        &self,
        most: usize,
        wait: impl Fn() -> bool,
        leave: impl Fn() -> bool,
    ) -> Vec<Waiting> {
        let mut line = self.line();
        while line.waiting.is_empty() && !leave() && wait() {
            line = self.news.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        let some = if leave() { 0 } else { line.waiting.len().min(most) };
        line.waiting.drain(..some).collect()
    }

    /// Takes all that waits.
    pub(super) fn take_all(&self) -> Vec<Waiting> {
        self.line().waiting.drain(..).collect()
    }

    /// Says that there is something to look at again: whether to wait is asked anew.
    pub(super) fn wake(&self) {
        let _line = self.line();
        self.news.notify_one();
    }

    /// Whether whoever works on it may go.
    pub(super) fn done(&self) -> bool {
        let mut line = self.line();
        line.served = !line.waiting.is_empty();
        !line.served
    }

    /// Gives up all that waits, so that the next one begins anew.
    pub(super) fn give_up(&self) {
        *self.line() = Line::default();
    }
}

/// Tells those who wait what came of their work, or why nothing of it is kept.
pub(super) fn tell(all: Tell, failed: Option<&StoreError>) {
    for (done, told) in all {
        drop(done.send(failed.map_or(told, |error| Err(alike(error)))));
    }
}

/// The same failure, for another who is told of it.
fn alike(error: &StoreError) -> StoreError {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let cause = cause.unwrap_or_else(|| error.to_string());
    match error {
        StoreError::Unavailable(_) => StoreError::Unavailable(cause.into()),
        StoreError::Corrupt { what, .. } => {
            StoreError::Corrupt { what: what.clone(), source: cause.into() }
        }
        _ => StoreError::Failed(cause.into()),
    }
}

/// A failure that may pass.
pub(super) fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable(reason.to_owned().into())
}

/// A mistake of the host.
pub(super) fn failed(reason: String) -> StoreError {
    StoreError::Failed(reason.into())
}
