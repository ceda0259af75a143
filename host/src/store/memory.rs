//! The entities and books in memory: many readers, one writer at a time, and nobody waits.

use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::entities::Entities;

/// The entities as they were last committed.
#[derive(Default)]
pub(super) struct Memory {
    current: RwLock<Arc<Entities>>,
}

impl Memory {
    pub(super) fn new(entities: Entities) -> Memory {
        Memory { current: RwLock::new(Arc::new(entities)) }
    }

    /// What is there now.
    pub(super) fn get(&self) -> Arc<Entities> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what was committed. Callers take turns: two at once could lose what one of them did.
    pub(super) fn replace(&self, entities: Entities) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(entities);
    }
}
