//! Units of work, many to a commit: whoever comes while another commit is under way joins the next one.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::writing::Writing;
use super::{Inner, applications, ledger};
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
        while tell.len() < TOGETHER && began.elapsed() < GATHER {
            let Some(Waiting { work, done }) = self.take() else { break };
            sqlx::query("SAVEPOINT unit").execute(&mut *transaction).await?;
            let before = entities.clone();
            let mut unit = SqliteUnit { connection: &mut transaction, entities };
            let kept = work(&mut unit).await;
            entities = unit.entities;
            let told = match kept {
                Ok(()) => Ok(true),
                Err(Undo::Refused) => Ok(false),
                // Where the disk is full, SQLite has undone the whole transaction.
                Err(Undo::Failed(error @ StoreError::Unavailable(_))) => {
                    tell.push((done, Ok(false)));
                    return Err(error);
                }
                Err(Undo::Failed(error)) => Err(error),
            };
            if !matches!(told, Ok(true)) {
                sqlx::query("ROLLBACK TO unit").execute(&mut *transaction).await?;
                entities = before;
            }
            tell.push((done, told));
            sqlx::query("RELEASE unit").execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        self.memory.replace(entities);
        Ok(())
    }
}

fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable(reason.to_owned().into())
}

/// A unit within a transaction.
struct SqliteUnit<'t> {
    connection: &'t mut SqliteConnection,
    entities: Entities,
}

#[async_trait]
impl Unit for SqliteUnit<'_> {
    fn entities(&self) -> &Entities {
        &self.entities
    }

    async fn application(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError> {
        applications::find(self.connection, id).await
    }

    async fn next(&mut self, program: &ProgramId) -> Result<(i64, i64), StoreError> {
        applications::next(self.connection, program).await
    }

    async fn newest_decision(&mut self, program: &ProgramId) -> Result<Option<Link>, StoreError> {
        applications::newest(self.connection, program).await
    }

    async fn answered(&mut self, scope: &str, key: &str) -> Result<Option<Answer>, StoreError> {
        applications::answered(self.connection, scope, key).await
    }

    async fn answer(&mut self, scope: &str, key: &str, answer: &Answer) -> Result<(), StoreError> {
        applications::answer(self.connection, scope, key, answer).await
    }

    async fn record(&mut self, decision: &DecisionRecord) -> Result<(), StoreError> {
        applications::record(self.connection, decision).await
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
                Some(self.book(&posting).await?)
            }
        };
        applications::write(self.connection, application, event, entry).await?;
        self.entities.books_mut().take_over(application);
        Ok(())
    }

    async fn post(&mut self, posting: &Posting<'_>) -> Result<(), StoreError> {
        self.book(posting).await.map(drop)
    }
}

impl SqliteUnit<'_> {
    async fn book(&mut self, posting: &Posting<'_>) -> Result<i64, StoreError> {
        self.entities.books_mut().apply(posting.transfers).map_err(StoreError::Short)?;
        ledger::post(self.connection, posting).await
    }
}
