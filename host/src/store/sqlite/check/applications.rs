//! Applications: each row agrees with its body, its events and its money, and all of them with the accounts.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use super::held::{self, ByPurse, Held, Moved};
use super::ledger::Balances;
use super::{Flaws, Watch};
use crate::domain::application::{Application, Event};
use crate::domain::purse::Stage;
use crate::store::StoreError;

/// A row with its events and transfers, each as a JSON list.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    sequence: i64,
    id: String,
    program: String,
    number: i64,
    state: String,
    body: String,
    known: bool,
    decision: Option<String>,
    events: String,
    transfers: String,
}

// Beside a `max`, SQLite gives the other columns of the same row.
const ROWS: &str = "
    SELECT a.sequence, a.id, a.program, a.number, a.state, a.body,
        EXISTS (SELECT 1 FROM entities WHERE kind = 'programs' AND id = a.program) AS known,
        d.id AS decision,
        (SELECT json_group_array(json_array(e.number, e.body, e.entry,
                json_array(o.id, n.what, n.at, n.by)) ORDER BY e.number)
         FROM events e LEFT JOIN entries n ON n.number = e.entry
         LEFT JOIN applications o ON o.sequence = n.application
         WHERE e.application = a.sequence) AS events,
        (SELECT json_group_array(json_array(f.purse, f.currency, f.stage, t.stage, x.minor))
         FROM events e JOIN transfers x ON x.entry = e.entry
         JOIN accounts f ON f.id = x.from_account JOIN accounts t ON t.id = x.to_account
         WHERE e.application = a.sequence) AS transfers
    FROM applications a
    LEFT JOIN (SELECT application, id, max(number) FROM decisions GROUP BY application) d
        ON d.application = a.sequence
    ORDER BY a.sequence";

/// An event's number and body, its entry, and the application, move, time and author of that.
type EventRow =
    (i64, String, Option<i64>, (Option<String>, Option<String>, Option<String>, Option<String>));

pub(super) async fn check(
    moment: &mut SqliteConnection,
    balances: &Balances,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let mut all = All::default();
    let mut rows = sqlx::query_as::<_, Row>(ROWS).fetch(&mut *moment);
    while let Some(row) = rows.try_next().await? {
        let events = all.take(&row, flaws);
        watch.advance(1 + events);
    }
    drop(rows);
    for (number, application) in strays(moment).await? {
        flaws.add("entries", number, format!("no event of \"{application}\""), "the one it is of");
    }
    for (pocket, in_ledger, said) in differences(moment, balances, all.held).await? {
        flaws.add("accounts", pocket, in_ledger, format!("what applications hold: {said}"));
    }
    Ok(())
}

/// Entries that were made for an application and are of none of its events.
async fn strays(moment: &mut SqliteConnection) -> Result<Vec<(i64, String)>, StoreError> {
    let strays = sqlx::query_as(
        "SELECT n.number, coalesce(a.id, n.application || '') FROM entries n
         LEFT JOIN applications a ON a.sequence = n.application
         WHERE n.application IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM events e WHERE e.application = n.application AND e.entry = n.number)",
    );
    Ok(strays.fetch_all(moment).await?)
}

/// Where the accounts and what applications hold are not the same. What a document stated as spent is paid too.
async fn differences(
    moment: &mut SqliteConnection,
    balances: &Balances,
    mut held: ByPurse,
) -> Result<Vec<(String, Held, Held)>, StoreError> {
    let stated: Vec<Moved> = sqlx::query_as(
        "SELECT f.purse, f.currency, f.stage, t.stage, x.minor
         FROM entries n JOIN transfers x ON x.entry = n.number
         JOIN accounts f ON f.id = x.from_account JOIN accounts t ON t.id = x.to_account
         WHERE n.what = 'state' AND n.application IS NULL AND t.stage = $1",
    )
    .bind(Stage::Paid.as_str())
    .fetch_all(moment)
    .await?;
    for (pocket, stated) in held::moved(&stated) {
        held.entry(pocket).or_default().paid += stated.paid;
    }
    let in_ledger = balances.stages.iter().map(|(pocket, stages)| {
        let mut of_purse = Held::default();
        for (stage, minor) in stages {
            of_purse.put(stage, *minor);
        }
        (pocket.clone(), of_purse)
    });
    Ok(held::differences(&in_ledger.collect(), &held))
}

/// What was seen of all applications so far.
#[derive(Default)]
struct All {
    sequence: i64,
    /// The last number of each program.
    numbers: HashMap<String, i64>,
    held: ByPurse,
}

impl All {
    /// Takes the next in the order of submission, and gives the number of its events.
    fn take(&mut self, row: &Row, flaws: &mut Flaws) -> u64 {
        let (table, key) = ("applications", row.id.as_str());
        flaws.same(table, key, "the sequence", row.sequence, self.sequence + 1);
        self.sequence = row.sequence;
        let last = self.numbers.entry(row.program.clone()).or_default();
        flaws.same(table, key, "the number", row.number, *last + 1);
        *last = row.number;
        if !row.known {
            let found = format!("the program \"{}\"", row.program);
            flaws.add(table, key, found, "one that is among the programs");
        }
        let events = read_events(row, flaws);
        match serde_json::from_str::<Application>(&row.body) {
            Ok(application) => {
                agree(row, &application, events.last(), flaws);
                self.money(row, &application, flaws);
            }
            Err(error) => flaws.add(table, key, format!("the body: {error}"), "an application"),
        }
        events.len() as u64
    }

    /// The application holds what the ledger moved for it.
    fn money(&mut self, row: &Row, application: &Application, flaws: &mut Flaws) {
        let (said, astray) = held::said(application);
        if astray != 0 {
            let found = format!("{astray} awarded and not paid when it is {}", row.state);
            flaws.add("applications", &row.id, found, "nothing");
        }
        let transfers: Vec<Moved> = serde_json::from_str(&row.transfers).unwrap_or_default();
        for (pocket, said, moved) in held::differences(&said, &held::moved(&transfers)) {
            let (found, moved) = (format!("{said} of {pocket}"), format!("what moved: {moved}"));
            flaws.add("applications", &row.id, found, moved);
        }
        for (pocket, said) in said {
            self.held.entry(pocket).or_default().add(said);
        }
    }
}

/// The events of an application, as far as they can be read; each agrees with its entry.
fn read_events(row: &Row, flaws: &mut Flaws) -> Vec<Event> {
    let rows: Vec<EventRow> = serde_json::from_str(&row.events).unwrap_or_default();
    let mut events = Vec::new();
    for (expected, (number, body, entry, of)) in (1..).zip(rows) {
        let key = format!("{}/{number}", row.id);
        flaws.same("events", &key, "the number", number, expected);
        let event: Event = match serde_json::from_str(&body) {
            Ok(event) => event,
            Err(error) => {
                flaws.add("events", &key, format!("the body: {error}"), "an event");
                continue;
            }
        };
        if let Some(entry) = entry {
            let found = [of.0, of.1, of.2, of.3].map(Option::unwrap_or_default).join(" ");
            let (what, at) = (event.what.as_str(), event.at);
            let expected = format!("{} {what} {at} {}", row.id, event.by);
            flaws.same("entries", entry, "an entry of", found, expected);
        }
        events.push(event);
    }
    if events.is_empty() {
        flaws.add("applications", &row.id, "no event", "at least one");
    }
    events
}

/// The row, the body, the last event and the newest decision say the same.
fn agree(row: &Row, application: &Application, last: Option<&Event>, flaws: &mut Flaws) {
    let (table, key) = ("applications", row.id.as_str());
    let body = application;
    flaws.same(table, key, "in its body the id", body.id.as_str(), key);
    flaws.same(table, key, "in its body the program", body.program.as_str(), &row.program);
    flaws.same(table, key, "in its body the sequence", body.sequence, row.sequence);
    flaws.same(table, key, "in its body the number", body.number, row.number);
    flaws.same(table, key, "in its body the state", body.state.as_str(), &row.state);
    let newest = row.decision.as_deref().unwrap_or("none");
    flaws.same(table, key, "in its body the decision", body.decision.as_str(), newest);
    if let Some(last) = last {
        flaws.same(table, key, "the state", row.state.as_str(), last.state.as_str());
    }
}
