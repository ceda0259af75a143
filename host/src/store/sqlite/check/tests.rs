//! Faults are planted in a real file, each by itself, and must be found and named.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use super::*;
use crate::store::Store;
use crate::store::sqlite::fixture::{lively, submit};

/// What takes the guards away that would let no fault in.
const UNGUARDED: &str = "
    PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
    DROP TRIGGER transfers_stay_in_a_purse; DROP TRIGGER transfers_move_money;
    DROP TRIGGER transfers_are_not_changed; DROP TRIGGER transfers_are_not_removed;
    DROP TRIGGER entries_are_not_changed; DROP TRIGGER entries_are_not_removed;
    DROP TRIGGER accounts_are_not_removed; DROP TRIGGER accounts_keep_their_purse;
    DROP TRIGGER decisions_are_not_changed; DROP TRIGGER decisions_are_not_removed;
    DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_removed;
    DROP TRIGGER rounds_are_not_changed; DROP TRIGGER rounds_are_not_removed;
    DROP TRIGGER answers_are_not_changed; DROP TRIGGER answers_are_not_removed;
    DROP TRIGGER patterns_are_not_changed; DROP TRIGGER patterns_are_not_removed;
    DROP TRIGGER signatures_are_not_changed; DROP TRIGGER signatures_are_not_removed;";

fn signed(_: &str, signature: &str) -> Vec<Unproved> {
    match signature {
        "signed" => Vec::new(),
        "lost" => vec![Unproved::NoKey("K".to_owned())],
        _ => vec![Unproved::Wrong("a bad signature".to_owned())],
    }
}

async fn faults(folder: &TempDir) -> Vec<String> {
    let report = check(folder.path(), &signed, &()).await.unwrap();
    report.flaws.iter().map(ToString::to_string).collect()
}

/// What the check says after a change behind the host's back.
async fn planted(sql: &str) -> Vec<String> {
    let (folder, store) = lively().await;
    store.close().await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("concord.sqlite"));
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    for statements in [UNGUARDED, sql] {
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut raw).await.unwrap();
    }
    raw.close().await.unwrap();
    faults(&folder).await
}

/// The change is found, and among what is said of it is this.
async fn is_found(sql: &str, said: &str) {
    let found = planted(sql).await;
    assert!(found.iter().any(|flaw| flaw.contains(said)), "{said}: {found:#?}");
}

#[tokio::test]
async fn a_store_in_which_all_went_right_is_clean_beside_a_host_and_without_one() {
    let (folder, store) = lively().await;
    assert_eq!(faults(&folder).await, Vec::<String>::new());
    submit(&store, 5).await;
    store.close().await;
    drop(store);
    let report = check(folder.path(), &signed, &()).await.unwrap();
    assert_eq!(report.flaws, []);
    let counted = |table| report.counted[table];
    assert_eq!((counted("applications"), counted("decisions"), counted("events")), (4, 4, 6));
    assert_eq!((counted("entities"), counted("rounds"), counted("answers")), (4, 1, 4));
}

#[tokio::test]
async fn a_guard_that_is_gone_or_was_changed_is_a_fault_and_what_it_guarded_is_none() {
    let found = planted("").await;
    let gone = |name: &str| {
        format!("sqlite trigger {name}: found none, expected it as a host lays it out")
    };
    assert!(found.contains(&gone("transfers_move_money")), "{found:#?}");
    assert!(found.contains(&gone("answers_are_not_changed")), "{found:#?}");
    assert!(found.iter().all(|flaw| flaw.starts_with("sqlite trigger ")), "{found:#?}");
    is_found("DROP INDEX applications_by_state", "sqlite index applications_by_state: found none")
        .await;
    let found = planted("ANALYZE").await;
    assert!(found.iter().all(|flaw| flaw.starts_with("sqlite trigger ")), "{found:#?}");
    is_found("CREATE TABLE notes (text TEXT)", "sqlite table notes: found one, expected none")
        .await;
    is_found(
        "CREATE TRIGGER transfers_move_money AFTER INSERT ON transfers BEGIN SELECT 1; END",
        "sqlite trigger transfers_move_money: found another statement that makes it",
    )
    .await;
}

#[tokio::test]
async fn a_balance_that_is_not_the_sum_of_its_transfers_is_found() {
    let found = planted("UPDATE accounts SET balance = 41 WHERE stage = 'reserved'").await;
    let said = "accounts funds/joint/guangzhou/reserved: found the balance 41, expected 40";
    assert!(found.contains(&said.to_owned()), "{found:#?}");
    is_found(
        "UPDATE accounts SET balance = -1 WHERE stage = 'reserved'",
        "funds/joint/guangzhou/reserved: found the balance -1, expected nought or more",
    )
    .await;
    is_found(
        "UPDATE accounts SET balance = 7 WHERE stage = 'paid'",
        "accounts funds/joint/guangzhou: found the sum of all stages -18, expected 0",
    )
    .await;
}

#[tokio::test]
async fn money_that_left_its_purse_or_was_moved_by_nobody_is_found() {
    is_found(
        "UPDATE transfers SET to_account = (SELECT id FROM accounts WHERE purse LIKE '%foshan'
         AND stage = 'available') WHERE number = 3",
        "transfers 3: found funds/joint/guangzhou in CNY to funds/joint/foshan in CNY",
    )
    .await;
    is_found("DELETE FROM transfers WHERE number = 4", "entries 3: found no transfer").await;
    is_found("DELETE FROM transfers WHERE number = 4", "transfers 5: found a gap before it").await;
    is_found("DELETE FROM entries WHERE number = 3", "entries 4: found a gap before it").await;
    is_found("DELETE FROM entries WHERE number = 3", "leads to no row of entries").await;
    is_found(
        "UPDATE accounts SET currency = 'HKD' WHERE stage = 'paid'",
        "paid: found the currency HKD, expected CNY",
    )
    .await;
    is_found(
        "UPDATE accounts SET purse = 'purses/x' WHERE stage = 'paid'",
        "found \"purses/x\", expected a purse",
    )
    .await;
    is_found(
        "INSERT INTO entries VALUES (99, '1970-01-01T00:00:00Z', 'x', 'pay', 1)",
        "entries 99: found no event of \"one-a1\"",
    )
    .await;
}

#[tokio::test]
async fn an_application_that_does_not_agree_with_its_row_or_events_is_found() {
    let of = |key: &str, value: &str| {
        format!(
            "UPDATE applications SET body = json_set(body, '$.{key}', {value}) WHERE number = 1"
        )
    };
    for (key, value, said) in [
        ("id", "'two-a1'", "in its body the id two-a1, expected one-a1"),
        ("program", "'two'", "in its body the program two, expected one"),
        ("sequence", "9", "in its body the sequence 9, expected 1"),
        ("number", "9", "in its body the number 9, expected 1"),
        ("state", "'paid'", "in its body the state paid, expected reserved"),
        ("decision", "'one-d9'", "in its body the decision one-d9, expected one-d1"),
        ("extra", "1", "the body: unknown field `extra`"),
        ("case", "json('{\"a\":1,\"a\":2}')", "the body: the key \"a\" is given twice"),
    ] {
        is_found(&of(key, value), &format!("applications one-a1: found {said}")).await;
    }
    is_found(
        "UPDATE applications SET state = 'closed' WHERE number = 1",
        "found the state closed, expected reserved",
    )
    .await;
    is_found("UPDATE applications SET number = 7 WHERE number = 3", "the number 7, expected 3")
        .await;
    is_found(
        "UPDATE applications SET sequence = 9 WHERE number = 3",
        "one-a3: found the sequence 9, expected 3",
    )
    .await;
    is_found("UPDATE applications SET program = 'two'", "found the program \"two\"").await;
    is_found("DELETE FROM events WHERE application = 3", "one-a3: found no event").await;
    is_found(
        "UPDATE events SET number = 9 WHERE application = 2 AND number = 3",
        "events one-a2/9: found the number 9, expected 3",
    )
    .await;
    is_found(
        "UPDATE events SET body = '{}' WHERE application = 3",
        "events one-a3/1: found the body: missing field",
    )
    .await;
    is_found(
        "UPDATE entries SET by = 'nobody' WHERE application = 1",
        "found an entry of one-a1 submit 1970-01-01T00:00:00Z nobody, expected one-a1 submit",
    )
    .await;
}

#[tokio::test]
async fn money_that_an_application_has_and_says_otherwise_of_is_found() {
    is_found(
        "UPDATE applications SET body = json_set(body, '$.parts[0].awarded.amount', '0.50')
         WHERE number = 1",
        "applications one-a1: found reserved 50, committed 0, paid 0 of funds/joint/guangzhou in CNY, \
         expected what moved: reserved 40",
    )
    .await;
    is_found(
        "UPDATE applications SET body = json_set(body, '$.parts[0].paid.amount', '0.30')
         WHERE number = 2",
        "accounts funds/joint/guangzhou in CNY: found reserved 40, committed 25, paid 25, expected \
         what applications hold: reserved 40, committed 20, paid 30",
    )
    .await;
    is_found(
        "UPDATE applications SET body = json_set(body, '$.waiting', json('false')) WHERE number = 3",
        "one-a3: found 70 awarded and not paid when it is submitted, expected nothing",
    )
    .await;
    is_found("DELETE FROM events WHERE application = 1", "entries 2: found no event").await;
}

#[tokio::test]
async fn a_chain_that_was_broken_or_a_receipt_that_was_changed_is_found() {
    let set = |what: &str| format!("UPDATE decisions SET {what} WHERE number = 2");
    for (sql, said) in [
        (set("digest = 'sha256:00'"), "one/2: found the digest sha256:00, expected sha256:"),
        (set("digest = 'sha256:00'"), "one/3: found in its receipt the one before sha256:"),
        (
            "UPDATE signatures SET text = 'forged' WHERE number = 2".to_owned(),
            "one/2: found a bad signature",
        ),
        (set("signature = 99"), "one/2: found a bad signature"),
        (
            "UPDATE signatures SET text = 'lost'".to_owned(),
            "keys K: found no such key; receipts signed by it: 3, the first one/1",
        ),
        (set("signature = 1"), "signatures 2: found nothing that goes by it"),
        (set("application = 9"), "one/2: found the application \"9\", expected one of the program"),
        (set("number = 5"), "one/3: found the number 3, expected 2"),
        (set("number = 5"), "events one-a2/1: found the decision \"one-d2\""),
        (set("number = 5"), "one/5: found the number of its events 0, expected 1"),
        (set("application = 1"), "events one-a2/1: found the decision \"one-d2\""),
        (set("receipt = x''"), "one/2: found the receipt: its length is missing, expected a text"),
        (set("receipt = x'28b52ffd2005ffff'"), "one/2: found the receipt: Src size is incorrect"),
        ("UPDATE patterns SET text = ''".to_owned(), "one/2: found the receipt: "),
    ] {
        is_found(&sql, said).await;
    }
}

#[tokio::test]
async fn a_receipt_that_says_otherwise_than_the_store_is_found() {
    for (key, value, said) in [
        ("id", json!("x"), "in its receipt the id x, expected one-d2"),
        ("program", json!("x"), "in its receipt the program x, expected one"),
        ("number", json!(3), "in its receipt the number 3, expected 2"),
        ("application", json!(null), "in its receipt the application none, expected one-a2"),
        ("previous", json!(null), "in its receipt the one before none, expected sha256:"),
        (
            "transfers",
            json!([]),
            "in its receipt the transfers none, expected 50 CNY of funds/joint/guangzhou from \
             available to reserved",
        ),
    ] {
        let (folder, store) = lively().await;
        let second = store.decision(&"one-d2".parse().unwrap()).await.unwrap().unwrap();
        drop((store, folder));
        let mut receipt: Value = serde_json::from_str(&second.paper.receipt).unwrap();
        receipt[key] = value;
        is_found(&written_whole(&receipt.to_string()), said).await;
    }
    is_found(&written_whole("{}"), "one/2: found the receipt: missing field").await;
}

/// Puts a text in the place of the second receipt.
fn written_whole(receipt: &str) -> String {
    let mut rest = Vec::with_capacity(zstd_safe::compress_bound(receipt.len()));
    zstd_safe::compress(&mut rest, receipt.as_bytes(), 1).unwrap();
    let rest = crate::domain::digest::hex(&rest);
    format!(
        "INSERT INTO patterns (number, kind, text) VALUES (99, 'planted', '');
         UPDATE decisions SET pattern = 99, receipt = x'{rest}' WHERE number = 2"
    )
}

#[tokio::test]
async fn a_document_that_does_not_read_agree_or_lead_anywhere_is_found() {
    for (sql, said) in [
        ("UPDATE entities SET body = '{}' WHERE id = 'joint'", "funds/joint: found the body: "),
        ("UPDATE entities SET kind = 'things' WHERE id = 'joint'", "found the kind things"),
        ("UPDATE entities SET id = 'j' WHERE id = 'joint'", "in its body the id joint, expected j"),
        ("UPDATE entities SET sort = 'x' WHERE id = 'one'", "programs/one: found the sort x"),
        ("UPDATE entities SET names = 'x' WHERE id = 'one'", "programs/one: found the names x"),
        ("DELETE FROM entities WHERE id = 'foshan'", "which is not among the cities"),
        (
            "DELETE FROM entity_cities WHERE id = 'joint' AND city = 'foshan'",
            "funds/joint: found the cities guangzhou, expected foshan, guangzhou",
        ),
        (
            "UPDATE entities SET body = json_set(body, '$.contributions[0].amount', '2.00')
             WHERE id = 'joint'",
            "expected 1.00 CNY moved from source to available in funds/joint/guangzhou",
        ),
        ("UPDATE rounds SET body = '{'", "rounds one/final/1: found the body: EOF"),
        ("UPDATE rounds SET number = 2", "rounds one/final/2: found the number 2, expected 1"),
        ("UPDATE rounds SET program = 'two'", "found the program \"two\""),
        ("UPDATE rounds SET recorded = 'once'", "found the time \"once\""),
        ("UPDATE answers SET status = 7", "answers POST/one-a1: found the status 7"),
        (
            "UPDATE answers SET application = 2 WHERE key = 'one-a1'",
            "answers POST/one-a1: found in its body the application one-a1, expected one-a2",
        ),
        ("DELETE FROM answers WHERE key = 'one-a1'", "applications one-a1: found no answer"),
        ("UPDATE answers SET language = 'xx'", "answers POST/one-a1: found the language xx"),
        (
            "UPDATE answers SET body = x''",
            "answers POST/one-a1: found the body: its length is missing",
        ),
    ] {
        is_found(sql, said).await;
    }
}

#[tokio::test]
async fn pages_that_were_overwritten_are_found() {
    let (folder, store) = lively().await;
    store.close().await;
    drop(store);
    let file = folder.path().join("concord.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let from = bytes.len() - 4096;
    bytes[from..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let found = faults(&folder).await;
    assert!(found[0].starts_with("sqlite "), "{found:#?}");
    std::fs::write(&file, "no database at all, however long the text may be that stands in it")
        .unwrap();
    assert_eq!(
        faults(&folder).await,
        ["sqlite file: found error returned from database: (code: 26) file is not a database, \
          expected a database that can be read"]
    );
}
