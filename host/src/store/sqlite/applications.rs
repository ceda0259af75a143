//! Applications, what was done to them, how they were decided, and what was answered.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use super::written::{self, Done, Kept};
use crate::domain::application::{Application, Event};
use crate::domain::ids::{ApplicationId, DecisionId, ProgramId};
use crate::store::{Answer, ApplicationFilter, DecisionRecord, Link, Page, Source, StoreError};

/// An application as it stands.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    id: &ApplicationId,
) -> Result<Option<Application>, StoreError> {
    Ok(kept(connection, id).await?.map(|kept| kept.application))
}

/// An application as it stands, with how many events it has.
pub(super) async fn kept(
    connection: &mut SqliteConnection,
    id: &ApplicationId,
) -> Result<Option<Kept>, StoreError> {
    let found: Option<(String, i64)> = sqlx::query_as(
        "SELECT body, (SELECT coalesce(max(number), 0) FROM events WHERE application = $1)
         FROM applications WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?;
    let Some((body, events)) = found else { return Ok(None) };
    let application = read(&body, id.as_str())?;
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
    if let Some(after) = &page.after {
        query.push(" AND number > coalesce((SELECT number FROM applications WHERE id = ");
        query.push_bind(after.clone()).push("), 0)");
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
pub(super) async fn last(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let last = sqlx::query_scalar("SELECT coalesce(max(sequence), 0) FROM applications");
    Ok(last.fetch_one(connection).await?)
}

/// The place of the newest application among those of a program.
pub(super) async fn last_of(
    connection: &mut SqliteConnection,
    program: &ProgramId,
) -> Result<i64, StoreError> {
    let last =
        sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM applications WHERE program = $1");
    Ok(last.bind(program.as_str()).fetch_one(connection).await?)
}

/// Writes applications in the place of what they were before.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    applications: &[&Kept],
) -> Result<(), StoreError> {
    let bodies = applications.iter().map(|kept| Ok((&kept.application, json(&kept.application)?)));
    let bodies: Vec<_> = bodies.collect::<Result<_, StoreError>>()?;
    let into = "applications (sequence, id, program, number, state, body)";
    let moved = " ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body";
    written::insert(connection, into, &bodies, moved, |mut row, (application, body)| {
        row.push_bind(application.sequence).push_bind(application.id.to_string());
        row.push_bind(application.program.to_string()).push_bind(application.number);
        row.push_bind(application.state.as_str()).push_bind(body.clone());
    })
    .await?;
    Ok(())
}

/// Adds what was done to applications.
pub(super) async fn add_events(
    connection: &mut SqliteConnection,
    events: &[Done],
) -> Result<(), StoreError> {
    let bodies: Vec<_> = events
        .iter()
        .map(|done| Ok((done, json(&done.event)?)))
        .collect::<Result<_, StoreError>>()?;
    let into = "events (application, number, entry, body)";
    written::insert(connection, into, &bodies, "", |mut row, (done, body)| {
        row.push_bind(done.application.to_string()).push_bind(done.number);
        row.push_bind(done.entry).push_bind(body.clone());
    })
    .await?;
    Ok(())
}

/// What was done to an application, in order.
pub(super) async fn events(
    pool: &SqlitePool,
    id: &ApplicationId,
) -> Result<Vec<Event>, StoreError> {
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM events WHERE application = $1 ORDER BY number")
            .bind(id.as_str())
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

/// The newest link of a program's chain.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    program: &ProgramId,
) -> Result<Option<Link>, StoreError> {
    let found: Option<(i64, String)> = sqlx::query_as(
        "SELECT number, digest FROM decisions WHERE program = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(program.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(number, digest)| Link { number, digest }))
}

/// Records decisions.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    decisions: &[DecisionRecord],
) -> Result<(), StoreError> {
    let into = "decisions (program, number, id, application, digest, receipt, signature)";
    written::insert(connection, into, decisions, "", |mut row, decision| {
        row.push_bind(decision.program.to_string()).push_bind(decision.link.number);
        row.push_bind(decision.id.to_string()).push_bind(decision.application.to_string());
        row.push_bind(decision.link.digest.clone()).push_bind(decision.receipt.clone());
        row.push_bind(decision.signature.clone());
    })
    .await?;
    Ok(())
}

type DecisionRow = (String, i64, String, String, String, String, String);

const DECISIONS: &str =
    "SELECT program, number, id, application, digest, receipt, signature FROM decisions";

/// A recorded decision.
pub(super) async fn decision(
    pool: &SqlitePool,
    id: &DecisionId,
) -> Result<Option<DecisionRecord>, StoreError> {
    let row: Option<DecisionRow> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("{DECISIONS} WHERE id = $1")))
            .bind(id.as_str())
            .fetch_optional(pool)
            .await?;
    row.map(read_decision).transpose()
}

fn read_decision(row: DecisionRow) -> Result<DecisionRecord, StoreError> {
    let (program, number, id, application, digest, receipt, signature) = row;
    let corrupt = |error: crate::domain::ids::BadId| StoreError::Corrupt {
        what: format!("the decision \"{id}\""),
        source: Source::from(error.to_string()),
    };
    Ok(DecisionRecord {
        id: id.parse().map_err(corrupt)?,
        program: program.parse().map_err(corrupt)?,
        link: Link { number, digest },
        application: application.parse().map_err(corrupt)?,
        receipt,
        signature,
    })
}

/// What was answered to a request before.
pub(super) async fn answered(
    connection: &mut SqliteConnection,
    scope: &str,
    key: &str,
) -> Result<Option<Answer>, StoreError> {
    let found: Option<(String, u16, String, String)> = sqlx::query_as(
        "SELECT digest, status, body, at FROM answers WHERE scope = $1 AND key = $2",
    )
    .bind(scope)
    .bind(key)
    .fetch_optional(connection)
    .await?;
    let read = |(digest, status, body, at): (String, u16, String, String)| {
        let at = at.parse().map_err(|error: jiff::Error| StoreError::Corrupt {
            what: "the time of an answer".to_owned(),
            source: error.into(),
        })?;
        Ok(Answer { digest, status, body, at })
    };
    found.map(read).transpose()
}

/// Records what is answered to requests, each with its scope and key.
pub(super) async fn answer(
    connection: &mut SqliteConnection,
    answers: &[(&(String, String), &Answer)],
) -> Result<(), StoreError> {
    let into = "answers (scope, key, digest, status, body, at)";
    written::insert(connection, into, answers, "", |mut row, ((scope, key), answer)| {
        row.push_bind(scope.clone()).push_bind(key.clone()).push_bind(answer.digest.clone());
        row.push_bind(answer.status).push_bind(answer.body.clone());
        row.push_bind(answer.at.to_string());
    })
    .await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.into()))
}
