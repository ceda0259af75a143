//! The ledger: accounts, entries and transfers, and the books that they come to.

use std::collections::BTreeMap;

use concord_contract::value::currency;
use sqlx::{SqliteConnection, SqlitePool};

use super::written::{self, Entry};
use crate::domain::books::Books;
use crate::domain::purse::{Balance, Purse, Stage, Transfer};
use crate::store::{Source, StoreError};

/// The number of the newest entry.
pub(super) async fn last(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let last = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM entries");
    Ok(last.fetch_one(connection).await?)
}

/// Writes entries, and the transfers of each. Accounts are made where there are none yet.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    entries: &[Entry],
    transfers: &[(i64, Transfer)],
) -> Result<(), StoreError> {
    let mut accounts = BTreeMap::new();
    for (_, transfer) in transfers {
        for stage in [transfer.from, transfer.to] {
            accounts.insert((transfer.purse.to_string(), stage), transfer.amount.currency);
        }
    }
    let accounts: Vec<_> = accounts.into_iter().collect();
    let there = " ON CONFLICT (purse, stage) DO NOTHING";
    let into = "accounts (purse, stage, currency)";
    written::insert(connection, into, &accounts, there, |mut row, ((purse, stage), currency)| {
        row.push_bind(purse.clone()).push_bind(stage.as_str()).push_bind(currency.code());
    })
    .await?;
    let into = "entries (number, at, by, what, application)";
    written::insert(connection, into, entries, "", |mut row, entry| {
        row.push_bind(entry.number).push_bind(entry.at.clone()).push_bind(entry.by.clone());
        row.push_bind(entry.what.clone());
        row.push_bind(entry.application.as_ref().map(ToString::to_string));
    })
    .await?;
    let into = "transfers (entry, from_account, to_account, minor)";
    written::insert(connection, into, transfers, "", |mut row, (entry, transfer)| {
        row.push_bind(*entry);
        for stage in [transfer.from, transfer.to] {
            row.push("(SELECT id FROM accounts WHERE purse = ");
            row.push_bind_unseparated(transfer.purse.to_string());
            row.push_unseparated(" AND stage = ").push_bind_unseparated(stage.as_str());
            row.push_unseparated(")");
        }
        row.push_bind(transfer.amount.minor);
    })
    .await?;
    Ok(())
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
