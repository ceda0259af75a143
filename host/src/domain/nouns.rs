//! The shared entities' own fields, one type for each noun.

use concord_contract::language::Texts;
use concord_contract::raw::Raw;
use concord_contract::{Date, Money, dates};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{
    AgreementId, CityId, FundId, OrganisationId, ProgramId, ProjectId, ResourceId, TalentId,
    VoucherId,
};
use super::shapes::{MoneyShape, TextsShape};

/// Facts by name, without types: those are laid on when a policy reads them.
pub type FactMap = IndexMap<String, Raw>;

/// A participating city or region.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct City {
    /// Its id.
    pub id: CityId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The bureau that runs its part of the programs.
    #[schema(value_type = TextsShape)]
    pub bureau: Texts,
    /// Its currency, by ISO 4217.
    pub currency: String,
    /// Its time zone, by the IANA database.
    pub time_zone: String,
}

/// An enterprise, university, institute, investor or service body.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// Where it is registered.
    pub city: CityId,
    /// What kind of organisation it is, such as `enterprise`.
    pub kind: String,
    /// Whether it stands on its city's shared list.
    #[serde(default)]
    pub listed: bool,
    /// Awards on record, oldest first.
    #[serde(default)]
    pub awards: Vec<Award>,
    /// Further facts.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: FactMap,
}

/// A person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Talent {
    /// The id.
    pub id: TalentId,
    /// The name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The city that the person works in, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// Awards on record, oldest first.
    #[serde(default)]
    pub awards: Vec<Award>,
    /// Further facts.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: FactMap,
}

/// Money put in by cities in shares.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    /// Its id.
    pub id: FundId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// Its currency, by ISO 4217.
    pub currency: String,
    /// What each city put in. The host keeps account of it from then on (`/v1/funds/{fund}/balance`).
    #[serde(default)]
    pub contributions: Vec<Contribution>,
}

/// What one city put into a fund.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// The city.
    pub city: CityId,
    /// How much in all, in major units of the fund's currency.
    pub amount: String,
    /// How much of it was spent before the host kept account of it; it counts when the fund is first put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spent: Option<String>,
}

/// What parties ask a program to support; also an entry, a supply or a demand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// Where it is carried out, if in one city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// The organisations behind it.
    #[serde(default)]
    pub parties: Vec<OrganisationId>,
    /// Awards on record, oldest first.
    #[serde(default)]
    pub awards: Vec<Award>,
    /// Further facts.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: FactMap,
}

/// An innovation voucher.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Voucher {
    /// Its id.
    pub id: VoucherId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The city that issued it.
    pub city: CityId,
    /// The organisation that holds it.
    pub holder: OrganisationId,
    /// The day of issue.
    #[serde(with = "dates")]
    #[schema(value_type = String, format = Date)]
    pub issued: Date,
    /// The last day on which it can be used.
    #[serde(with = "dates")]
    #[schema(value_type = String, format = Date)]
    pub expires: Date,
    /// What it was issued for. What is left on it is a fact of its own, `balance`, of which the host keeps account.
    #[schema(value_type = MoneyShape)]
    pub amount: Money,
    /// How much of it was redeemed before the host kept account of it; it counts when the voucher is first put
    /// there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub spent: Option<Money>,
    /// Further facts.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: FactMap,
}

/// A shared instrument, expert, platform or library.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// Where it is.
    pub city: CityId,
    /// What kind of resource it is, such as `instrument`.
    pub kind: String,
    /// The organisation that offers it.
    pub provider: OrganisationId,
    /// Whether it stands on its city's shared list.
    #[serde(default)]
    pub listed: bool,
    /// Further facts.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: FactMap,
}

/// What organisations mean to do together: an intent first, then an agreement, then a signed one. Each step
/// has its day; the last one taken is the state.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The program that it came from, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ProgramId>,
    /// Whose it is.
    pub parties: Vec<OrganisationId>,
    /// The project that it is about, if one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectId>,
    /// The day on which they declared their intent.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub intended: Option<Date>,
    /// The day on which they agreed on the terms.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub agreed: Option<Date>,
    /// The day of signing.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub signed: Option<Date>,
    /// The last day that it is in force, if it ends.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// How far an agreement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementState {
    /// They mean to.
    Intent,
    /// The terms are agreed on.
    Agreement,
    /// It is signed.
    Signed,
}

impl AgreementState {
    /// The word for it in configuration and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            AgreementState::Intent => "intent",
            AgreementState::Agreement => "agreement",
            AgreementState::Signed => "signed",
        }
    }
}

impl Agreement {
    /// The steps taken, each with its day, in their order.
    pub fn steps(&self) -> impl Iterator<Item = (AgreementState, Date)> {
        let steps = [
            (AgreementState::Intent, self.intended),
            (AgreementState::Agreement, self.agreed),
            (AgreementState::Signed, self.signed),
        ];
        steps.into_iter().filter_map(|(state, day)| Some((state, day?)))
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> Option<AgreementState> {
        self.steps().map(|(state, _)| state).last()
    }
}

/// Money that an entity was awarded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// The program that awarded it.
    pub program: ProgramId,
    /// The city that paid it, where one paid all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// How much.
    #[schema(value_type = MoneyShape)]
    pub amount: Money,
    /// When.
    #[serde(with = "dates")]
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}
