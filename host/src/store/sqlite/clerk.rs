//! The one who does the work that waits: units one after the other, some at a time.
//!
//! Three things go on at once, each on a thread of its own: units are done, the receipts and answers of those before are
//! written, and those before them are put on the disk, as many in one commit as are there by then. Nobody is told before
//! his own is on the disk, and where a commit fails, so does all that is behind it, which rests on it.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::{io, thread};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::Inner;
use super::commit::{Batch, Chains, Progress, Rest};
use super::places::Places;
use super::queue::{Queue, Told, Waiting, failed, tell, unavailable};
use super::unit::{Before, SqliteUnit, State};
use super::writer::{self, Writer};
use super::written::Written;
use crate::domain::entities::Entities;
use crate::store::{StoreError, Undo, Work};

/// How many units are taken from the queue at once, and go on together.
const TAKEN: usize = 16;
/// How many batches may wait before each of the other two.
const AHEAD: usize = 32;

/// What units go by, as long as nobody else writes.
pub(super) struct Known {
    reading: Connection,
    places: Places,
    chains: Chains,
    /// None until there is something to write: where nothing can be, what was answered can still be read.
    writer: Option<Writer>,
}

/// Somebody is at work on the queue. Where he breaks off, all that waits is given up.
struct Serving<'q>(Option<&'q Queue>);

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        if let Some(queue) = self.0 {
            queue.give_up();
        }
    }
}

impl Inner {
    /// Does work in its turn.
    pub(super) async fn work(self: &Arc<Self>, work: Work) -> Told {
        let (done, told) = oneshot::channel();
        if self.queue.push(Waiting { work, done })? {
            let clerk = self.clone();
            if let Err(error) = named("units").spawn(move || clerk.serve()) {
                self.queue.give_up();
                return Err(no_thread(error));
            }
        }
        told.await.unwrap_or_else(|_| Err(unavailable("the work was given up")))
    }

    /// Works on the queue until nothing waits.
    fn serve(&self) {
        let mut serving = Serving(Some(&self.queue));
        loop {
            let mut turn = self.turn.blocking_lock();
            // Where something fails, nothing is known any more.
            let known = turn.take();
            *turn = self.serve_some(known).unwrap_or_else(|error| {
                let waiting = self.queue.take_all();
                tell(waiting.into_iter().map(|one| (one.done, Ok(false))).collect(), Some(&error));
                None
            });
            drop(turn);
            if self.queue.done() {
                serving.0 = None;
                return;
            }
        }
    }

    /// Works on the queue until nothing waits or others want to write. Gives what is known then; none where something
    /// failed. The error is that nothing could be begun.
    fn serve_some(&self, known: Option<Known>) -> Result<Option<Known>, StoreError> {
        let mut known = known.map_or_else(|| self.begin_anew(), Ok)?;
        let Known { reading, places, chains, writer } = &mut known;
        let progress = Progress::default();
        let all_kept = thread::scope(|scope| {
            let (batches, to_write_out) = sync_channel(AHEAD);
            let (written_out, to_put_down) = sync_channel(AHEAD);
            let writing = || self.write_out(to_write_out, chains, written_out, &progress);
            let writing = named("receipts").spawn_scoped(scope, writing)?;
            let putting = || self.put_down(to_put_down, writer, &progress);
            let putting = named("commits").spawn_scoped(scope, putting)?;
            let readable = self.do_units(reading, places, batches, &progress);
            Ok(writing.join().is_ok() & putting.join().is_ok() & readable)
        });
        let all_kept = all_kept.map_err(no_thread)? && !progress.is_broken();
        Ok(all_kept.then_some(known))
    }

    fn begin_anew(&self) -> Result<Known, StoreError> {
        if self.pool.is_closed() {
            return Err(unavailable("the store is closed"));
        }
        let reading = writer::reading(self.pool.connect_options().get_filename())?;
        let places = Places::read(&reading)?;
        Ok(Known { reading, places, chains: Chains::new(), writer: None })
    }

    /// Does units as they come, and sends them on. Gives whether all that they asked for could be read.
    fn do_units(
        &self,
        reading: &Connection,
        places: &mut Places,
        batches: SyncSender<Batch>,
        progress: &Progress,
    ) -> bool {
        let entities = Entities::clone(&self.memory.get());
        let mut state = State { entities, places: places.clone() };
        let mut under_way: VecDeque<Arc<Written>> = VecDeque::new();
        let (mut sent, mut readable) = (0, true);
        loop {
            let wait = || progress.kept() < sent && !self.is_wanted();
            // What comes after a failure was told does not go by what failed.
            let taken = self.queue.take(TAKEN, wait, || progress.is_broken());
            under_way.drain(..under_way.len().saturating_sub(sent - progress.kept()));
            if taken.is_empty() {
                break;
            }
            let (mut together, mut all) = (Written::default(), Vec::with_capacity(taken.len()));
            for Waiting { work, done } in taken {
                let told =
                    do_one(reading, &mut state, &mut together, under_way.make_contiguous(), work);
                readable &=
                    !matches!(told, Err(StoreError::Unavailable(_) | StoreError::Corrupt { .. }));
                all.push((done, told));
            }
            let drafts = std::mem::take(&mut together.drafts);
            let written = Arc::new(together);
            under_way.push_back(written.clone());
            let rest = Rest { entities: state.entities.clone(), tell: all };
            let batch = Batch { written, drafts, rest };
            sent += 1;
            if batches.send(batch).is_err() || !readable || self.is_wanted() {
                break;
            }
        }
        *places = state.places;
        readable
    }
}

/// A thread for one of the things that go on at once.
fn named(name: &str) -> thread::Builder {
    thread::Builder::new().name(format!("concord-{name}"))
}

fn no_thread(error: io::Error) -> StoreError {
    StoreError::Unavailable(error.into())
}

/// Does a unit. One that is undone leaves the others as they are.
fn do_one(
    reading: &Connection,
    state: &mut State,
    together: &mut Written,
    under_way: &[Arc<Written>],
    work: Work,
) -> Told {
    let before = Before { together, under_way };
    let mut unit =
        SqliteUnit { reading, before, state: state.clone(), written: Written::default() };
    let kept = catch_unwind(AssertUnwindSafe(|| work(&mut unit)));
    let SqliteUnit { state: then, written, .. } = unit;
    match kept {
        Ok(Ok(())) => {
            *state = then;
            together.take_over(written);
            Ok(true)
        }
        Ok(Err(Undo::Refused)) => Ok(false),
        Ok(Err(Undo::Failed(error))) => Err(error),
        Err(_) => Err(failed("the work panicked".to_owned())),
    }
}
