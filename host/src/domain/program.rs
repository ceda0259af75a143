//! A program: cities, dates, a fund, the policies bound to it and how their rulings combine.

use concord_contract::language::Texts;
use concord_contract::raw::Raw;
use concord_contract::{Date, Kind, dates};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{CityId, FundId, PolicyId, ProgramId};
use super::progress::Target;
use super::round::Round;
use super::shapes::{KindShape, TextsShape};

/// A program, as its file in `config/programs` lays it down.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its id, which is also the name of its file.
    pub id: ProgramId,
    /// The kind of policy that it takes.
    #[schema(value_type = KindShape)]
    pub kind: Kind,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// The cities that take part.
    pub cities: Vec<CityId>,
    /// The fund that it awards from, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fund: Option<FundId>,
    /// Its first day.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Its last day.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// How the rulings of its policies combine.
    #[serde(default)]
    pub combine: Combine,
    /// The policies bound to it.
    pub bindings: Vec<Binding>,
    /// How it matches supply to demand, where that comes beside its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matching: Option<MatchingStep>,
    /// How applications are dealt with.
    #[serde(default)]
    pub applications: ApplicationRules,
    /// The rounds of a selection, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// What the program is to reach, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
}

/// How a program deals with applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRules {
    /// Which rules decide an application where they change before it is decided.
    #[serde(default)]
    pub transition: Transition,
    /// Within how many days of the reservation an agreement must be signed; the award lapses after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sign_within_days: Option<u16>,
}

/// Which rules decide an application where they change before it is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transition {
    /// Those of the day on which it was submitted.
    #[default]
    BySubmission,
    /// Those of the day on which it is decided.
    ByDecision,
}

/// A step of a program of another kind in which supply is matched to demand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchingStep {
    /// The matching policies, bound as those of the program.
    pub bindings: Vec<Binding>,
}

impl Program {
    /// Its matching step as a program of its own, under the same name and dates.
    #[must_use]
    pub fn matching_program(&self) -> Option<Program> {
        let step = self.matching.as_ref()?;
        Some(Program {
            kind: Kind::Matching,
            combine: Combine::default(),
            bindings: step.bindings.clone(),
            fund: None,
            matching: None,
            rounds: Vec::new(),
            targets: Vec::new(),
            ..self.clone()
        })
    }

    /// All bindings, those of the matching step last.
    pub fn all_bindings(&self) -> impl Iterator<Item = &Binding> {
        let step = self.matching.iter().flat_map(|step| &step.bindings);
        self.bindings.iter().chain(step)
    }
}

/// How rulings become a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Combine {
    /// Which rulings must be met.
    #[serde(default)]
    #[schema(value_type = String, example = "at-least = 2")]
    pub rulings: RulingsRule,
    /// Which award counts.
    #[serde(default)]
    pub award: AwardRule,
    /// The parts in which cities pay the award, as weights (60 and 40, or 3 and 2), in order; the first takes
    /// what cannot be divided.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, u32>)]
    pub shares: IndexMap<CityId, u32>,
    /// The fact that names the city which pays all of it, such as `talent.city`, in the place of shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub payer: Option<String>,
}

impl Combine {
    /// Whether it goes by the city that the lead party is from.
    #[must_use]
    pub fn asks_who_leads(&self) -> bool {
        self.rulings == RulingsRule::Lead || self.award == AwardRule::Lead
    }
}

/// Which rulings must be met for the decision to be: `all`, `any`, `lead` or `at-least = N`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RulingsRule {
    /// Every one.
    #[default]
    All,
    /// One is enough.
    Any,
    /// That of the city that the lead party is from.
    Lead,
    /// So many.
    AtLeast(usize),
}

impl TryFrom<String> for RulingsRule {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let number =
            text.strip_prefix("at-least").map(|rest| rest.trim_start_matches([' ', '=']).trim());
        match (text.as_str(), number.map(str::parse)) {
            ("all", _) => Ok(RulingsRule::All),
            ("any", _) => Ok(RulingsRule::Any),
            ("lead", _) => Ok(RulingsRule::Lead),
            (_, Some(Ok(number @ 1..))) => Ok(RulingsRule::AtLeast(number)),
            _ => Err(format!("found \"{text}\", expected all, any, lead or \"at-least = 2\"")),
        }
    }
}

impl From<RulingsRule> for String {
    fn from(rule: RulingsRule) -> String {
        match rule {
            RulingsRule::All => "all".into(),
            RulingsRule::Any => "any".into(),
            RulingsRule::Lead => "lead".into(),
            RulingsRule::AtLeast(number) => format!("at-least = {number}"),
        }
    }
}

/// Which award counts where several policies propose one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AwardRule {
    /// The smallest.
    #[default]
    Lowest,
    /// That of the city that the lead party is from.
    Lead,
    /// All together.
    Sum,
    /// Each by itself: every city pays what its own policy awards, whole, in its own currency and from the
    /// fund of its binding. Nothing is added up or shared.
    Each,
}

/// A policy version with parameters, for a city in a program, in force from a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The city whose rules they are; none where the rules are the whole program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<CityId>,
    /// The policy.
    pub policy: PolicyId,
    /// Its version.
    pub version: String,
    /// The first day that it is in force; it stays so until a later one for the same city.
    #[serde(with = "dates")]
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Parameters that differ from the policy's defaults.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Object>)]
    pub parameters: IndexMap<String, Raw>,
    /// Which fund stands behind each that the policy declares.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub funds: IndexMap<String, FundId>,
    /// What else of the shared entities the policy is granted.
    #[serde(default)]
    pub grants: Vec<GrantKind>,
}

/// What a binding can grant beside funds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GrantKind {
    /// Prior awards.
    Awards,
    /// Shared lists.
    Listed,
    /// Signed agreements.
    Agreed,
}
