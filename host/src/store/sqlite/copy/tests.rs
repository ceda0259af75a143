//! Copies of real stores, and of what was done to them on the way.

use std::io::{BufReader, Cursor};
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::import::{Import, ImportError};
use super::tables::TABLES;
use super::*;
use crate::store::sqlite::check::check;
use crate::store::sqlite::fixture::{lively, submit};
use crate::store::{SqliteStore, StoreError};

async fn export_of(data: &Path) -> String {
    let mut bytes = Vec::new();
    let keys = [json!({ "kty": "OKP", "kid": "one" })];
    Export::begin(data).await.unwrap().write(&keys, &mut bytes, &()).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn import_of(text: &[u8], data: &Path) -> Result<Import, ImportError> {
    Import::read(&mut BufReader::new(Cursor::new(text)), data, &()).await
}

fn everything_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

async fn lively_export() -> (TempDir, String) {
    let (folder, _store) = lively().await;
    let text = export_of(folder.path()).await;
    (folder, text)
}

#[tokio::test]
async fn an_export_that_was_imported_is_exported_to_the_same_bytes_and_a_host_goes_on_with_it() {
    let (_folder, text) = lively_export().await;
    let other = tempfile::tempdir().unwrap();
    let data = other.path().join("new/data");
    let import = import_of(text.as_bytes(), &data).await.unwrap();
    assert_eq!(import.keys(), [json!({ "kty": "OKP", "kid": "one" })]);
    let report = import.check(&|_, _| Vec::new(), &()).await.unwrap();
    assert_eq!(report.flaws, []);
    import.put_in_place().await.unwrap();
    assert_eq!(export_of(&data).await, text);
    let store = SqliteStore::open(&data).await.unwrap();
    submit(&store, 10).await;
    assert_eq!(check(&data, &|_, _| Vec::new(), &()).await.unwrap().flaws, []);
}

#[tokio::test]
async fn every_table_is_in_an_export_with_every_column() {
    let (folder, store) = lively().await;
    let mut found: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
         AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&store.inner.pool)
    .await
    .unwrap();
    found.sort();
    let mut known = TABLES.to_vec();
    known.sort_unstable();
    assert_eq!(found, known);
    let text = export_of(folder.path()).await;
    for table in TABLES {
        let line = text.lines().find(|line| line.contains(&format!("{{\"table\":\"{table}\"")));
        let line: Value = serde_json::from_str(line.expect(table)).unwrap();
        let sql = format!("SELECT count(*) FROM pragma_table_info('{table}')");
        let columns: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&store.inner.pool)
            .await
            .unwrap();
        assert_eq!(line["row"].as_object().unwrap().len(), columns as usize, "{table}");
    }
}

#[tokio::test]
async fn a_file_that_was_cut_or_changed_is_refused_and_leaves_nothing_behind() {
    let (_folder, text) = lively_export().await;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |left_out: usize| -> String {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != left_out);
        kept.map(|(_, line)| *line).collect()
    };
    let last = lines.len();
    let longer = format!("{text}{{}}\n");
    let twice = format!("{text}{text}");
    for (changed, said) in [
        (text.replace("\"balance\":40", "\"balance\":41"), "they were changed"),
        (text.replace("one-a1", "one-a8"), "they were changed"),
        (without(last - 2), "they were changed"),
        (without(1), "they were changed"),
        (without(last - 1), &format!("it ends with line {}", last - 1)),
        (text[..text.len() - 1].to_owned(), &format!("it ends with line {last}")),
        (text[..text.len() / 2].to_owned(), "it was cut"),
        (longer, "found more behind the line with the digest"),
        (twice, "found more behind the line with the digest"),
        (text.replace("\"transfers\",", "\"moves\","), "found the table \"moves\""),
        (text.replacen("{\"key\"", "{\"kye\"", 1), "line 2: expected a key, a row"),
        (text.replacen("\"version\":4", "\"version\":5", 1), "found concord-store in version 5"),
        (text.replacen("\"layout\":", "\"layout\":9", 1), "expected concord-store in version 4"),
        (without(0), "found a first line that is none"),
        (String::new(), "found nothing"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let refused = import_of(changed.as_bytes(), folder.path()).await.err();
        let refused = refused.unwrap_or_else(|| panic!("{said}")).to_string();
        assert!(refused.contains(said), "{said}: {refused}");
        assert!(everything_in(folder.path()).is_empty(), "{said}");
        let new = folder.path().join("new");
        assert!(import_of(changed.as_bytes(), &new).await.is_err());
        assert!(!new.exists(), "{said}");
    }
}

#[tokio::test]
async fn an_import_that_is_given_up_leaves_nothing_behind() {
    let (_folder, text) = lively_export().await;
    let folder = tempfile::tempdir().unwrap();
    let import = import_of(text.as_bytes(), folder.path()).await.unwrap();
    let held = import_of(text.as_bytes(), folder.path()).await.err().unwrap();
    assert!(matches!(held, ImportError::NotEmpty(_)), "{held}");
    drop(import);
    assert!(everything_in(folder.path()).is_empty());
}

#[tokio::test]
async fn a_folder_in_which_something_is_takes_no_import() {
    let (folder, text) = lively_export().await;
    let refused = import_of(text.as_bytes(), folder.path()).await.err().unwrap();
    assert!(matches!(refused, ImportError::NotEmpty(_)), "{refused}");
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("note"), "mine").unwrap();
    let refused = import_of(text.as_bytes(), other.path()).await.err().unwrap();
    assert!(matches!(refused, ImportError::NotEmpty(_)), "{refused}");
    assert_eq!(everything_in(other.path()), ["note"]);
}

#[tokio::test]
async fn what_does_not_agree_with_itself_is_found_before_it_is_in_place() {
    let (folder, store) = lively().await;
    sqlx::query("UPDATE accounts SET balance = balance + 1 WHERE stage = 'paid'")
        .execute(&store.inner.pool)
        .await
        .unwrap();
    let text = export_of(folder.path()).await;
    let other = tempfile::tempdir().unwrap();
    let import = import_of(text.as_bytes(), other.path()).await.unwrap();
    let report = import.check(&|_, _| Vec::new(), &()).await.unwrap();
    assert_eq!(report.flaws[0].found, "the balance 26");
    drop(import);
    assert!(everything_in(other.path()).is_empty());
}

#[tokio::test]
async fn a_backup_while_writes_go_on_is_whole_clean_private_and_takes_no_others_place() {
    let (folder, store) = lively().await;
    let copies = tempfile::tempdir().unwrap();
    let write = async {
        for _ in 0..9 {
            submit(&store, 1).await;
        }
    };
    let copy = async {
        for number in 0..5 {
            let file = copies.path().join(format!("{number}/concord.sqlite"));
            std::fs::create_dir(file.parent().unwrap()).unwrap();
            backup(folder.path(), &file).await.unwrap();
        }
    };
    tokio::join!(write, copy);
    for number in 0..5 {
        let data = copies.path().join(number.to_string());
        assert_eq!(everything_in(&data), ["concord.sqlite"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = data.join("concord.sqlite").metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let report = check(&data, &|_, _| Vec::new(), &()).await.unwrap();
        assert_eq!(report.flaws, []);
        assert!(report.counted["applications"] >= 3);
    }
    let there = copies.path().join("0/concord.sqlite");
    let before = std::fs::read(&there).unwrap();
    let refused = backup(folder.path(), &there).await.unwrap_err();
    assert!(matches!(refused, StoreError::File { .. }), "{refused}");
    assert_eq!(std::fs::read(&there).unwrap(), before);
}
