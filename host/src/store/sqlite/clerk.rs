//! The one who does the work that waits: units one after the other, and many to a commit.
//!
//! Three things go on at once: units are done, the receipts and answers of those before are written, and those before
//! them are put on the disk. Nobody is told before his own is there, and where a commit fails, so do those behind it,
//! which rest on it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::Inner;
use super::commit::{Batch, Chains, UnderWay, hand};
use super::places::Places;
use super::queue::{Queue, Told, Waiting, failed, tell, unavailable};
use super::unit::{Before, SqliteUnit, State};
use super::writer::{self, Writer};
use super::written::Written;
use crate::domain::entities::Entities;
use crate::store::{StoreError, Undo, Work};

/// How many units go into one commit.
const TOGETHER: usize = 256;
/// How many are taken from the queue at once.
const TAKEN: usize = 16;
/// How many commits are under way at once: one is written out while the one before is put on the disk.
const UNDER_WAY: usize = 4;
/// How many commits are made before others who write get their turn.
const COMMITS: usize = 64;

/// What units go by, as long as nobody else writes.
pub(super) struct Known {
    reading: Connection,
    places: Places,
    chains: Chains,
    writer: Writer,
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
            // On a thread of its own: units run policies and read from the disk.
            tokio::task::spawn_blocking(move || clerk.serve());
        }
        told.await.unwrap_or_else(|_| Err(unavailable("the work was given up")))
    }

    /// Works on the queue until nothing waits.
    fn serve(self: &Arc<Self>) {
        let mut serving = Serving(Some(&self.queue));
        loop {
            let mut turn = self.turn.blocking_lock();
            // Where something fails, nothing is known any more.
            let known = turn.take();
            *turn = self.serve_some(known);
            drop(turn);
            if self.queue.done() {
                serving.0 = None;
                return;
            }
        }
    }

    /// Makes commits while there is something to commit, and not too many.
    fn serve_some(self: &Arc<Self>, known: Option<Known>) -> Option<Known> {
        let Known { reading, places, chains, writer } =
            match known.map_or_else(|| self.begin_anew(), Ok) {
                Ok(known) => known,
                Err(error) => {
                    let waiting = self.queue.take(usize::MAX, || false).into_iter();
                    tell(waiting.map(|one| (one.done, Ok(false))).collect(), Some(&error));
                    return None;
                }
            };
        let mut state = State { entities: Entities::clone(&self.memory.get()), places };
        let (first, mut handed) = hand();
        let _ = (first.chains.send(chains), first.writer.send(writer));
        let (mut commits, mut readable): (Vec<UnderWay>, bool) = (Vec::new(), true);
        for _ in 0..COMMITS {
            if commits.iter().any(UnderWay::has_failed) {
                break;
            }
            let (batch, read) = self.gather(&reading, &mut state, &commits);
            readable &= read;
            if batch.tell.is_empty() {
                break;
            }
            if commits.len() == UNDER_WAY {
                let first = commits.remove(0);
                self.queue.wait(|| !first.is_over());
            }
            let (giving, next) = hand();
            let taking = std::mem::replace(&mut handed, next);
            commits.push(self.send_off(batch, taking, giving));
        }
        self.queue.wait(|| !commits.iter().all(UnderWay::is_over));
        let (chains, writer) =
            (handed.chains.blocking_recv().ok()?, handed.writer.blocking_recv().ok()?);
        readable.then_some(Known { reading, places: state.places, chains, writer })
    }

    fn begin_anew(&self) -> Result<Known, StoreError> {
        if self.pool.is_closed() {
            return Err(unavailable("the store is closed"));
        }
        let options = self.pool.connect_options();
        let file = options.get_filename();
        let (reading, writer) = (writer::reading(file)?, Writer::open(file)?);
        let places = Places::read(&reading)?;
        Ok(Known { reading, places, chains: Chains::new(), writer })
    }

    /// Does units as they come, until another commit can be under way; none where nothing waits and no commit is under
    /// way. Says also whether all that units asked for could be read.
    fn gather(
        &self,
        reading: &Connection,
        state: &mut State,
        commits: &[UnderWay],
    ) -> (Batch, bool) {
        let under_way: Vec<_> = commits.iter().map(|one| one.written.clone()).collect();
        let count = || commits.iter().filter(|one| !one.is_over()).count();
        let (mut together, mut all, mut readable) = (Written::default(), Vec::new(), true);
        while all.len() < TOGETHER {
            // Where something is to be sent off, it waits for room alone, else for anything.
            let enough = if all.is_empty() { 1 } else { UNDER_WAY };
            for Waiting { work, done } in self.queue.take(TAKEN, || count() >= enough) {
                let told = do_one(reading, state, &mut together, &under_way, work);
                readable &=
                    !matches!(told, Err(StoreError::Unavailable(_) | StoreError::Corrupt { .. }));
                all.push((done, told));
            }
            if count() < UNDER_WAY && (!all.is_empty() || count() == 0) {
                break;
            }
        }
        let drafts = std::mem::take(&mut together.drafts);
        let (written, entities) = (Arc::new(together), state.entities.clone());
        (Batch { written, drafts, entities, tell: all }, readable)
    }
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
