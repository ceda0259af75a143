//! The entities and books in memory: many readers, one writer at a time, and nobody waits.

use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::application::Application;
use crate::domain::entities::Entities;
use crate::domain::grants::Grants;

/// The entities, and what applications are granted, as they were last committed.
#[derive(Default)]
pub(super) struct Memory {
    current: RwLock<Arc<Entities>>,
    grants: RwLock<Grants>,
}

impl Memory {
    pub(super) fn new(entities: Entities, grants: Grants) -> Memory {
        Memory { current: RwLock::new(Arc::new(entities)), grants: RwLock::new(grants) }
    }

    /// What is there now.
    pub(super) fn get(&self) -> Arc<Entities> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is granted now.
    pub(super) fn grants(&self) -> Grants {
        self.grants.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what applications that were committed are granted.
    pub(super) fn grant<'a>(&self, applications: impl Iterator<Item = &'a Application>) {
        let mut grants = self.grants.write().unwrap_or_else(PoisonError::into_inner);
        applications.for_each(|application| grants.take_over(application));
    }

    /// Takes over what was committed. Callers take turns: two at once could lose what one of them did.
    pub(super) fn replace(&self, entities: Entities) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(entities);
    }
}
