//! Requests that are done once, however often they come.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::ApplyError;
use crate::store::{Answer, Unit};

/// A request with the key by which it is known again.
#[derive(Clone, Debug)]
pub struct Request {
    /// The route that it came by.
    pub scope: String,
    /// The caller's key.
    pub key: String,
    /// The digest of its body.
    pub digest: String,
    /// When it came.
    pub now: Timestamp,
}

/// The digest of a body.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Request {
    /// What was answered when the request came before.
    pub(super) async fn answered(&self, unit: &mut dyn Unit) -> Result<Option<Answer>, ApplyError> {
        match unit.answered(&self.scope, &self.key).await? {
            Some(answer) if answer.digest != self.digest => Err(ApplyError::KeyReused),
            answer => Ok(answer),
        }
    }

    /// Answers it, for this time and all others.
    pub(super) async fn answer(
        &self,
        unit: &mut dyn Unit,
        status: u16,
        body: &impl serde::Serialize,
    ) -> Result<Answer, ApplyError> {
        let body = serde_json::to_string(body).map_err(ApplyError::internal)?;
        let answer = Answer { digest: self.digest.clone(), status, body, at: self.now };
        unit.answer(&self.scope, &self.key, &answer).await?;
        Ok(answer)
    }
}
