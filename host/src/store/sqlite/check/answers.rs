//! What was answered: each reads and is of its application, and each application has the answer by which it came.

use concord_contract::language::Language;
use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::SqliteConnection;

use super::super::texts::unpack;
use super::{Flaws, Watch, time};
use crate::store::StoreError;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    scope: String,
    key: String,
    status: i64,
    application: String,
    language: String,
    text: Option<String>,
    body: Vec<u8>,
    at: String,
}

/// What of a body the store has too.
#[derive(Deserialize)]
struct Body {
    application: String,
}

pub(super) async fn check(
    moment: &mut SqliteConnection,
    watch: &dyn Watch,
    flaws: &mut Flaws,
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT scope, key, status, coalesce(a.id, application || '') AS application,
            language, text, answers.body, at
         FROM answers LEFT JOIN patterns p ON p.number = pattern
         LEFT JOIN applications a ON a.sequence = application",
    )
    .fetch(&mut *moment);
    while let Some(row) = rows.try_next().await? {
        one(&row, flaws);
        watch.advance(1);
    }
    drop(rows);
    let unanswered: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM applications WHERE sequence NOT IN (SELECT application FROM answers)",
    )
    .fetch_all(moment)
    .await?;
    for application in unanswered {
        flaws.add(
            "applications",
            application,
            "no answer",
            "the one to the request by which it came",
        );
    }
    Ok(())
}

fn one(row: &Row, flaws: &mut Flaws) {
    let key = format!("{}/{}", row.scope, row.key);
    match unpack(row.text.as_deref().unwrap_or_default(), &row.body) {
        Ok(body) => match serde_json::from_str::<Body>(&body) {
            Ok(body) => {
                let (found, expected) = (body.application.as_str(), row.application.as_str());
                flaws.same("answers", &key, "in its body the application", found, expected);
            }
            Err(error) => flaws.add("answers", &key, format!("the body: {error}"), "an answer"),
        },
        Err(wrong) => {
            flaws.add("answers", &key, format!("the body: {wrong}"), "a text that can be read");
        }
    }
    if !(100..600).contains(&row.status) {
        flaws.add("answers", &key, format!("the status {}", row.status), "one of HTTP");
    }
    if Language::of_tag(&row.language).is_none() {
        let expected = Language::ALL.map(Language::tag).join(", ");
        flaws.add("answers", &key, format!("the language {}", row.language), expected);
    }
    time("answers", &key, &row.at, flaws);
}
