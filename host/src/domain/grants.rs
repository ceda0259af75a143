//! What applications are granted, for those who count it.
//!
//! It is apart from the books, which every unit of work reads and changes: what is only counted need not keep pace with
//! each of them.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

use super::application::Application;
use super::entity::EntityKind;
use super::ids::{ApplicationId, ProgramId};
use super::nouns::Award;

/// What an application is granted.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The application.
    pub application: ApplicationId,
    /// The program.
    pub program: ProgramId,
    project: Option<String>,
    /// How much, and by whom.
    pub awards: Vec<Award>,
}

impl Grant {
    /// The project's id; the application stands for it where it is not on record.
    #[must_use]
    pub fn project(&self) -> &str {
        self.project.as_deref().unwrap_or(self.application.as_str())
    }
}

/// What applications are granted, in the order of submission. A copy costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Grants(RedBlackTreeMapSync<i64, Arc<Grant>>);

impl Grants {
    /// What a program grants.
    pub fn of<'a>(&'a self, program: &'a ProgramId) -> impl Iterator<Item = &'a Grant> {
        self.0.values().map(AsRef::as_ref).filter(move |grant| grant.program == *program)
    }

    /// Takes over what an application comes to, in the place of what it came to before.
    pub fn take_over(&mut self, application: &Application) {
        let awards = application.awards();
        if awards.is_empty() {
            self.0.remove_mut(&application.sequence);
            return;
        }
        let mut projects = application.beneficiaries.iter();
        let project = projects.find_map(|one| one.id(EntityKind::Project)).map(str::to_owned);
        let (id, program) = (application.id.clone(), application.program.clone());
        let grant = Grant { application: id, program, project, awards };
        self.0.insert_mut(application.sequence, Arc::new(grant));
    }
}
