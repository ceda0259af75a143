//! A unit of work that gives something back.

use std::sync::{Arc, Mutex, PoisonError};

use super::ApplyError;
use crate::store::{Store, StoreError, Undo, Unit};

/// Does work as a unit, and gives back what it came to once that is committed. An error undoes it.
pub(super) async fn in_unit<T: Send + 'static>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Unit) -> Result<T, ApplyError> + Send + 'static,
) -> Result<T, ApplyError> {
    let slot = Arc::new(Mutex::new(None));
    let told = slot.clone();
    let put = move |result| *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    let kept = store.work(Box::new(move |unit| match work(unit) {
        Ok(done) => {
            put(Ok(done));
            Ok(())
        }
        // What the store itself cannot do is its failure, and not a refusal.
        Err(ApplyError::Store(error)) if !matches!(error, StoreError::Short(_)) => {
            Err(Undo::Failed(error))
        }
        Err(error) => {
            put(Err(error));
            Err(Undo::Refused)
        }
    }));
    kept.await?;
    let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(ApplyError::internal("the unit of work gave nothing back")))
}
