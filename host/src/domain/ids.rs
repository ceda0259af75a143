//! Typed ids, all in one place. Each is checked when it is made, so that none reaches the store unchecked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found \"{0}\", expected an id: small letters, digits and hyphens, at most 64, a letter or digit first and last"
)]
pub struct BadId(pub String);

fn check(text: &str) -> Result<(), BadId> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = text.len() <= 64
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|c| edge(c) || c == '-');
    if fits { Ok(()) } else { Err(BadId(text.chars().take(80).collect())) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(&text)?;
                Ok($name(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// The id of a city.
    CityId
    /// The id of an organisation.
    OrganisationId
    /// The id of a talent.
    TalentId
    /// The id of a program.
    ProgramId
    /// The id of a fund.
    FundId
    /// The id of a project.
    ProjectId
    /// The id of a voucher.
    VoucherId
    /// The id of a resource.
    ResourceId
    /// The id of an agreement.
    AgreementId
    /// The id of an application.
    ApplicationId
    /// The id of a recorded decision.
    DecisionId
    /// The id of an exchange rate.
    RateId
    /// The id of a policy.
    PolicyId
    /// The id of a round of selection.
    RoundId
    /// The id of a target.
    TargetId
}
