//! `GET …/progress`: how far a program has come.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::extract::Id;
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use crate::domain::ids::ProgramId;
use crate::domain::progress::Progress;

/// How far a program has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramProgress {
    /// The program's id.
    pub program: ProgramId,
    /// The day by the end of which it is counted: today in the program's first city.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// The targets, in the order of the program's file.
    pub targets: Vec<Progress>,
}

/// Counts a program's targets from the records, as they are now.
#[utoipa::path(
    get, path = "/v1/programs/{program}/progress", tag = "programs",
    operation_id = "progress", summary = "Get how far a program has come",
    params(
        ("program" = String, Path, description = "The program's id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of names: zh-Hans, zh-Hant or en."),
    ),
    responses(
        (status = 200, description = "Every target, with what is reached.", body = ProgramProgress),
        (status = 404, description = "There is no such program.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn progress(
    State(app): State<App>,
    Id(program): Id<ProgramId>,
    language: Reads,
) -> Result<Response, Problem> {
    let (_, program) = app.program(&program)?;
    let (entities, grants) = (app.store.entities(), app.store.grants());
    let as_of = program.today(&entities, (app.clock)());
    let of_target = |target: &crate::domain::progress::Target| {
        let name = target.name.get(language.0);
        target.progress(&program.laid_down, &entities, &grants, as_of, name)
    };
    let targets = program.laid_down.targets.iter().map(of_target).collect();
    let program = program.laid_down.id.clone();
    Ok((language, Json(ProgramProgress { program, as_of: as_of.to_string(), targets }))
        .into_response())
}
