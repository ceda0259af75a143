//! What a ruling or decision comes to.

use concord_contract::Truth;
use serde::{Deserialize, Serialize};

/// The outcome of a ruling or decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The rules are met.
    Eligible,
    /// The rules are not met.
    Ineligible,
    /// It cannot be said.
    Undetermined,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Eligible => "eligible",
            Outcome::Ineligible => "ineligible",
            Outcome::Undetermined => "undetermined",
        }
    }

    /// It as a truth, to be combined with others.
    pub fn truth(self) -> Truth {
        match self {
            Outcome::Eligible => Truth::Met,
            Outcome::Ineligible => Truth::Unmet,
            Outcome::Undetermined => Truth::Undetermined,
        }
    }
}

impl From<Truth> for Outcome {
    fn from(truth: Truth) -> Outcome {
        match truth {
            Truth::Met => Outcome::Eligible,
            Truth::Unmet => Outcome::Ineligible,
            Truth::Undetermined => Outcome::Undetermined,
        }
    }
}
