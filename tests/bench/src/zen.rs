//! The same rule as a decision of GoRules ZEN, in `zen.json`.
//!
//! It is given every advantage: the decision is compiled, nothing is traced, its parameters are constants,
//! and the case stands ready in the engine's own form, with dates as numbers (20261101), money in fen and
//! rates as ratios. What it read is not kept, and it knows two truths only.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result, anyhow};
use concord_contract::Truth;
use serde_json::{Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable, ZEN_CONFIG};

use crate::Answer;

/// The clauses, in the order of `policy.toml`.
const CLAUSES: [&str; 10] = [
    "both-cities",
    "one-lead",
    "lead-registered",
    "rd-intensity",
    "rd-in-china",
    "science-staff",
    "maturity",
    "field-on-list",
    "not-funded-elsewhere",
    "within-cap",
];

/// The decision and the case.
pub struct Zen {
    decision: Decision,
    case: Variable,
}

impl Zen {
    /// Compiles the decision.
    pub fn new() -> Result<Zen> {
        ZEN_CONFIG.nodes_in_context.store(false, Ordering::Relaxed);
        let content: GraphContent = serde_json::from_str(include_str!("zen.json"))?;
        let mut decision = Decision::from(content);
        decision.compile();
        Ok(Zen { decision, case: case().into() })
    }

    /// Evaluates the decision.
    pub async fn evaluate(&self) -> Result<Variable> {
        let response = self.decision.evaluate(self.case.clone()).await;
        response.map(|response| response.result).map_err(|error| anyhow!("{error:?}"))
    }
}

/// The same case as [`crate::fixture::CASE`].
fn case() -> Value {
    json!({
        "as_of": 20_261_101,
        "available": 10_000_000_000_i64,
        "project": {
            "trl": 5,
            "sector": "new-generation-it",
            "funded_elsewhere": false,
            "requested": 150_000_000
        },
        "parties": [
            {
                "role": "lead", "city": "guangzhou", "kind": "enterprise", "registered": 20_190_506,
                "sales": 12_000_000_000_i64, "rd_intensity": 0.042, "rd_in_china": 0.85,
                "science_staff": 0.18
            },
            {
                "role": "partner", "city": "foshan", "kind": "enterprise", "registered": 20_120_315,
                "sales": 26_000_000_000_i64, "rd_intensity": 0.035, "rd_in_china": 0.92,
                "science_staff": 0.14
            }
        ]
    })
}

/// What the decision said, in the form for all.
pub fn answer(result: &Variable) -> Result<Answer> {
    let result = serde_json::to_value(result)?;
    let mut clauses = Vec::new();
    for (clause, name) in (0_u32..).zip(CLAUSES) {
        let said = result.get(name).with_context(|| format!("{name} is missing"))?;
        let truth = |said: &Value| said.as_bool().map(Truth::from).context("a clause is yes or no");
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
