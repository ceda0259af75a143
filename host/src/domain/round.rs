//! A round of selection: how many go on, and by which criteria.

use concord_contract::language::Texts;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decimals::{Percentage, Points};
use super::ids::RoundId;
use super::shapes::TextsShape;

/// A round, as the program's file lays it down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// So many go on. Exactly one of `quota`, `share` and `threshold` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quota: Option<u32>,
    /// Such a part of all entries goes on, cut down to whole ones: `"40%"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "40%")]
    pub share: Option<Percentage>,
    /// Whoever reaches this total goes on: `"60"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "60")]
    pub threshold: Option<Points>,
    /// What counts, and how much: each criterion with its weight. The total is the weighted mean.
    #[schema(value_type = std::collections::BTreeMap<String, u32>)]
    pub weights: IndexMap<String, u32>,
    /// The criteria that people mark. All others are the policies'.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = std::collections::BTreeMap<String, Panel>)]
    pub panel: IndexMap<String, Panel>,
    /// The criteria that decide, one after the other, between entries with the same total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<String>,
    /// What becomes of entries that are equal even so, where not all of them can go on.
    #[serde(default)]
    pub equals: Equals,
}

/// How people mark a criterion. Its value is the mean of the marks, rounded half to even to six places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// The least number of marks.
    pub marks: usize,
    /// The highest mark; the lowest is 0.
    #[schema(value_type = String, example = "100")]
    pub highest: Points,
}

/// What becomes of equal entries at the edge of what a round can keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Equals {
    /// It is not for the host to say: they are undetermined, and so is the round.
    #[default]
    Open,
    /// All of them go on, and the round keeps more than it was to.
    All,
    /// None of them goes on, and the round keeps fewer.
    None,
}
