//! Layer 2: which bindings, run each, combine. Pure but for the call into the engine.
//!
//! [`Programs::bind`] makes programs ready: it loads their policies and finds out which rules are in force
//! when. [`Programs::decide`] is the whole of a check: `resolve` types the case's facts, the engine runs
//! each policy in force, `fold` makes a ruling of what it reported, and `combine` a decision of the rulings.
//! [`explain`] writes a decision out in a language. [`batch`] takes many cases out of lines.

pub mod batch;
pub mod body;
mod bound;
mod cities;
mod combine;
mod decision;
pub mod explain;
mod fold;
mod laid_down;
pub mod matching;
pub mod matrix;
mod messages;
mod names;
mod parallel;
mod payment;
mod programs;
mod rank;
pub mod receipt;
mod resolve;
mod rounds;
pub mod select;
mod shares;
mod vocabulary;

use std::sync::Arc;

use concord_contract::Date;

pub use bound::Bound;
pub use combine::{Award, Combined, Voice, combine, conclude};
use decision::withhold;
pub use decision::{Decision, Ruling};
pub use fold::{Folded, FoldedClause, Known, Part, fold};
pub use messages::Messages;
pub use names::{Label, Name, Names};
pub use payment::Payer;
pub use programs::{BindFault, Edition, Program, Programs, policy_file};
pub use rank::{Judged, Open, Placed, Ranking, mean_of_marks, rank};
pub use resolve::overridden;
pub use shares::share;
pub use vocabulary::{Declared, Vocabulary};

use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::fault::Fault;
use crate::domain::ids::FundId;
use crate::domain::outcome::Outcome;
use crate::domain::program::AwardRule;
use crate::engine::{Dossier, Engine};
use resolve::Resolver;

impl Programs {
    /// Decides a case under the rules in force on a date. Nothing is changed anywhere.
    ///
    /// The faults are those of the case: it cannot be judged as it stands. What goes wrong in a policy is
    /// no fault of the case, and makes its ruling undetermined.
    pub fn decide(
        &self,
        program: &Arc<Program>,
        case: &Case,
        as_of: Date,
        entities: &Entities,
    ) -> Result<Decision, Vec<Fault>> {
        self.decide_knowing(program, case, as_of, as_of, entities)
    }

    /// Decides a case under the rules in force on a date, knowing what has come on record until a later one.
    pub fn decide_knowing(
        &self,
        program: &Arc<Program>,
        case: &Case,
        as_of: Date,
        known_until: Date,
        entities: &Entities,
    ) -> Result<Decision, Vec<Fault>> {
        let program = program.for_case(case);
        let edition = program.edition(as_of).map_err(|fault| vec![fault])?;
        let laid_down = &program.laid_down;
        let resolver = Resolver { as_of, known_until, program: laid_down, edition, entities };
        let facts = resolver.facts(case)?;
        let facts = Arc::new(facts);
        let fund = laid_down.fund.as_ref().and_then(|fund| entities.fund(fund.as_str()));
        let currency = fund.and_then(|fund| fund.currency());
        let asked = laid_down.combine.payer.as_deref();
        let payer = asked.and_then(|fact| cities::payer(fact, &edition.vocabulary, &facts));
        let pot = payment::Pot { program: laid_down, entities, payer: payer.as_ref() };
        let available = |fund: &FundId| pot.available(fund);
        let rulings: Vec<_> = edition
            .rules
            .iter()
            .map(|bound| {
                // Where each city pays its own, it pays in its own currency.
                let own =
                    bound.city.as_ref().filter(|_| laid_down.combine.award == AwardRule::Each);
                let own = own.and_then(|city| entities.city(city.as_str()));
                let own = own.and_then(|city| concord_contract::value::currency(&city.currency));
                let dossier = Dossier {
                    facts: facts.clone(),
                    slots: bound.slots.clone(),
                    parameters: bound.parameters.clone(),
                    funds: bound.funds.iter().map(available).collect(),
                    currency: own.or(currency),
                    as_of,
                };
                rule(&self.engine, bound, dossier)
            })
            .collect();
        let asked = laid_down.combine.asks_who_leads();
        let lead = asked.then(|| cities::lead(&edition.vocabulary, &facts)).flatten();
        let voices: Vec<_> = rulings.iter().map(Ruling::voice).collect();
        let rule = &laid_down.combine;
        let mut combined = conclude(rule, &voices, lead.as_ref(), payer.as_ref());
        let payers = match combined.outcome {
            Outcome::Eligible => pot.payers(&rulings, &facts),
            _ => Vec::new(),
        };
        let parts = payment::parts(rule.award, &payers, &combined, &rulings);
        let available = payment::available_for(&parts, entities);
        let withheld = withhold(&mut combined, &parts, &available);
        let Combined { outcome, cause, award, awards } = combined;
        Ok(Decision {
            program: program.clone(),
            as_of,
            limits: self.engine.limits().clone(),
            lead,
            payer,
            outcome,
            cause,
            award,
            awards,
            payers,
            parts,
            available,
            withheld,
            rulings,
        })
    }
}

/// One policy's ruling on one dossier.
#[must_use]
pub fn rule(engine: &Engine, bound: &Arc<Bound>, dossier: Dossier) -> Ruling {
    let dossier = Arc::new(dossier);
    let report = engine.run(&bound.policy, dossier.clone());
    Ruling::new(bound.clone(), dossier, report)
}
