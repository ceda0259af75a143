//! Rounds: each reads, and the records of a round are numbered without a gap.

use futures_util::TryStreamExt;
use serde::de::IgnoredAny;
use sqlx::SqliteConnection;

use super::{Flaws, Watch, time};
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
        if let Err(error) = serde_json::from_str::<IgnoredAny>(&row.body) {
            flaws.add("rounds", &key, format!("the body: {error}"), "JSON");
        }
        time("rounds", &key, &row.recorded, flaws);
        watch.advance(1);
    }
    Ok(())
}
