//! Why an application, or what was to be done to one, is not taken.

use crate::domain::application::{Move, State};
use crate::domain::fault::Fault;
use crate::store::StoreError;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Something in the body is not as it should be: put it right.
    #[error("the body cannot be taken as it stands")]
    Faults(Vec<Fault>),
    /// Facts of the body say otherwise than the record: change the record first, or leave them out.
    #[error("facts of the case say otherwise than what is on record")]
    Overridden(Vec<Fault>),
    /// The key was used for another body: take another one.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Nothing has this id.
    #[error("there is no application \"{0}\"")]
    NotFound(String),
    /// The application's state does not allow it.
    #[error("an application that is {} cannot be moved by {}", .state.as_str(), .asked.as_str())]
    NotAllowed {
        /// What was to be done.
        asked: Move,
        /// Its state.
        state: State,
    },
    /// The program takes none.
    #[error("{0}")]
    TakesNone(String),
    /// What the application rests on is gone from the host.
    #[error("{0}")]
    Gone(String),
    /// The store failed, or there is not so much money.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mistake in the host.
    #[error("the host failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Vec<Fault>> for ApplyError {
    fn from(faults: Vec<Fault>) -> ApplyError {
        ApplyError::Faults(faults)
    }
}

impl ApplyError {
    /// A mistake in the host.
    pub(super) fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ApplyError::Internal(error.into())
    }
}
