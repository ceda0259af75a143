//! The chains of decisions: each receipt is whole, signed, follows the one before, and moved what it says.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::SqliteConnection;

use super::super::texts::unpack;
use super::{Flaws, Prove, Unproved, Watch};
use crate::domain::digest::sha256;
use crate::domain::purse::Transfer;
use crate::store::StoreError;

/// A row with what the ledger moved for it: a list of purse, from, to, currency and minor units, as JSON.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    program: String,
    number: i64,
    id: String,
    application: String,
    digest: String,
    text: Option<String>,
    receipt: Vec<u8>,
    signature: Option<String>,
    known: bool,
    events: i64,
    transfers: String,
}

const ROWS: &str = "
    SELECT d.program, d.number, d.id, coalesce(a.id, d.application || '') AS application, d.digest,
        p.text, d.receipt, s.text AS signature, a.program IS d.program AS known,
        (SELECT count(*) FROM events e WHERE e.application = d.application
         AND json_valid(e.body) AND e.body ->> 'decision' = d.id) AS events,
        (SELECT json_group_array(json_array(f.purse, f.stage, t.stage, f.currency, x.minor))
         FROM events e JOIN transfers x ON x.entry = e.entry
         JOIN accounts f ON f.id = x.from_account JOIN accounts t ON t.id = x.to_account
         WHERE e.application = d.application
         AND json_valid(e.body) AND e.body ->> 'decision' = d.id) AS transfers
    FROM decisions d LEFT JOIN applications a ON a.sequence = d.application
    LEFT JOIN patterns p ON p.number = d.pattern
    LEFT JOIN signatures s ON s.number = d.signature ORDER BY d.program, d.number";

type Moved = (String, String, String, String, i64);

/// What of a receipt the store has too.
#[derive(Deserialize)]
struct Receipt {
    id: String,
    program: String,
    number: i64,
    previous: Option<String>,
    application: Option<String>,
    transfers: Vec<Transfer>,
}

/// The decision before, of whichever program.
#[derive(Default)]
struct Before {
    program: String,
    number: i64,
    digest: Option<String>,
}

pub(super) async fn check(
    moment: &mut SqliteConnection,
    prove: Prove<'_>,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let mut before = Before::default();
    // A key that is missing is missing for many.
    let mut no_keys: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut rows = sqlx::query_as::<_, Row>(ROWS).fetch(&mut *moment);
    while let Some(row) = rows.try_next().await? {
        if row.program != before.program {
            before = Before { program: row.program.clone(), ..Before::default() };
        }
        let key = format!("{}/{}", row.program, row.number);
        match unpack(row.text.as_deref().unwrap_or_default(), &row.receipt) {
            Ok(receipt) => {
                link(&row, &receipt, &before, flaws);
                for unproved in prove(&receipt, row.signature.as_deref().unwrap_or_default()) {
                    match unproved {
                        Unproved::NoKey(id) => {
                            no_keys.entry(id).or_insert_with(|| (0, key.clone())).0 += 1;
                        }
                        Unproved::Wrong(wrong) => {
                            flaws.add("decisions", &key, wrong, "a signed receipt of this host");
                        }
                    }
                }
            }
            Err(wrong) => {
                let found = format!("the receipt: {wrong}");
                flaws.add("decisions", &key, found, "a text that can be read");
            }
        }
        before.number = row.number;
        before.digest = Some(row.digest);
        watch.advance(1);
    }
    drop(rows);
    for (id, (receipts, first)) in no_keys {
        let found = format!("no such key; receipts signed by it: {receipts}, the first {first}");
        flaws.add("keys", id, found, "its public half among the keys");
    }
    let unused: Vec<(String, i64)> = sqlx::query_as(
        "SELECT 'patterns', number FROM patterns
         WHERE number NOT IN (SELECT pattern FROM decisions UNION SELECT pattern FROM answers)
         UNION ALL SELECT 'signatures', number FROM signatures
         WHERE number NOT IN (SELECT signature FROM decisions)",
    )
    .fetch_all(&mut *moment)
    .await?;
    for (table, number) in unused {
        flaws.add(&table, number, "nothing that goes by it", "something");
    }
    let lost: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT coalesce(a.id, application || ''), e.number, e.body ->> 'decision'
         FROM events e LEFT JOIN applications a ON a.sequence = application
         WHERE json_valid(e.body) AND e.body ->> 'decision' IS NOT NULL
         AND (application, e.body ->> 'decision') NOT IN (SELECT application, id FROM decisions)",
    )
    .fetch_all(moment)
    .await?;
    for (application, number, decision) in lost {
        let found = format!("the decision \"{decision}\"");
        flaws.add("events", format!("{application}/{number}"), found, "one that is recorded");
    }
    Ok(())
}

/// A decision agrees with its receipt, with the one before, with its application and with the ledger.
fn link(row: &Row, receipt: &str, before: &Before, flaws: &mut Flaws) {
    let (table, key) = ("decisions", format!("{}/{}", row.program, row.number));
    let key = key.as_str();
    flaws.same(table, key, "the number", row.number, before.number + 1);
    flaws.same(table, key, "the digest", row.digest.clone(), sha256(receipt.as_bytes()));
    if !row.known {
        let found = format!("the application \"{}\"", row.application);
        flaws.add(table, key, found, "one of the program");
    }
    flaws.same(table, key, "the number of its events", row.events, 1);
    let receipt: Receipt = match serde_json::from_str(receipt) {
        Ok(receipt) => receipt,
        Err(error) => return flaws.add(table, key, format!("the receipt: {error}"), "a receipt"),
    };
    flaws.same(table, key, "in its receipt the id", receipt.id.as_str(), &row.id);
    flaws.same(table, key, "in its receipt the program", receipt.program.as_str(), &row.program);
    flaws.same(table, key, "in its receipt the number", receipt.number, row.number);
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".into());
    let application = or_none(&receipt.application);
    flaws.same(
        table,
        key,
        "in its receipt the application",
        application.as_str(),
        &row.application,
    );
    let (found, expected) = (or_none(&receipt.previous), or_none(&before.digest));
    flaws.same(table, key, "in its receipt the one before", found, expected);
    let (found, expected) = (in_receipt(&receipt.transfers), in_ledger(&row.transfers));
    flaws.same(table, key, "in its receipt the transfers", found, expected);
}

fn in_receipt(transfers: &[Transfer]) -> String {
    list(transfers.iter().map(|transfer| {
        let (from, to) = (transfer.from.as_str(), transfer.to.as_str());
        let Transfer { purse, amount, .. } = transfer;
        format!("{} {} of {purse} from {from} to {to}", amount.minor, amount.currency.code())
    }))
}

fn in_ledger(transfers: &str) -> String {
    let transfers: Vec<Moved> = serde_json::from_str(transfers).unwrap_or_default();
    list(transfers.into_iter().map(|(purse, from, to, currency, minor)| {
        format!("{minor} {currency} of {purse} from {from} to {to}")
    }))
}

fn list(transfers: impl Iterator<Item = String>) -> String {
    let mut transfers: Vec<String> = transfers.collect();
    transfers.sort();
    if transfers.is_empty() { "none".to_owned() } else { transfers.join(", ") }
}
