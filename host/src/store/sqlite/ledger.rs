//! The ledger: accounts, entries and transfers, and the books that they come to.

use std::collections::BTreeMap;

use concord_contract::value::currency;
use sqlx::{SqliteConnection, SqlitePool};

use crate::domain::books::{Books, Short};
use crate::domain::purse::{Balance, Purse, Stage, Transfer};
use crate::store::{Posting, Source, StoreError};

/// Books one entry with its transfers, and gives its number.
pub(super) async fn post(
    connection: &mut SqliteConnection,
    posting: &Posting<'_>,
) -> Result<i64, StoreError> {
    let number: i64 = sqlx::query_scalar(
        "INSERT INTO entries (at, by, what, application) VALUES ($1, $2, $3, $4) RETURNING number",
    )
    .bind(posting.at.to_string())
    .bind(posting.by)
    .bind(posting.what)
    .bind(posting.application.map(|application| application.as_str()))
    .fetch_one(&mut *connection)
    .await?;
    for transfer in posting.transfers {
        move_money(connection, number, transfer).await?;
    }
    Ok(number)
}

async fn move_money(
    connection: &mut SqliteConnection,
    entry: i64,
    transfer: &Transfer,
) -> Result<(), StoreError> {
    let from = account(connection, transfer, transfer.from).await?;
    let to = account(connection, transfer, transfer.to).await?;
    let moved = sqlx::query(
        "INSERT INTO transfers (entry, from_account, to_account, minor) VALUES ($1, $2, $3, $4)",
    )
    .bind(entry)
    .bind(from)
    .bind(to)
    .bind(transfer.amount.minor)
    .execute(connection)
    .await;
    match moved {
        Ok(_) => Ok(()),
        Err(error) if breaks(&error, "never_below_nought") => {
            Err(StoreError::Short(Short(transfer.clone())))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a write was refused by the constraint of this name.
fn breaks(error: &sqlx::Error, constraint: &str) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains(constraint))
}

/// The account of a stage of a purse; made where there is none yet.
async fn account(
    connection: &mut SqliteConnection,
    transfer: &Transfer,
    stage: Stage,
) -> Result<i64, StoreError> {
    let purse = transfer.purse.to_string();
    let found: Option<i64> =
        sqlx::query_scalar("SELECT id FROM accounts WHERE purse = $1 AND stage = $2")
            .bind(&purse)
            .bind(stage.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let made = sqlx::query_scalar(
        "INSERT INTO accounts (purse, stage, currency) VALUES ($1, $2, $3) RETURNING id",
    )
    .bind(&purse)
    .bind(stage.as_str())
    .bind(transfer.amount.currency.code())
    .fetch_one(connection)
    .await?;
    Ok(made)
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
