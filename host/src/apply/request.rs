//! Requests that are done once, however often they come.

use concord_contract::language::Language;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::ApplyError;
use crate::domain::digest::hex;
use crate::domain::ids::ApplicationId;
use crate::store::{Answer, RequestKey, Text, Unit};

/// A request with the key by which it is known again.
#[derive(Clone, Debug)]
pub struct Request {
    /// The key.
    pub key: RequestKey,
    /// The digest of its body.
    pub digest: String,
    /// When it came.
    pub now: Timestamp,
}

/// The digest of a body.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

impl Request {
    /// What was answered when the request came before.
    pub(super) fn answered(&self, unit: &mut dyn Unit) -> Result<Option<Answer>, ApplyError> {
        match unit.answered(&self.key)? {
            Some(answer) if answer.digest != self.digest => Err(ApplyError::KeyReused),
            answer => Ok(answer),
        }
    }

    /// Answers it, for this time and all others. The body is written when the others have been let on.
    pub(super) fn answer(
        &self,
        unit: &mut dyn Unit,
        status: u16,
        application: ApplicationId,
        language: Language,
        body: Text,
    ) -> Result<Answer, ApplyError> {
        let (digest, at) = (self.digest.clone(), self.now);
        let answer = Answer { application, digest, status, language, body, at };
        unit.answer(&self.key, answer.clone())?;
        Ok(answer)
    }
}
