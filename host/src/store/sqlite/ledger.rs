//! The ledger: accounts, entries and transfers, and the books that they come to.

use std::collections::BTreeMap;

use concord_contract::value::currency;
use rusqlite::Connection;
use sqlx::{SqliteConnection, SqlitePool};

use crate::domain::books::Books;
use crate::domain::purse::{Balance, Purse, Stage, Transfer};
use crate::store::{Posting, Source, StoreError};

/// The number of the newest entry.
const LAST: &str = "SELECT coalesce(max(number), 0) FROM entries";

/// The number of the newest entry.
pub(super) fn last(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row(LAST, [], |row| row.get(0))?)
}

/// Makes an account, unless it is there.
pub(super) const ACCOUNT: &str = "
    INSERT INTO accounts (purse, stage, currency) VALUES ($1, $2, $3)
    ON CONFLICT (purse, stage) DO NOTHING";

/// Adds an entry.
pub(super) const ENTRY: &str =
    "INSERT INTO entries (number, at, by, what, application) VALUES ($1, $2, $3, $4, $5)";

/// Adds a transfer to an entry.
pub(super) const TRANSFER: &str =
    "INSERT INTO transfers (entry, from_account, to_account, minor) VALUES ($1, $2, $3, $4)";

/// Books what no application is the reason of.
pub(super) async fn book(
    connection: &mut SqliteConnection,
    posting: &Posting<'_>,
) -> Result<(), StoreError> {
    let last: i64 = sqlx::query_scalar(LAST).fetch_one(&mut *connection).await?;
    let number = last + 1;
    sqlx::query(ENTRY)
        .bind(number)
        .bind(posting.at.to_string())
        .bind(posting.by)
        .bind(posting.what)
        .bind(None::<&str>)
        .execute(&mut *connection)
        .await?;
    for transfer in posting.transfers {
        let from = account(connection, transfer, transfer.from).await?;
        let to = account(connection, transfer, transfer.to).await?;
        let row = sqlx::query(TRANSFER).bind(number).bind(from).bind(to);
        row.bind(transfer.amount.minor).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn account(
    connection: &mut SqliteConnection,
    transfer: &Transfer,
    stage: Stage,
) -> Result<i64, StoreError> {
    let (purse, code) = (transfer.purse.to_string(), transfer.amount.currency.code());
    let new = sqlx::query(ACCOUNT).bind(&purse).bind(stage.as_str()).bind(code);
    new.execute(&mut *connection).await?;
    let found = sqlx::query_scalar("SELECT id FROM accounts WHERE purse = $1 AND stage = $2");
    Ok(found.bind(&purse).bind(stage.as_str()).fetch_one(connection).await?)
}

/// The books as the accounts have them.
pub(super) async fn books(pool: &SqlitePool) -> Result<Books, StoreError> {
    let rows: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT purse, stage, currency, balance FROM accounts")
            .fetch_all(pool)
            .await?;
    let released: Vec<(String, i64)> = sqlx::query_as(
        "SELECT source.purse, sum(transfers.minor) FROM transfers
         JOIN accounts AS source ON source.id = transfers.from_account
         JOIN accounts AS target ON target.id = transfers.to_account
         WHERE source.stage IN ('reserved', 'committed') AND target.stage = 'available'
         GROUP BY source.purse",
    )
    .fetch_all(pool)
    .await?;
    let released: BTreeMap<String, i64> = released.into_iter().collect();
    let mut purses: BTreeMap<String, (String, [i64; 6])> = BTreeMap::new();
    for (purse, stage, code, balance) in rows {
        let (_, minor) = purses.entry(purse).or_insert((code, [0; 6]));
        let stages = Stage::ALL.into_iter().zip(minor.iter_mut());
        for (_, minor) in stages.filter(|(known, _)| known.as_str() == stage) {
            *minor = balance;
        }
    }
    let mut balances = Vec::new();
    for (name, (code, minor)) in purses {
        let corrupt = |reason: String| StoreError::Corrupt {
            what: format!("the account of \"{name}\""),
            source: Source::from(reason),
        };
        let purse = Purse::try_from(name.clone()).map_err(|error| corrupt(error.to_string()))?;
        let currency = currency(&code)
            .ok_or_else(|| corrupt(format!("found \"{code}\", expected a currency")))?;
        let released = released.get(&name).copied().unwrap_or_default();
        balances.push((purse, Balance::found(currency, minor, released)));
    }
    Ok(Books::with(balances))
}
