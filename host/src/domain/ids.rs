//! Typed ids, all in one place. Each is checked when it is made, so that none reaches the store unchecked.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

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
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String")]
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

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
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
    /// The id of an application: its program's, `-a`, and its number there.
    ApplicationId
    /// The id of a recorded decision: its program's, `-d`, and its number there.
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

/// The program that a numbered id is of, and the number there; none where the text is no such id.
fn place<'a>(id: &'a str, mark: &str) -> Option<(&'a str, i64)> {
    let (program, digits) = id.rsplit_once(mark)?;
    let number = digits.parse().ok()?;
    // Written in one way only: no sign, no noughts before it.
    let canonical = i64::to_string(&number) == digits && number > 0;
    canonical.then_some((program, number))
}

impl ApplicationId {
    /// The id of a program's application, by its number there.
    pub fn of(program: &ProgramId, number: i64) -> Result<ApplicationId, BadId> {
        format!("{program}-a{number}").try_into()
    }

    /// The program, and the number there; none where no application can have this id.
    #[must_use]
    pub fn place(&self) -> Option<(&str, i64)> {
        place(&self.0, "-a")
    }
}

impl DecisionId {
    /// The id of a program's decision, by its number there.
    pub fn of(program: &ProgramId, number: i64) -> Result<DecisionId, BadId> {
        format!("{program}-d{number}").try_into()
    }

    /// The program, and the number there; none where no decision can have this id.
    #[must_use]
    pub fn place(&self) -> Option<(&str, i64)> {
        place(&self.0, "-d")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_id_tells_its_place_and_has_only_one() {
        let program: ProgramId = "hk-a2-b".parse().unwrap();
        let id = ApplicationId::of(&program, 17).unwrap();
        assert_eq!((id.as_str(), id.place()), ("hk-a2-b-a17", Some(("hk-a2-b", 17))));
        let decision = DecisionId::of(&program, 1).unwrap();
        assert_eq!((decision.as_str(), decision.place()), ("hk-a2-b-d1", Some(("hk-a2-b", 1))));
        let others =
            ["hk-a0", "hk-a07", "hk-a-7", "hk-d7", "hk-a7b", "a7", "hk-a9223372036854775808"];
        for other in others {
            assert_eq!(other.parse::<ApplicationId>().unwrap().place(), None, "{other}");
        }
    }
}
