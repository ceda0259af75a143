//! How far a program has come: its targets, counted from the records.

use std::collections::BTreeSet;
use std::sync::Arc;

use concord_contract::language::Texts;
use concord_contract::raw::Raw;
use concord_contract::{Date, Decimal, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entities::Entities;
use super::entity::{AgreementState, Award, Entity, EntityKind};
use super::grants::{Grant, Grants};
use super::ids::{RateId, TargetId};
use super::program::Program;
use super::shapes::{MoneyShape, TextsShape};

/// A target, as the program's file lays it down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// Its name.
    #[schema(value_type = TextsShape)]
    pub name: Texts,
    /// What is counted.
    pub count: Counted,
    /// Only organisations or resources of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<String>,
    /// Only organisations or resources of which this fact is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fact: Option<String>,
    /// Only agreements that have come so far; signed ones if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<AgreementState>,
    /// How many there are to be. Exactly one of `goal` and `amount` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub goal: Option<u64>,
    /// How much is to be awarded to projects in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub amount: Option<Money>,
}

/// What a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Organisations of the program's cities.
    Organisations,
    /// Resources of the program's cities.
    Resources,
    /// Projects that the program has awarded something.
    Projects,
    /// Agreements that came from the program.
    Agreements,
}

/// How far a target has come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Progress {
    /// The target's id.
    pub target: TargetId,
    /// Its name, in the language asked for.
    pub name: String,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub counted: Option<u64>,
    /// How many there are to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub goal: Option<u64>,
    /// How much was awarded, in the currency of the goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub awarded: Option<Money>,
    /// What of it was awarded in other currencies, and the rate by which each was exchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanged: Vec<Exchanged>,
    /// What was awarded in currencies for which no rate was on record on the day, and is not in `awarded`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<MoneyShape>)]
    pub not_counted: Vec<Money>,
    /// How much is to be awarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub amount: Option<Money>,
    /// The part of the goal that is reached, cut down to a tenth of a per cent: `"62.5%"`.
    pub reached: String,
}

/// An award in another currency than the goal's.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Exchanged {
    /// The award.
    #[schema(value_type = MoneyShape)]
    pub amount: Money,
    /// What it counts for.
    #[schema(value_type = MoneyShape)]
    pub counted: Money,
    /// The rate's id.
    pub rate: RateId,
}

impl Target {
    /// How far it has come by the end of a day.
    #[must_use]
    pub fn progress(
        &self,
        program: &Program,
        entities: &Entities,
        grants: &Grants,
        on: Date,
        name: &str,
    ) -> Progress {
        let progress = Progress {
            target: self.id.clone(),
            name: name.to_owned(),
            counted: None,
            goal: self.goal,
            awarded: None,
            exchanged: Vec::new(),
            not_counted: Vec::new(),
            amount: self.amount,
            reached: String::new(),
        };
        if let Some(goal) = self.amount {
            let Awarded { sum, exchanged, not_counted } =
                awarded(program, entities, grants, on, goal);
            let reached = percent(sum.minor.into(), goal.minor.into());
            return Progress { awarded: Some(sum), exchanged, not_counted, reached, ..progress };
        }
        let counted = self.counted(program, entities, grants, on);
        let reached = percent(counted.into(), self.goal.unwrap_or_default().into());
        Progress { counted: Some(counted), reached, ..progress }
    }

    fn counted(&self, program: &Program, entities: &Entities, grants: &Grants, on: Date) -> u64 {
        let kind = match self.count {
            Counted::Organisations => EntityKind::Organisation,
            Counted::Resources => EntityKind::Resource,
            Counted::Projects => EntityKind::Project,
            Counted::Agreements => EntityKind::Agreement,
        };
        let counts = |entity: &&Arc<Entity>| self.counts(program, entity, on);
        let counted = entities.all(kind).filter(counts);
        if kind != EntityKind::Project {
            return counted.count() as u64;
        }
        let mut projects: BTreeSet<&str> = counted.map(|project| project.id()).collect();
        projects.extend(granted(program, grants, on).map(|(grant, _)| grant.project()));
        projects.len() as u64
    }

    fn counts(&self, program: &Program, entity: &Entity, on: Date) -> bool {
        let least = self.state.unwrap_or(AgreementState::Signed);
        match entity {
            Entity::Organisation(_) | Entity::Resource(_) => {
                let here = entity.city().is_some_and(|city| program.cities.contains(city));
                let kind = self.kind.as_deref().is_none_or(|kind| entity.sort() == Some(kind));
                let holds = |fact: &String| entity.fact(fact) == Some(Raw::Flag(true));
                here && kind && self.fact.as_ref().is_none_or(holds)
            }
            Entity::Project(_) => awards(program, entity, on).next().is_some(),
            Entity::Agreement(agreement) => {
                let mut steps = agreement.steps();
                agreement.program.as_ref() == Some(&program.id)
                    && steps.any(|(state, day)| state >= least && day <= on)
            }
            _ => false,
        }
    }
}

/// What projects were awarded.
struct Awarded {
    /// In the currency of the goal.
    sum: Money,
    exchanged: Vec<Exchanged>,
    /// A sum of each currency that there was no rate for.
    not_counted: Vec<Money>,
}

/// What projects were awarded, each award in the currency of the goal at the rate of its own day.
fn awarded(
    program: &Program,
    entities: &Entities,
    grants: &Grants,
    on: Date,
    goal: Money,
) -> Awarded {
    let mut found = Awarded {
        sum: Money::new(0, goal.currency),
        exchanged: Vec::new(),
        not_counted: Vec::new(),
    };
    let projects = entities.all(EntityKind::Project);
    let of_record = projects.flat_map(|project| awards(program, project, on));
    let of_applications = granted(program, grants, on).map(|(_, award)| award);
    for award in of_record.chain(of_applications) {
        let amount = award.amount;
        let rate = entities.rate(amount.currency, goal.currency, award.on);
        let exchanged = rate.and_then(|rate| Some((rate, rate.exchange(amount)?)));
        let counted = exchanged.as_ref().map_or(amount, |(_, counted)| *counted);
        match found.sum.checked_add(counted) {
            Some(sum) => {
                found.sum = sum;
                let exchanged = exchanged.map(|(rate, _)| rate.id.clone());
                found.exchanged.extend(exchanged.map(|rate| Exchanged { amount, counted, rate }));
            }
            None => set_apart(&mut found.not_counted, amount),
        }
    }
    found
}

fn set_apart(sums: &mut Vec<Money>, amount: Money) {
    match sums.iter_mut().find_map(|sum| Some((sum.checked_add(amount)?, sum))) {
        Some((more, sum)) => *sum = more,
        None => sums.push(amount),
    }
}

/// What a program granted on applications until the end of a day.
fn granted<'a>(
    program: &'a Program,
    grants: &'a Grants,
    on: Date,
) -> impl Iterator<Item = (&'a Grant, &'a Award)> {
    let awards = grants
        .of(&program.id)
        .flat_map(|grant| grant.awards.iter().map(move |award| (grant, award)));
    awards.filter(move |(_, award)| award.on <= on)
}

/// What an entity was awarded by a program until the end of a day.
fn awards<'a>(
    program: &'a Program,
    entity: &'a Entity,
    on: Date,
) -> impl Iterator<Item = &'a Award> + 'a {
    let of_program = move |award: &&Award| award.program == program.id && award.on <= on;
    entity.awards().iter().filter(of_program)
}

fn percent(part: i128, whole: i128) -> String {
    let tenths = part.saturating_mul(1000).checked_div(whole).unwrap_or(1000);
    let tenths = Decimal::from_i128_with_scale(tenths.clamp(0, i64::MAX.into()), 1);
    format!("{}%", tenths.normalize())
}
