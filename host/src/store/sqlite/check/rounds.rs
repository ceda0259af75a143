//! Rounds and answers: each reads, and the records of a round are numbered without a gap.

use concord_contract::language::Language;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::de::IgnoredAny;
use sqlx::SqliteConnection;

use super::super::texts::unpack;
use super::{Flaws, Watch};
use crate::store::StoreError;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    program: String,
    round: String,
    number: i64,
    recorded: String,
    body: String,
    known: bool,
}

pub(super) async fn check(
    moment: &mut SqliteConnection,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    rounds(moment, watch, flaws).await?;
    type Answer = (String, String, i64, String, Option<String>, Vec<u8>, String);
    let mut answers = sqlx::query_as::<_, Answer>(
        "SELECT scope, key, status, language, text, body, at
         FROM answers LEFT JOIN patterns ON number = pattern",
    )
    .fetch(&mut *moment);
    while let Some((scope, key, status, language, pattern, body, at)) = answers.try_next().await? {
        let key = format!("{scope}/{key}");
        let body = unpack(&pattern.unwrap_or_default(), &body).unwrap_or_else(|wrong| {
            flaws.add("answers", &key, format!("the body: {wrong}"), "a text that can be read");
            "null".to_owned()
        });
        if !(100..600).contains(&status) {
            flaws.add("answers", &key, format!("the status {status}"), "one of HTTP");
        }
        if Language::of_tag(&language).is_none() {
            let expected = Language::ALL.map(Language::tag).join(", ");
            flaws.add("answers", &key, format!("the language {language}"), expected);
        }
        reads("answers", &key, &body, &at, flaws);
        watch.advance(1);
    }
    drop(answers);
    Ok(())
}

async fn rounds(
    moment: &mut SqliteConnection,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT program, round, number, recorded, body, EXISTS
            (SELECT 1 FROM entities WHERE kind = 'programs' AND id = program) AS known
         FROM rounds ORDER BY program, round, number",
    )
    .fetch(moment);
    let mut before = (String::new(), String::new(), 0);
    while let Some(row) = rows.try_next().await? {
        let key = format!("{}/{}/{}", row.program, row.round, row.number);
        if (&before.0, &before.1) != (&row.program, &row.round) {
            before = (row.program.clone(), row.round.clone(), 0);
        }
        flaws.same("rounds", &key, "the number", row.number, before.2 + 1);
        before.2 = row.number;
        if !row.known {
            let found = format!("the program \"{}\"", row.program);
            flaws.add("rounds", &key, found, "one that is among the programs");
        }
        reads("rounds", &key, &row.body, &row.recorded, flaws);
        watch.advance(1);
    }
    Ok(())
}

/// The body is JSON, and the time is one.
fn reads(table: &str, key: &str, body: &str, at: &str, flaws: &mut Flaws) {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(body) {
        flaws.add(table, key, format!("the body: {error}"), "JSON");
    }
    if at.parse::<Timestamp>().is_err() {
        flaws.add(table, key, format!("the time \"{at}\""), "one as in RFC 3339");
    }
}
