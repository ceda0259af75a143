//! A store in one SQLite file: write-ahead log, synced at every commit, one writing process to a folder.

mod applications;
pub mod check;
mod clerk;
mod commit;
pub mod copy;
mod failure;
#[cfg(test)]
mod fixture;
mod layout;
mod ledger;
mod list;
mod open;
mod places;
mod queue;
mod rounds;
mod row;
#[cfg(test)]
mod tests;
mod texts;
mod unit;
mod writer;
mod writing;
mod written;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqlitePool;
use tokio::sync::{Mutex, MutexGuard};

use crate::domain::application::{Application, Event};
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind, Stored};
use crate::domain::fault::Fault;
use crate::domain::grants::Grants;
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId, RoundId};
use crate::domain::program::Program;

use super::memory::Memory;
use super::{
    ApplicationFilter, DecisionRecord, Expect, Filter, Listing, Page, Posting, RoundRecord,
    Seeding, Store, StoreError, Work,
};
use clerk::Known;
use queue::Queue;
use row::Row;
use writing::Writing;

/// A store in one SQLite file.
pub struct SqliteStore {
    inner: Arc<Inner>,
}

struct Inner {
    pool: SqlitePool,
    memory: Memory,
    /// Writers take turns, so that memory changes in the order of the commits. What units go by is known as long
    /// as nothing else was written.
    turn: Mutex<Option<Known>>,
    /// How many wait for their turn who do no units of work.
    others: AtomicUsize,
    /// Units of work that wait to be done.
    queue: Queue,
    /// Held as long as the store is open for writing; none where it is open for reading only.
    lock: Option<File>,
}

impl SqliteStore {
    /// Opens the store in a data folder for reading and writing, and makes one if there is none. Only one
    /// process can have it open so.
    pub async fn open(data: &Path) -> Result<SqliteStore, StoreError> {
        let (pool, lock) = open::to_write(data).await?;
        SqliteStore::load(pool, Some(lock)).await
    }

    /// Opens the store in a data folder for reading. It sees what was there when it was opened, and a host
    /// may go on writing to it.
    pub async fn open_read_only(data: &Path) -> Result<SqliteStore, StoreError> {
        SqliteStore::load(open::to_read(data).await?, None).await
    }

    async fn load(pool: SqlitePool, lock: Option<File>) -> Result<SqliteStore, StoreError> {
        let mut entities = list::everything(&pool).await?;
        *entities.books_mut() = ledger::books(&pool).await?;
        let mut grants = Grants::default();
        for application in applications::all(&pool).await? {
            entities.books_mut().take_over(&application);
            grants.take_over(&application);
        }
        let memory = Memory::new(entities, grants);
        let (turn, queue) = (Mutex::default(), Queue::default());
        let inner = Inner { pool, memory, turn, others: AtomicUsize::new(0), queue, lock };
        Ok(SqliteStore { inner: Arc::new(inner) })
    }

    /// Runs a write to its end, even if the caller goes away: between the commit and the change in memory
    /// nothing may come.
    async fn write<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        if self.inner.lock.is_none() {
            return Err(StoreError::ReadOnly);
        }
        let task = tokio::spawn(work(self.inner.clone()));
        task.await.map_err(|failed| StoreError::Failed(failed.into()))?
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn entities(&self) -> Arc<Entities> {
        self.inner.memory.get()
    }

    fn grants(&self) -> Grants {
        self.inner.memory.grants()
    }

    async fn get(&self, kind: EntityKind, id: &str) -> Result<Option<Stored>, StoreError> {
        let mut connection = self.inner.pool.acquire().await?;
        row::find(&mut connection, kind, id).await?.map(|found| found.stored(kind, id)).transpose()
    }

    async fn list(
        &self,
        kind: EntityKind,
        filter: &Filter,
        page: &Page,
    ) -> Result<Listing, StoreError> {
        list::page(&self.inner.pool, kind, filter, page).await
    }

    async fn put(
        &self,
        entity: Entity,
        expect: Expect,
        now: Timestamp,
    ) -> Result<Stored, StoreError> {
        self.write(move |inner| async move { inner.put(entity, expect, now).await }).await
    }

    async fn seed(&self, entities: Vec<Entity>, now: Timestamp) -> Result<Seeding, StoreError> {
        self.write(move |inner| async move { inner.seed(entities, now).await }).await
    }

    async fn mirror(&self, program: Program) -> Result<Stored, StoreError> {
        self.write(|inner| async move { inner.mirror(program).await }).await
    }

    async fn record_round(
        &self,
        program: &ProgramId,
        round: &RoundId,
        body: String,
        now: Timestamp,
    ) -> Result<(RoundRecord, bool), StoreError> {
        let (program, round) = (program.clone(), round.clone());
        let record = move |inner: Arc<Inner>| async move {
            inner.record_round(&program, &round, body, now).await
        };
        self.write(record).await
    }

    async fn round(
        &self,
        program: &ProgramId,
        round: &RoundId,
    ) -> Result<Option<RoundRecord>, StoreError> {
        let mut connection = self.inner.pool.acquire().await?;
        rounds::last(&mut connection, program, round).await
    }

    async fn work(&self, work: Work) -> Result<bool, StoreError> {
        match self.inner.lock {
            Some(_) => self.inner.work(work).await,
            None => Err(StoreError::ReadOnly),
        }
    }

    async fn application(
        &self,
        id: &ApplicationId,
    ) -> Result<Option<(Application, Vec<Event>)>, StoreError> {
        let found = applications::find(&self.inner.pool, id).await?;
        let Some(found) = found else { return Ok(None) };
        Ok(Some((found, applications::events(&self.inner.pool, id).await?)))
    }

    async fn applications(
        &self,
        program: &ProgramId,
        filter: &ApplicationFilter,
        page: &Page,
    ) -> Result<(Vec<Application>, Option<String>), StoreError> {
        applications::page(&self.inner.pool, program, filter, page).await
    }

    async fn decision(&self, id: &DecisionId) -> Result<Option<DecisionRecord>, StoreError> {
        applications::decision(&self.inner.pool, id).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT count(*) FROM meta").execute(&self.inner.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        let mut turn = self.inner.turn().await;
        drop(turn.take());
        self.inner.pool.close().await;
    }
}

impl Inner {
    /// The turn to write, which whoever works on the queue gives up as soon as others wait for it.
    async fn turn(&self) -> MutexGuard<'_, Option<Known>> {
        let _waits = Waits::of(&self.others);
        self.queue.wake();
        self.turn.lock().await
    }

    /// Whether others than those who do units of work wait for their turn.
    fn is_wanted(&self) -> bool {
        self.others.load(Ordering::Acquire) > 0
    }

    async fn put(
        &self,
        entity: Entity,
        expect: Expect,
        now: Timestamp,
    ) -> Result<Stored, StoreError> {
        let mut turn = self.turn().await;
        let faults = self.memory.get().faults(&entity);
        if !faults.is_empty() {
            return Err(StoreError::Faults(faults));
        }
        let row = Row::of(&entity)?;
        let mut transaction = self.begin().await?;
        let version = row.write(&mut transaction, expect).await?;
        self.commit(&mut turn, transaction, &[&row], now).await?;
        Ok(Stored { entity: row.entity, version })
    }

    async fn seed(&self, entities: Vec<Entity>, now: Timestamp) -> Result<Seeding, StoreError> {
        let mut turn = self.turn().await;
        let mut transaction = self.begin().await?;
        if !is_fresh(&mut transaction).await? {
            return Ok(Seeding::NotFresh);
        }
        let rows = entities.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
        let mut together = Entities::clone(&self.memory.get());
        rows.iter().for_each(|row| together.put(row.entity.clone()));
        let faults: Vec<Fault> =
            rows.iter().flat_map(|row| faults_of(&together, &row.entity)).collect();
        if !faults.is_empty() {
            return Err(StoreError::Faults(faults));
        }
        for row in &rows {
            row.write(&mut transaction, Expect::New).await?;
        }
        sqlx::query("INSERT INTO meta (key, value) VALUES ('seeded', 'yes')")
            .execute(&mut *transaction)
            .await?;
        self.commit(&mut turn, transaction, &rows.iter().collect::<Vec<_>>(), now).await?;
        Ok(Seeding::Done)
    }

    async fn mirror(&self, program: Program) -> Result<Stored, StoreError> {
        let mut turn = self.turn().await;
        let entity = Entity::Program(Box::new(program));
        let faults = self.memory.get().faults(&entity);
        if !faults.is_empty() {
            return Err(StoreError::Faults(faults));
        }
        let row = Row::of(&entity)?;
        let mut transaction = self.begin().await?;
        if let Some(found) = row::find(&mut transaction, EntityKind::Program, entity.id()).await?
            && found.body == row.body
        {
            return Ok(Stored { entity: row.entity, version: found.version });
        }
        let version = row.write(&mut transaction, Expect::Anything).await?;
        // A program states no money, and the time is asked for that alone.
        self.commit(&mut turn, transaction, &[&row], Timestamp::UNIX_EPOCH).await?;
        Ok(Stored { entity: row.entity, version })
    }

    async fn record_round(
        &self,
        program: &ProgramId,
        round: &RoundId,
        body: String,
        now: Timestamp,
    ) -> Result<(RoundRecord, bool), StoreError> {
        let _turn = self.turn().await;
        let mut transaction = self.begin().await?;
        let last = rounds::last(&mut transaction, program, round).await?;
        let number = last.as_ref().map_or(1, |last| last.number + 1);
        if let Some(last) = last.filter(|last| last.body == body) {
            return Ok((last, false));
        }
        let record = RoundRecord { number, recorded: now, body };
        rounds::add(&mut transaction, program, round, &record).await?;
        transaction.commit().await?;
        Ok((record, true))
    }

    async fn begin(&self) -> Result<Writing, StoreError> {
        Writing::begin(&self.pool).await
    }

    /// Books what the written entities state of money, commits, and takes all of it over. What units go by is no longer
    /// so then.
    async fn commit(
        &self,
        known: &mut Option<Known>,
        mut transaction: Writing,
        rows: &[&Row],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut entities = Entities::clone(&self.memory.get());
        let mut transfers = Vec::new();
        for row in rows {
            let stated = entities.settle(row.entity.clone());
            transfers.extend(stated.map_err(StoreError::Short)?);
        }
        if !transfers.is_empty() {
            let (by, what) = ("document", "state");
            let posting = Posting { at: now, by, what, transfers: &transfers };
            ledger::book(&mut transaction, &posting).await?;
        }
        *known = None;
        transaction.commit().await?;
        self.memory.replace(entities);
        Ok(())
    }
}

/// Somebody who waits for his turn, until he has it or goes away.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn of(all: &'a AtomicUsize) -> Waits<'a> {
        all.fetch_add(1, Ordering::AcqRel);
        Waits(all)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn is_fresh(transaction: &mut Writing) -> Result<bool, StoreError> {
    let marks: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM meta WHERE key = 'seeded')
              + (SELECT count(*) FROM entities WHERE kind <> $1)",
    )
    .bind(EntityKind::Program.plural())
    .fetch_one(&mut **transaction)
    .await?;
    Ok(marks == 0)
}

/// The faults of one of many entities: the path begins with its kind and id.
fn faults_of(all: &Entities, entity: &Entity) -> Vec<Fault> {
    let under = |fault: Fault| {
        let mut path = concord_contract::path![entity.kind().plural(), entity.id()];
        path.extend(fault.path);
        Fault::new(path, fault.message)
    };
    all.faults(entity).into_iter().map(under).collect()
}
