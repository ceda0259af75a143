//! The entities in memory: many readers, one writer at a time, no reader ever waits for a copy.

use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::entities::Entities;
use crate::domain::entity::Entity;

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

    /// Puts entities in. Callers take turns: two at once could lose what one of them put in.
    pub(super) fn put(&self, changed: &[Arc<Entity>]) {
        {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(alone) = Arc::get_mut(&mut current) {
                changed.iter().for_each(|entity| alone.put(entity.clone()));
                return;
            }
        }
        // Somebody is reading: the copy is made outside the lock, so that no check waits for it.
        let mut copy = Entities::clone(&self.get());
        changed.iter().for_each(|entity| copy.put(entity.clone()));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(copy);
    }
}
