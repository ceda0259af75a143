//! The same rules in Rust, written by hand for these two policies: typed facts in, clauses and award out.
//!
//! [`case`] reads the case, [`guangzhou`] and [`foshan`] are the rules, [`rule`] has what they share,
//! [`read`] and [`explain`] write the decision out just as Concord does. [`Rules::decide`] is the whole of a check.

pub mod case;
pub mod explain;
pub mod foshan;
pub mod guangzhou;
pub mod read;
pub mod rule;

use anyhow::{Context, Result};
use concord::decide::Decision;
use concord_contract::Truth;
use concord_contract::language::Language;

use crate::Answer;
use case::{Case, Yuan};
use explain::{Body, Policy, Told};
use read::Read;
use rule::Watch;

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

    /// Guangzhou's rule alone: the truth of every clause, and the award.
    #[must_use]
    pub fn guangzhou(&self, case: &Case) -> Plain {
        let mut plain = Plain { clauses: Vec::with_capacity(16), award: None };
        plain.award = guangzhou::rule(case, &self.guangzhou, self.available, &mut plain);
        plain
    }

    /// Judges a case by both rules, and explains.
    #[must_use]
    pub fn decide<'a>(&'a self, case: &'a Case) -> Body<'a> {
        let [of_guangzhou, of_foshan] = &self.policies;
        let mut told = Told::new(of_guangzhou);
        let award = guangzhou::rule(case, &self.guangzhou, self.available, &mut told);
        let guangzhou = told.ruling(award, guangzhou::fold);
        let mut told = Told::new(of_foshan);
        let award = foshan::rule(case, &self.foshan, self.available, &mut told);
        let foshan = told.ruling(award, foshan::fold);
        explain::decision(case, [guangzhou, foshan])
    }
}

/// What a rule says, and nothing of what it read.
pub struct Plain {
    clauses: Vec<(u32, Option<u32>, Truth)>,
    award: Option<Yuan>,
}

impl<'a> Watch<'a> for Plain {
    fn read(&mut self, _: Read<'a>) {}

    fn clause(&mut self, clause: u32, party: Option<u32>, truth: Truth) {
        self.clauses.push((clause, party, truth));
    }
}

impl Plain {
    /// In the form for all.
    #[must_use]
    pub fn answer(self) -> Answer {
        Answer::new(self.clauses, self.award.map(|award| award.0))
    }
}
