//! The connections that units read and are put down by: called directly, with statements that are kept ready. By way of
//! the others, each statement would wait for a thread of its own twice.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

use super::open::{self, LOG_PAGES, PATIENCE};
use super::queue::unavailable;
use super::texts::Patterns;
use super::written::{Entry, Ready, Written};
use super::{applications, ledger};
use crate::domain::purse::{Purse, Stage, Transfer};
use crate::store::StoreError;

/// The statements that a unit needs, and some.
const STATEMENTS: usize = 32;

/// A connection that writes, and what it knows of what it has written. After an error it knows too much: another takes
/// its place.
pub(super) struct Writer {
    connection: Connection,
    patterns: Patterns,
    accounts: Accounts,
}

impl Writer {
    /// Opens the database of a store that is open already.
    pub(super) fn open(file: &Path) -> Result<Writer, StoreError> {
        let connection = connect(file)?;
        // SQLite says nothing where it may only read, and such a connection never writes again.
        if connection.is_readonly("main")? {
            return Err(unavailable("the database cannot be written to"));
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(Writer { connection, patterns: Patterns::default(), accounts: Accounts::new() })
    }

    /// Puts down what units wrote, on the disk for good, or nothing of it. What is recorded together is signed together.
    pub(super) fn put_down(&mut self, batches: &[Ready]) -> Result<(), StoreError> {
        let Writer { connection, patterns, accounts } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // What is referred to goes first: SQLite looks through a whole table for what may have waited for a row.
        let all = || batches.iter().map(|batch| batch.written.as_ref());
        applications::write(&transaction, all().flat_map(Written::changed))?;
        book(&transaction, accounts, all())?;
        applications::add_events(&transaction, all().flat_map(|written| &written.events))?;
        if let Some(signature) = sign(batches) {
            let signature = applications::sign(&transaction, &signature)?;
            for decision in batches.iter().flat_map(|batch| &batch.decisions) {
                let kind = format!("receipts/{}", decision.program);
                let receipt = patterns.pack(&transaction, &kind, &decision.paper.receipt)?;
                applications::record(&transaction, decision, &receipt, signature)?;
            }
        }
        for Ready { written, .. } in batches {
            for (request, told) in &written.answers {
                let kind = format!("answers/{}", told.about.program);
                let body = patterns.pack(&transaction, &kind, told.answer.body.get()?)?;
                applications::answer(&transaction, request, told, &body)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// The signature of all receipts; none where there are none. A host has one signer.
fn sign(batches: &[Ready]) -> Option<String> {
    let signer = batches.iter().find_map(|batch| batch.signer.as_ref())?;
    let decisions = batches.iter().flat_map(|batch| &batch.decisions);
    let digests: Vec<_> = decisions.map(|one| one.paper.digest.as_str()).collect();
    Some(signer.sign(&digests))
}

/// Opens the database of a store for what units read, while others are put down.
pub(super) fn reading(file: &Path) -> Result<Connection, StoreError> {
    let connection = connect(file)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    // It is never made here: a store whose file is gone is not begun anew by chance.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    for (name, value) in open::PRAGMAS {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

/// The accounts that are known, by purse and stage.
type Accounts = HashMap<Purse, HashMap<Stage, i64>>;

/// Books entries, and the transfers of each.
fn book<'w>(
    transaction: &Transaction<'_>,
    accounts: &mut Accounts,
    all: impl Iterator<Item = &'w Written> + Clone,
) -> Result<(), StoreError> {
    let mut into = transaction.prepare_cached(ledger::ENTRY)?;
    for entry in all.clone().flat_map(|written| &written.entries) {
        let Entry { number, at, by, what, application } = entry;
        into.execute(params![number, at, by, what, application])?;
    }
    let mut into = transaction.prepare_cached(ledger::TRANSFER)?;
    for (entry, transfer) in all.flat_map(|written| &written.transfers) {
        let from = account(transaction, accounts, transfer, transfer.from)?;
        let to = account(transaction, accounts, transfer, transfer.to)?;
        into.execute(params![entry, from, to, transfer.amount.minor])?;
    }
    Ok(())
}

/// The account of a stage that money is moved from or to. It is made where there is none yet.
fn account(
    transaction: &Transaction<'_>,
    accounts: &mut Accounts,
    transfer: &Transfer,
    stage: Stage,
) -> Result<i64, StoreError> {
    let known = accounts.get(&transfer.purse).and_then(|stages| stages.get(&stage));
    if let Some(known) = known {
        return Ok(*known);
    }
    let purse = transfer.purse.to_string();
    let row = params![purse, stage.as_str(), transfer.amount.currency.code()];
    transaction.prepare_cached(ledger::ACCOUNT)?.execute(row)?;
    let found = transaction
        .prepare_cached("SELECT id FROM accounts WHERE purse = $1 AND stage = $2")?
        .query_row(params![purse, stage.as_str()], |row| row.get(0))?;
    accounts.entry(transfer.purse.clone()).or_default().insert(stage, found);
    Ok(found)
}
