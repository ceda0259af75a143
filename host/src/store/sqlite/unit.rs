//! Units of work, many to a commit: whoever comes while another commit is under way joins the next one.

use std::sync::PoisonError;

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::writing::Writing;
use super::{Inner, applications, ledger};
use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::ids::{ApplicationId, ProgramId};
use crate::domain::purse::Transfer;
use crate::store::{Answer, DecisionRecord, Link, Posting, StoreError, Undo, Unit, Work};

/// How many units go into one commit.
const TOGETHER: usize = 128;

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
        let (done, told) = oneshot::channel();
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(Waiting { work, done });
        let turn = self.turn.lock().await;
        self.work_off().await;
        drop(turn);
        told.await.unwrap_or_else(|_| Err(unavailable("the work was given up")))
    }

    /// Does everything that is queued, up to a limit to each commit.
    async fn work_off(&self) {
        loop {
            let queued: Vec<Waiting> = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                let number = queue.len().min(TOGETHER);
                queue.drain(..number).collect()
            };
            if queued.is_empty() {
                return;
            }
            self.commit_together(queued).await;
        }
    }

    /// Does units one after the other in one transaction. A unit that is undone leaves the others as they
    /// are; where the store fails, none is kept.
    async fn commit_together(&self, queued: Vec<Waiting>) {
        let mut waiting = queued.into_iter();
        let mut tell = Vec::new();
        let failed = match self.begin().await {
            Ok(transaction) => self.do_all(transaction, &mut waiting, &mut tell).await.err(),
            Err(error) => Some(error),
        };
        match failed {
            None => tell.into_iter().for_each(|(done, kept)| drop(done.send(Ok(kept)))),
            Some(error) => {
                let reason = error.to_string();
                let rest = waiting.map(|waiting| (waiting.done, false));
                let mut first = Some(error);
                for (done, _) in tell.into_iter().chain(rest) {
                    let error = first.take().unwrap_or_else(|| unavailable(&reason));
                    drop(done.send(Err(error)));
                }
            }
        }
    }

    async fn do_all(
        &self,
        mut transaction: Writing,
        waiting: &mut impl Iterator<Item = Waiting>,
        tell: &mut Vec<(oneshot::Sender<Told>, bool)>,
    ) -> Result<(), StoreError> {
        let mut entities = Entities::clone(&self.memory.get());
        for Waiting { work, done } in waiting {
            tell.push((done, false));
            sqlx::query("SAVEPOINT unit").execute(&mut *transaction).await?;
            let before = entities.clone();
            let mut unit = SqliteUnit { connection: &mut transaction, entities };
            let kept = work(&mut unit).await;
            entities = unit.entities;
            match kept {
                Ok(()) => {}
                Err(Undo::Refused) => {
                    sqlx::query("ROLLBACK TO unit").execute(&mut *transaction).await?;
                    entities = before;
                }
                Err(Undo::Failed(error)) => return Err(error),
            }
            sqlx::query("RELEASE unit").execute(&mut *transaction).await?;
            if let Some((_, told)) = tell.last_mut() {
                *told = kept.is_ok();
            }
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
