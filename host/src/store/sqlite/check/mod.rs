//! The check of a store: proves that all it holds agrees with itself, and names what does not.
//!
//! Everything is read in one transaction, so that it is one moment, whoever writes meanwhile; nothing is changed.
//! Each concern has a file: what SQLite itself says, the ledger, applications with their events, the chains of
//! decisions, and documents. A long table is read row by row; entities, accounts and purses are kept,
//! and of each decision its id.

mod answers;
mod applications;
mod chain;
mod documents;
mod file;
mod held;
mod ledger;
mod rounds;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{SqliteConnection, SqlitePool};

use super::copy::tables;
use super::{layout, open};
use crate::store::{Source, StoreError};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{table} {key}: found {found}, expected {expected}")]
pub struct Flaw {
    /// The table, or `keys`.
    pub table: String,
    /// The key of the row: its columns, with `/` between them; or the id of a key.
    pub key: String,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The rows that were looked at, by table.
    pub counted: BTreeMap<&'static str, u64>,
    /// All that is wrong.
    pub flaws: Vec<Flaw>,
}

/// Says of a receipt and its signature what is wrong with them. The store knows neither keys nor what a receipt
/// must hold beside what the ledger has too.
pub type Prove<'a> = &'a (dyn Fn(&str, &str) -> Vec<Unproved> + Sync);

/// Why a receipt or its signature is not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// The key is not known by which it is signed.
    NoKey(String),
    /// Something about the receipt is wrong.
    Wrong(String),
}

/// Sees how far long work has come.
pub trait Watch: Sync {
    /// There are so many rows.
    fn begin(&self, rows: u64);
    /// So many more are done.
    fn advance(&self, rows: u64);
}

/// Nobody looks.
impl Watch for () {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// Checks the store in a data folder, also while a host writes to it.
pub async fn check(data: &Path, prove: Prove<'_>, watch: &dyn Watch) -> Result<Report, StoreError> {
    let pool = match open::to_read(data).await {
        Err(StoreError::Corrupt { source, .. }) => return Ok(Report::unreadable(source)),
        pool => pool?,
    };
    let report = of_pool(&pool, prove, watch).await;
    pool.close().await;
    report
}

/// Checks an open store.
pub(super) async fn of_pool(
    pool: &SqlitePool,
    prove: Prove<'_>,
    watch: &dyn Watch,
) -> Result<Report, StoreError> {
    let mut moment = pool.begin().await?;
    let mut flaws = Flaws::default();
    match through(&mut moment, prove, watch, &mut flaws).await {
        Err(StoreError::Corrupt { source, .. }) => {
            let Report { flaws: last, .. } = Report::unreadable(source);
            flaws.0.extend(last);
            Ok(Report { counted: BTreeMap::new(), flaws: flaws.0 })
        }
        counted => Ok(Report { counted: counted?, flaws: flaws.0 }),
    }
}

impl Report {
    /// SQLite gave up reading.
    fn unreadable(source: Source) -> Report {
        let mut flaws = Flaws::default();
        flaws.add("sqlite", "file", source, "a database that can be read");
        Report { counted: BTreeMap::new(), flaws: flaws.0 }
    }
}

/// What SQLite itself says of a database, and nothing more.
pub(super) async fn of_file(connection: &mut SqliteConnection) -> Result<Vec<Flaw>, StoreError> {
    let mut flaws = Flaws::default();
    file::check(connection, &mut flaws).await?;
    Ok(flaws.0)
}

async fn through(
    moment: &mut SqliteConnection,
    prove: Prove<'_>,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<BTreeMap<&'static str, u64>, StoreError> {
    file::check(moment, flaws).await?;
    // Where a trigger or a constraint is gone, nothing keeps what it kept.
    for layout::Odd { name, found, expected } in layout::odd(moment).await? {
        flaws.add("sqlite", name, found, expected);
    }
    let counted = tables::counts(moment).await?;
    watch.begin(counted.values().sum());
    // These are looked at with what goes by them.
    let of_others = ["patterns", "signatures"].into_iter().filter_map(|table| counted.get(table));
    watch.advance(of_others.sum());
    let balances = ledger::check(moment, watch, flaws).await?;
    documents::check(moment, &balances, watch, flaws).await?;
    rounds::check(moment, watch, flaws).await?;
    answers::check(moment, watch, flaws).await?;
    applications::check(moment, &balances, watch, flaws).await?;
    chain::check(moment, prove, watch, flaws).await?;
    Ok(counted)
}

/// A time is one.
fn time(table: &str, key: &str, at: &str, flaws: &mut Flaws) {
    if at.parse::<Timestamp>().is_err() {
        flaws.add(table, key, format!("the time \"{at}\""), "one as in RFC 3339");
    }
}

/// The flaws that were found.
#[derive(Default)]
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn add(&mut self, table: &str, key: impl Display, found: impl Display, expected: impl Display) {
        self.0.push(Flaw {
            table: table.to_owned(),
            key: key.to_string(),
            found: found.to_string(),
            expected: expected.to_string(),
        });
    }

    /// Adds a flaw unless two are the same.
    fn same<T: PartialEq + Display>(
        &mut self,
        table: &str,
        key: impl Display,
        what: &str,
        found: T,
        expected: T,
    ) {
        if found != expected {
            self.add(table, key, format!("{what} {found}"), expected);
        }
    }
}
