//! Applications, what was done to them, how they were decided, and what was answered.

use std::sync::Arc;

use concord_contract::language::Language;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::texts::{Packed, unpack};
use super::written::{Answered, Decided, Done, Kept};
use crate::domain::application::{Application, Event};
use crate::domain::ids::{ApplicationId, BadId, DecisionId, ProgramId};
use crate::store::{
    Answer, ApplicationFilter, DecisionRecord, Page, Paper, RequestKey, Source, StoreError, Text,
};

/// An application as it stands.
pub(super) async fn find(
    pool: &SqlitePool,
    id: &ApplicationId,
) -> Result<Option<Application>, StoreError> {
    let Some((program, number)) = id.place() else { return Ok(None) };
    let found: Option<String> =
        sqlx::query_scalar("SELECT body FROM applications WHERE program = $1 AND number = $2")
            .bind(program)
            .bind(number)
            .fetch_optional(pool)
            .await?;
    found.map(|body| read(&body, id.as_str())).transpose()
}

/// An application as it stands, with how many events it has.
pub(super) fn kept(
    connection: &Connection,
    id: &ApplicationId,
) -> Result<Option<Kept>, StoreError> {
    let Some((program, number)) = id.place() else { return Ok(None) };
    let found: Option<(String, i64)> = connection
        .prepare_cached(
            "SELECT body, (SELECT coalesce(max(number), 0) FROM events WHERE application = sequence)
             FROM applications WHERE program = $1 AND number = $2",
        )?
        .query_row(params![program, number], |row| row.try_into())
        .optional()?;
    let Some((body, events)) = found else { return Ok(None) };
    let application = Arc::new(read(&body, id.as_str())?);
    Ok(Some(Kept { application, events, changed: false }))
}

/// Every application, in the order of submission.
pub(super) async fn all(pool: &SqlitePool) -> Result<Vec<Application>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, body FROM applications ORDER BY sequence")
            .fetch_all(pool)
            .await?;
    rows.iter().map(|(id, body)| read(body, id)).collect()
}

/// A page of a program's applications, in the order of submission, and the number to go on behind.
pub(super) async fn page(
    pool: &SqlitePool,
    program: &ProgramId,
    filter: &ApplicationFilter,
    page: &Page,
) -> Result<(Vec<Application>, Option<String>), StoreError> {
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT id, body FROM applications WHERE program = ");
    query.push_bind(program.as_str());
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state.as_str());
    }
    let after = page.after.as_ref().and_then(|after| after.parse::<ApplicationId>().ok());
    match after.as_ref().and_then(ApplicationId::place) {
        Some((of, number)) if of == program.as_str() => {
            query.push(" AND number > ").push_bind(number);
        }
        _ => {}
    }
    query.push(" ORDER BY number LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<(String, String)> = query.build_query_as().fetch_all(pool).await?;
    let more = rows.len() > page.limit as usize;
    let shown = rows.iter().take(page.limit as usize);
    let found: Vec<Application> =
        shown.map(|(id, body)| read(body, id)).collect::<Result<_, _>>()?;
    let next = found.last().map(|last| last.id.to_string()).filter(|_| more);
    Ok((found, next))
}

fn read(body: &str, id: &str) -> Result<Application, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Corrupt {
        what: format!("the application \"{id}\""),
        source: error.into(),
    })
}

/// The place of the newest application among all.
pub(super) fn last(connection: &Connection) -> Result<i64, StoreError> {
    let last = "SELECT coalesce(max(sequence), 0) FROM applications";
    Ok(connection.query_row(last, [], |row| row.get(0))?)
}

/// The place of the newest application among those of a program.
pub(super) fn last_of(connection: &Connection, program: &ProgramId) -> Result<i64, StoreError> {
    let last = "SELECT coalesce(max(number), 0) FROM applications WHERE program = $1";
    Ok(connection.query_row(last, [program.as_str()], |row| row.get(0))?)
}

/// Writes applications, each in the place of what it was before.
pub(super) fn write<'a>(
    transaction: &Transaction<'_>,
    all: impl Iterator<Item = &'a Application>,
) -> Result<(), StoreError> {
    let mut into = transaction.prepare_cached(
        "INSERT INTO applications (sequence, program, number, state, body)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (program, number) DO UPDATE SET state = excluded.state, body = excluded.body",
    )?;
    for application in all {
        let Application { sequence, program, number, state, .. } = application;
        let body = json(application)?;
        into.execute(params![sequence, program.as_str(), number, state.as_str(), body])?;
    }
    Ok(())
}

/// Adds what was done to applications.
pub(super) fn add_events<'a>(
    transaction: &Transaction<'_>,
    all: impl Iterator<Item = &'a Done>,
) -> Result<(), StoreError> {
    let mut into = transaction.prepare_cached(
        "INSERT INTO events (application, number, entry, body) VALUES ($1, $2, $3, $4)",
    )?;
    for Done { application, number, entry, event } in all {
        into.execute(params![application, number, entry, json(event)?])?;
    }
    Ok(())
}

/// What was done to an application, in order.
pub(super) async fn events(
    pool: &SqlitePool,
    id: &ApplicationId,
) -> Result<Vec<Event>, StoreError> {
    let Some((program, number)) = id.place() else { return Ok(Vec::new()) };
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT events.body FROM applications JOIN events ON application = sequence
         WHERE program = $1 AND applications.number = $2 ORDER BY events.number",
    )
    .bind(program)
    .bind(number)
    .fetch_all(pool)
    .await?;
    let read = |body: &String| {
        serde_json::from_str(body).map_err(|error| StoreError::Corrupt {
            what: format!("an event of the application \"{id}\""),
            source: error.into(),
        })
    };
    bodies.iter().map(read).collect()
}

/// The newest decision of a program: its number and the digest of its receipt.
pub(super) fn newest(
    connection: &Connection,
    program: &ProgramId,
) -> Result<Option<(i64, String)>, StoreError> {
    let newest =
        "SELECT number, digest FROM decisions WHERE program = $1 ORDER BY number DESC LIMIT 1";
    let found = connection.query_row(newest, [program.as_str()], |row| row.try_into());
    Ok(found.optional()?)
}

/// Records a signature, and gives its number.
pub(super) fn sign(transaction: &Transaction<'_>, signature: &str) -> Result<i64, StoreError> {
    let new = "INSERT INTO signatures (text) VALUES ($1)";
    transaction.prepare_cached(new)?.execute([signature])?;
    Ok(transaction.last_insert_rowid())
}

/// Records a decision, with its packed receipt and the number of its signature.
pub(super) fn record(
    transaction: &Transaction<'_>,
    decision: &Decided,
    receipt: &Packed,
    signature: i64,
) -> Result<(), StoreError> {
    let row = params![
        decision.program.as_str(),
        decision.number,
        decision.application,
        decision.paper.digest,
        receipt.pattern,
        receipt.rest,
        signature,
    ];
    transaction
        .prepare_cached(
            "INSERT INTO decisions
                (program, number, application, digest, pattern, receipt, signature)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )?
        .execute(row)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    program: String,
    number: i64,
    application: Option<String>,
    digest: String,
    text: String,
    receipt: Vec<u8>,
    signature: String,
}

/// A recorded decision.
pub(super) async fn decision(
    pool: &SqlitePool,
    id: &DecisionId,
) -> Result<Option<DecisionRecord>, StoreError> {
    let Some((program, number)) = id.place() else { return Ok(None) };
    let row: Option<DecisionRow> = sqlx::query_as(
        "SELECT d.program, d.number, a.id AS application, d.digest, p.text, d.receipt,
            s.text AS signature
         FROM decisions d LEFT JOIN applications a ON a.sequence = d.application
         JOIN patterns p ON p.number = d.pattern JOIN signatures s ON s.number = d.signature
         WHERE d.program = $1 AND d.number = $2",
    )
    .bind(program)
    .bind(number)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt =
        |source: Source| StoreError::Corrupt { what: format!("the decision \"{id}\""), source };
    let bad_id = |error: BadId| corrupt(error.into());
    Ok(Some(DecisionRecord {
        id: id.clone(),
        program: row.program.parse().map_err(bad_id)?,
        number: row.number,
        application: about(row.application).map_err(corrupt)?,
        paper: Paper {
            receipt: unpack(&row.text, &row.receipt).map_err(corrupt)?,
            digest: row.digest,
        },
        signature: row.signature,
    }))
}

/// What was answered to a request before.
pub(super) fn answered(
    connection: &Connection,
    request: &RequestKey,
) -> Result<Option<Answer>, StoreError> {
    type Found = (Option<String>, String, u16, String, String, Vec<u8>, String);
    let found: Option<Found> = connection
        .prepare_cached(
            "SELECT a.id, digest, status, language, p.text, answers.body, at
             FROM answers JOIN patterns p ON p.number = pattern
             LEFT JOIN applications a ON a.sequence = application WHERE scope = $1 AND key = $2",
        )?
        .query_row([&request.scope, &request.key], |row| row.try_into())
        .optional()?;
    let Some((application, digest, status, language, text, body, at)) = found else {
        return Ok(None);
    };
    let corrupt = |source: Source| StoreError::Corrupt {
        what: format!("what was answered to {} by the key \"{}\"", request.scope, request.key),
        source,
    };
    Ok(Some(Answer {
        application: about(application).map_err(corrupt)?,
        digest,
        status,
        language: Language::of_tag(&language)
            .ok_or_else(|| corrupt(format!("found the language \"{language}\"").into()))?,
        body: Text::of(unpack(&text, &body).map_err(corrupt)?),
        at: at.parse().map_err(|error: jiff::Error| corrupt(error.into()))?,
    }))
}

/// Records what is answered to a request, with its packed body.
pub(super) fn answer(
    transaction: &Transaction<'_>,
    request: &RequestKey,
    Answered { answer, about }: &Answered,
    body: &Packed,
) -> Result<(), StoreError> {
    let row = params![
        request.scope,
        request.key,
        answer.digest,
        answer.status,
        about.sequence,
        answer.language.tag(),
        body.pattern,
        body.rest,
        answer.at.to_string(),
    ];
    transaction
        .prepare_cached(
            "INSERT INTO answers
                (scope, key, digest, status, application, language, pattern, body, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )?
        .execute(row)?;
    Ok(())
}

/// The application that something is about.
fn about(id: Option<String>) -> Result<ApplicationId, Source> {
    let id = id.ok_or("there is no such application as it is about")?;
    id.parse().map_err(|error: BadId| error.into())
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.into()))
}
