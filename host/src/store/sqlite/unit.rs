//! Units of work, many to a commit: whoever comes while another commit is under way joins the next one.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::places::Places;
use super::writing::Writing;
use super::written::{Done, Kept, Written};
use super::{Inner, applications};
use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::purse::Transfer;
use crate::store::{Answer, DecisionRecord, Link, Posting, StoreError, Undo, Unit, Work};

/// How many units go into one commit.
const TOGETHER: usize = 128;
/// How long units are gathered for one commit: whoever was first does not wait for a hundred slow ones.
const GATHER: Duration = Duration::from_millis(50);
/// How much work may wait for its turn.
const QUEUED: usize = 4096;

/// Whether a unit was kept.
type Told = Result<bool, StoreError>;

/// Work that waits for its turn.
pub(super) struct Waiting {
    work: Work,
    done: oneshot::Sender<Told>,
}

impl Inner {
    /// Puts work into the queue, and does what is queued when its turn comes: its own, unless another has
    /// done it already.
    pub(super) async fn work(&self, work: Work) -> Told {
        let (done, mut told) = oneshot::channel();
        {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            if queue.len() >= QUEUED {
                return Err(unavailable("too much work waits for its turn"));
            }
            queue.push_back(Waiting { work, done });
        }
        let _turn = self.turn.lock().await;
        loop {
            // Whoever is done lets the next one have the turn.
            match told.try_recv() {
                Ok(kept) => return kept,
                Err(TryRecvError::Empty) => self.commit_together().await,
                Err(TryRecvError::Closed) => return Err(unavailable("the work was given up")),
            }
        }
    }

    fn take(&self) -> Option<Waiting> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Does units one after the other in one transaction. A unit that is undone leaves the others as they
    /// are; where the store fails, none is kept.
    async fn commit_together(&self) {
        let mut tell = Vec::new();
        let failed = match self.begin().await {
            Ok(transaction) => self.do_some(transaction, &mut tell).await.err(),
            Err(error) => {
                // Who waits already need not find out one by one.
                tell.extend(std::iter::from_fn(|| self.take()).map(|one| (one.done, Ok(false))));
                Some(error)
            }
        };
        let mut first = failed;
        let reason = first.as_ref().map(ToString::to_string);
        for (done, kept) in tell {
            let told = match &reason {
                None => kept,
                Some(reason) => Err(first.take().unwrap_or_else(|| unavailable(reason))),
            };
            drop(done.send(told));
        }
    }

    async fn do_some(
        &self,
        mut transaction: Writing,
        tell: &mut Vec<(oneshot::Sender<Told>, Told)>,
    ) -> Result<(), StoreError> {
        let began = Instant::now();
        let mut entities = Entities::clone(&self.memory.get());
        let mut places = Places::read(&mut transaction).await?;
        let mut before = Written::default();
        while tell.len() < TOGETHER && began.elapsed() < GATHER {
            let Some(Waiting { work, done }) = self.take() else { break };
            let mut unit = SqliteUnit {
                connection: &mut transaction,
                entities: entities.clone(),
                places: places.clone(),
                before: &before,
                written: Written::default(),
            };
            let kept = work(&mut unit).await;
            let SqliteUnit { entities: then, places: there, written, .. } = unit;
            let told = match kept {
                Ok(()) => {
                    (entities, places) = (then, there);
                    before.take_over(written);
                    Ok(true)
                }
                Err(Undo::Refused) => Ok(false),
                // Nothing can be read, so that the next ones need not try.
                Err(Undo::Failed(error @ StoreError::Unavailable(_))) => {
                    tell.push((done, Ok(false)));
                    return Err(error);
                }
                Err(Undo::Failed(error)) => Err(error),
            };
            tell.push((done, told));
        }
        before.flush(&mut transaction).await?;
        transaction.commit().await?;
        self.memory.replace(entities);
        Ok(())
    }
}

fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable(reason.to_owned().into())
}

/// A unit among those of one commit: it reads what was committed and what the units before it wrote, and gathers what
/// it writes itself.
struct SqliteUnit<'t> {
    connection: &'t mut SqliteConnection,
    entities: Entities,
    places: Places,
    before: &'t Written,
    written: Written,
}

#[async_trait]
impl Unit for SqliteUnit<'_> {
    fn entities(&self) -> &Entities {
        &self.entities
    }

    async fn application(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError> {
        let known = self.known(id).map(|kept| kept.application.clone());
        if known.is_some() {
            return Ok(known);
        }
        let Some(kept) = applications::kept(self.connection, id).await? else { return Ok(None) };
        let application = kept.application.clone();
        self.written.applications.insert(id.clone(), kept);
        Ok(Some(application))
    }

    async fn next(&mut self, program: &ProgramId) -> Result<(i64, i64), StoreError> {
        self.places.next(self.connection, program).await
    }

    async fn newest_decision(&mut self, program: &ProgramId) -> Result<Option<Link>, StoreError> {
        self.places.decision(self.connection, program).await
    }

    async fn answered(&mut self, scope: &str, key: &str) -> Result<Option<Answer>, StoreError> {
        let asked = (scope.to_owned(), key.to_owned());
        match self.written.answers.get(&asked).or_else(|| self.before.answers.get(&asked)) {
            Some(answer) => Ok(Some(answer.clone())),
            None => applications::answered(self.connection, scope, key).await,
        }
    }

    async fn answer(&mut self, scope: &str, key: &str, answer: &Answer) -> Result<(), StoreError> {
        self.written.answers.insert((scope.to_owned(), key.to_owned()), answer.clone());
        Ok(())
    }

    async fn record(&mut self, decision: &DecisionRecord) -> Result<(), StoreError> {
        self.places.decided(decision);
        self.written.decisions.push(decision.clone());
        Ok(())
    }

    async fn write(
        &mut self,
        application: &Application,
        event: &Event,
        transfers: &[Transfer],
    ) -> Result<(), StoreError> {
        let entry = match transfers {
            [] => None,
            transfers => {
                let posting = Posting {
                    at: event.at,
                    by: &event.by,
                    what: event.what.as_str(),
                    application: Some(&application.id),
                    transfers,
                };
                Some(self.book(&posting)?)
            }
        };
        // Whatever was not read before is new.
        let number = self.known(&application.id).map_or(0, |kept| kept.events) + 1;
        let kept = Kept { application: application.clone(), events: number, changed: true };
        self.written.applications.insert(application.id.clone(), kept);
        let (application_id, event) = (application.id.clone(), event.clone());
        self.written.events.push(Done { application: application_id, number, entry, event });
        self.places.written(application);
        self.entities.books_mut().take_over(application);
        Ok(())
    }

    async fn post(&mut self, posting: &Posting<'_>) -> Result<(), StoreError> {
        self.book(posting).map(drop)
    }
}

impl SqliteUnit<'_> {
    /// An application, where it was read or written in this commit.
    fn known(&self, id: &ApplicationId) -> Option<&Kept> {
        self.written.applications.get(id).or_else(|| self.before.applications.get(id))
    }

    fn book(&mut self, posting: &Posting<'_>) -> Result<i64, StoreError> {
        self.entities.books_mut().apply(posting.transfers).map_err(StoreError::Short)?;
        let number = self.places.entry();
        self.written.post(number, posting);
        Ok(number)
    }
}
