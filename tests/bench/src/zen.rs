//! The same rule as a decision of GoRules ZEN, in `zen.json`, and in `zen-two-valued.json` a shorter form of
//! it that takes every fact for known and so gives another answer where one is missing.
//!
//! Both are given every advantage: the decision is compiled, nothing is traced, its parameters are constants,
//! and the case stands ready in the engine's own form, with dates as numbers (20261101), money in fen and
//! rates as ratios. What they read is not kept.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result, anyhow};
use concord_contract::Truth;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable, ZEN_CONFIG};

use crate::Answer;
use crate::native::case::{Case, Day, Party, Percent, Yuan};

/// The clauses, in the order of `policy.toml`.
const CLAUSES: [&str; 11] = [
    "both-cities",
    "one-lead",
    "lead-registered",
    "rd-intensity",
    "rd-in-china",
    "science-staff",
    "maturity",
    "field-on-list",
    "not-funded-elsewhere",
    "amount-requested",
    "within-cap",
];

/// The rule, with three truths: true, false and null.
pub const RULE: &str = include_str!("zen.json");

/// The rule for cases in which nothing is missing.
pub const TWO_VALUED: &str = include_str!("zen-two-valued.json");

/// A decision.
pub struct Zen {
    decision: Decision,
}

impl Zen {
    /// Compiles the decision.
    pub fn new(rule: &str) -> Result<Zen> {
        ZEN_CONFIG.nodes_in_context.store(false, Ordering::Relaxed);
        let content: GraphContent = serde_json::from_str(rule)?;
        let mut decision = Decision::from(content);
        decision.compile();
        Ok(Zen { decision })
    }

    /// Evaluates the decision.
    pub async fn evaluate(&self, case: &Variable) -> Result<Variable> {
        let response = self.decision.evaluate(case.clone()).await;
        response.map(|response| response.result).map_err(|error| anyhow!("{error:?}"))
    }
}

/// A case in the form of the decision, with what the fund has left.
#[must_use]
pub fn case(case: &Case) -> Variable {
    let date = |day: Day| {
        i64::from(day.0.year()) * 10_000 + i64::from(day.0.month()) * 100 + i64::from(day.0.day())
    };
    let ratio = |percent: Percent| percent.0.to_f64();
    let fen = |yuan: Yuan| yuan.0;
    let party = |party: &Party| {
        json!({
            "role": party.role,
            "city": party.city,
            "kind": party.kind,
            "registered": party.registered.map(date),
            "sales": party.sales.map(fen),
            "rd_intensity": party.rd_intensity.map(ratio),
            "rd_in_china": party.rd_in_china.map(ratio),
            "science_staff": party.science_staff.map(ratio)
        })
    };
    let project = &case.project;
    let case = json!({
        "as_of": date(case.as_of),
        "available": 10_000_000_000_i64,
        "project": {
            "trl": project.trl,
            "sector": project.sector,
            "funded_elsewhere": project.funded_elsewhere,
            "requested": project.requested.map(fen)
        },
        "parties": case.parties.iter().map(party).collect::<Vec<_>>()
    });
    case.into()
}

/// What the decision said, in the form for all.
pub fn answer(result: &Variable) -> Result<Answer> {
    let result = serde_json::to_value(result)?;
    let mut clauses = Vec::new();
    for (clause, name) in (0_u32..).zip(CLAUSES) {
        // What is null is left out.
        let said = result.get(name).unwrap_or(&Value::Null);
        let truth = |said: &Value| match said {
            Value::Null => Ok(Truth::Undetermined),
            said => said.as_bool().map(Truth::from).with_context(|| format!("{name} says {said}")),
        };
        match said {
            Value::Array(items) => {
                for (item, said) in (0_u32..).zip(items) {
                    clauses.push((clause, Some(item), truth(said)?));
                }
            }
            said => clauses.push((clause, None, truth(said)?)),
        }
    }
    let award = result.get("award").and_then(Value::as_i64);
    Ok(Answer::new(clauses, award))
}
