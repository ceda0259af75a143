//! The ledger: every balance is the sum of its transfers, and no purse has lost or gained anything.

use std::collections::{BTreeMap, HashMap};

use concord_contract::value::currency;
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use super::{Flaws, Watch};
use crate::domain::books::Books;
use crate::domain::purse::{Balance, Purse, Stage};
use crate::store::StoreError;

/// What the ledger comes to.
pub(super) struct Balances {
    /// By purse and currency, see [`pocket`], and stage.
    pub(super) stages: BTreeMap<String, BTreeMap<String, i128>>,
    /// The books that the accounts come to, as far as they can be read.
    pub(super) books: Books,
}

/// The name of a purse with its currency.
pub(super) fn pocket(purse: &str, code: &str) -> String {
    format!("{purse} in {code}")
}

#[derive(Debug)]
struct Account {
    purse: String,
    stage: String,
    currency: String,
    balance: i64,
    /// The sum of its transfers.
    moved: i128,
}

/// A row of `transfers`, with what it refers to.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Transfer {
    number: i64,
    from_account: i64,
    to_account: i64,
    minor: i64,
}

pub(super) async fn check(
    moment: &mut SqliteConnection,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<Balances, StoreError> {
    let rows: Vec<(i64, String, String, String, i64)> =
        sqlx::query_as("SELECT id, purse, stage, currency, balance FROM accounts ORDER BY id")
            .fetch_all(&mut *moment)
            .await?;
    watch.advance(rows.len() as u64);
    let account = |(id, purse, stage, currency, balance)| {
        (id, Account { purse, stage, currency, balance, moved: 0 })
    };
    let mut accounts: HashMap<i64, Account> = rows.into_iter().map(account).collect();
    let mut next = 1;
    let mut transfers = sqlx::query_as::<_, Transfer>(
        "SELECT number, from_account, to_account, minor FROM transfers ORDER BY number",
    )
    .fetch(&mut *moment);
    while let Some(transfer) = transfers.try_next().await? {
        if transfer.number != next {
            flaws.add("transfers", transfer.number, "a gap before it", next);
        }
        next = transfer.number.saturating_add(1);
        take(&mut accounts, &transfer, flaws);
        watch.advance(1);
    }
    drop(transfers);
    entries(moment, watch, flaws).await?;
    let mut accounts: Vec<Account> = accounts.into_values().collect();
    accounts.sort_by(|one, other| (&one.purse, &one.stage).cmp(&(&other.purse, &other.stage)));
    balanced(&accounts, flaws);
    Ok(Balances { stages: stages(&accounts), books: books(&accounts, flaws) })
}

fn take(accounts: &mut HashMap<i64, Account>, transfer: &Transfer, flaws: &mut Flaws) {
    let Transfer { number, from_account, to_account, minor } = *transfer;
    if let (Some(from), Some(to)) = (accounts.get(&from_account), accounts.get(&to_account)) {
        let [from, to] = [from, to].map(|account| pocket(&account.purse, &account.currency));
        if from != to {
            flaws.add("transfers", number, format!("{from} to {to}"), "one purse and currency");
        }
    }
    // Where an account is missing, the check of foreign keys says so.
    for (id, minor) in [(from_account, -i128::from(minor)), (to_account, i128::from(minor))] {
        if let Some(account) = accounts.get_mut(&id) {
            account.moved += minor;
        }
    }
}

/// Entries are numbered without a gap, and each moves something.
async fn entries(
    moment: &mut SqliteConnection,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let mut next = 1;
    let mut entries = sqlx::query_as::<_, (i64, bool)>(
        "SELECT number, EXISTS (SELECT 1 FROM transfers WHERE entry = entries.number)
         FROM entries ORDER BY number",
    )
    .fetch(moment);
    while let Some((number, moves)) = entries.try_next().await? {
        if number != next {
            flaws.add("entries", number, "a gap before it", next);
        }
        if !moves {
            flaws.add("entries", number, "no transfer", "at least one");
        }
        next = number.saturating_add(1);
        watch.advance(1);
    }
    Ok(())
}

/// Each account is the sum of its transfers and not below nought; the accounts of a purse come to nought.
fn balanced(accounts: &[Account], flaws: &mut Flaws) {
    let mut purses: BTreeMap<&str, (&str, i128)> = BTreeMap::new();
    for account in accounts {
        let Account { purse, stage, currency, balance, moved } = account;
        let key = format!("{purse}/{stage}");
        flaws.same("accounts", &key, "the balance", i128::from(*balance), *moved);
        if *balance < 0 && stage != Stage::Source.as_str() {
            flaws.add("accounts", &key, format!("the balance {balance}"), "nought or more");
        }
        let (code, sum) = purses.entry(purse).or_insert((currency, 0));
        *sum += i128::from(*balance);
        if code != currency {
            flaws.add("accounts", &key, format!("the currency {currency}"), *code);
        }
    }
    for (purse, (_, sum)) in purses {
        flaws.same("accounts", purse, "the sum of all stages", sum, 0);
    }
}

fn stages(accounts: &[Account]) -> BTreeMap<String, BTreeMap<String, i128>> {
    let mut stages: BTreeMap<String, BTreeMap<String, i128>> = BTreeMap::new();
    for account in accounts {
        let purse = stages.entry(pocket(&account.purse, &account.currency)).or_default();
        purse.insert(account.stage.clone(), i128::from(account.balance));
    }
    stages
}

/// The books that the accounts come to, and which of them are of no purse.
fn books(accounts: &[Account], flaws: &mut Flaws) -> Books {
    let mut balances: BTreeMap<Purse, (_, [i64; 6])> = BTreeMap::new();
    for account in accounts {
        let key = format!("{}/{}", account.purse, account.stage);
        let purse = match Purse::try_from(account.purse.clone()) {
            Ok(purse) => purse,
            Err(error) => {
                flaws.add("accounts", key, error, "a purse");
                continue;
            }
        };
        let Some(currency) = currency(&account.currency) else {
            let found = format!("the currency {}", account.currency);
            flaws.add("accounts", key, found, "one of ISO 4217");
            continue;
        };
        let (_, minor) = balances.entry(purse).or_insert((currency, [0; 6]));
        let stages = Stage::ALL.into_iter().zip(minor.iter_mut());
        for (_, minor) in stages.filter(|(known, _)| known.as_str() == account.stage) {
            *minor = account.balance;
        }
    }
    let balance = |(purse, (currency, minor))| (purse, Balance::found(currency, minor, 0));
    Books::with(balances.into_iter().map(balance))
}
