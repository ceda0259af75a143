//! The same rules in Rust, written by hand for these two policies: typed facts in, clauses and award out.
//!
//! [`case`] reads the case, [`guangzhou`] and [`foshan`] are the rules, [`explain`] writes the decision out
//! just as Concord does, and [`decide`] is the whole of a check.

pub mod case;
pub mod explain;
pub mod foshan;
pub mod guangzhou;

use anyhow::{Context, Result};
use concord::decide::Decision;
use concord_contract::Truth;
use concord_contract::language::Language;

use case::{Case, Yuan};
use explain::{Body, Policy};

/// The two rules, and what is the same for every case.
pub struct Rules {
    guangzhou: guangzhou::Params,
    foshan: foshan::Params,
    policies: [Policy; 2],
    /// What the fund has left.
    available: Option<Yuan>,
}

impl Rules {
    /// The rules. The clauses' texts are Concord's own, taken from a decision once, and so are the two
    /// figures of its answer that only a sandbox has: the digest and the fuel.
    pub fn new(decision: &Decision) -> Result<Rules> {
        let policy = |at: usize| {
            let ruling = decision.rulings.get(at).context("there are two rulings")?;
            Policy::of(ruling, Language::En)
        };
        Ok(Rules {
            guangzhou: guangzhou::Params::default(),
            foshan: foshan::Params::default(),
            policies: [policy(0)?, policy(1)?],
            available: Some(Yuan(10_000_000_000)),
        })
    }

    /// Guangzhou's rule alone.
    #[must_use]
    pub fn guangzhou(&self, case: &Case) -> guangzhou::Ruling {
        guangzhou::rule(case, &self.guangzhou, self.available)
    }

    /// Judges a case by both rules, and explains.
    #[must_use]
    pub fn decide<'a>(&'a self, case: &'a Case) -> Body<'a> {
        let [of_guangzhou, of_foshan] = &self.policies;
        let guangzhou = guangzhou::rule(case, &self.guangzhou, self.available);
        let foshan = foshan::rule(case, &self.foshan, self.available);
        let rulings = [
            guangzhou::explain(case, &self.guangzhou, self.available, &guangzhou, of_guangzhou),
            foshan::explain(case, &self.foshan, self.available, &foshan, of_foshan),
        ];
        explain::decision(case, rulings)
    }
}

/// Whether a value, if it is known, passes.
fn test<T>(value: Option<T>, passes: impl FnOnce(T) -> bool) -> Truth {
    value.map(passes).into()
}

/// The least of what is asked for, the cap, and what the fund has left.
fn award(requested: Option<Yuan>, cap: Yuan, available: Option<Yuan>) -> Option<Yuan> {
    Some(requested?.min(cap).min(available?))
}
