//! Recorded rounds.

use sqlx::SqliteConnection;

use crate::domain::ids::{ProgramId, RoundId};
use crate::store::{RoundRecord, StoreError};

/// The round as it was recorded last.
pub(super) async fn last(
    connection: &mut SqliteConnection,
    program: &ProgramId,
    round: &RoundId,
) -> Result<Option<RoundRecord>, StoreError> {
    let found: Option<(i64, String, String)> = sqlx::query_as(
        "SELECT number, recorded, body FROM rounds WHERE program = $1 AND round = $2
         ORDER BY number DESC LIMIT 1",
    )
    .bind(program.as_str())
    .bind(round.as_str())
    .fetch_optional(connection)
    .await?;
    found.map(|(number, recorded, body)| read(program, round, number, &recorded, body)).transpose()
}

fn read(
    program: &ProgramId,
    round: &RoundId,
    number: i64,
    recorded: &str,
    body: String,
) -> Result<RoundRecord, StoreError> {
    let corrupt = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Corrupt {
        what: format!("record {number} of round \"{round}\" of \"{program}\""),
        source,
    };
    let recorded = recorded.parse().map_err(|error: jiff::Error| corrupt(error.into()))?;
    Ok(RoundRecord { number, recorded, body })
}

/// Adds a record behind the last one.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    program: &ProgramId,
    round: &RoundId,
    record: &RoundRecord,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO rounds (program, round, number, recorded, body) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(program.as_str())
    .bind(round.as_str())
    .bind(record.number)
    .bind(record.recorded.to_string())
    .bind(&record.body)
    .execute(connection)
    .await?;
    Ok(())
}
