//! The `registry` interface: shared entities, as far as the policy declared that it would ask.
//!
//! Which functions a policy may import at all is checked when it is loaded (`grants`); here it is checked
//! of which funds and subjects it asks.

use std::sync::Arc;

use concord_contract::Subject;

use super::dossier::position;
use super::report::{Cause, Failure, Read};
use super::state::{State, bad_index};
use super::wit::{registry, types};
use crate::domain::facts::Standing;

impl State {
    fn granted(&self, subjects: &[Subject], subject: Subject, what: &str) -> Result<(), Failure> {
        if subjects.contains(&subject) {
            return Ok(());
        }
        let detail = format!(
            "the policy asked for the {what} of {}, which it did not declare under [registry]",
            subject.as_str()
        );
        Err(Failure::new(Cause::NotGranted, detail))
    }

    fn standing(
        &mut self,
        read: Read,
        subject: Subject,
        item: u32,
    ) -> Result<Option<Arc<Standing>>, Failure> {
        self.check_item(subject, item)?;
        self.read(read)?;
        Ok(self.dossier.item(subject, item).and_then(|item| item.standing.clone()))
    }

    fn awards_of(
        &mut self,
        subject: types::Subject,
        item: u32,
    ) -> Result<Option<Arc<Standing>>, Failure> {
        let subject = subject.into();
        self.granted(&self.tables.awards, subject, "awards")?;
        self.standing(Read::Awards(subject, item), subject, item)
    }
}

fn truth(holds: Option<bool>) -> types::Truth {
    concord_contract::Truth::from(holds).into()
}

impl registry::Host for State {
    fn available(&mut self, fund: u32) -> wasmtime::Result<Option<types::Money>> {
        if fund as usize >= self.tables.funds {
            return Err(bad_index("fund", fund, self.tables.funds).into());
        }
        self.read(Read::Available(fund))?;
        let available = self.dossier.funds.get(fund as usize).copied().flatten();
        Ok(available.map(Into::into))
    }

    fn awards(&mut self, subject: types::Subject, item: u32) -> wasmtime::Result<Option<u32>> {
        let standing = self.awards_of(subject, item)?;
        Ok(standing.map(|standing| u32::try_from(standing.awards.len()).unwrap_or(u32::MAX)))
    }

    fn award(
        &mut self,
        subject: types::Subject,
        item: u32,
        index: u32,
    ) -> wasmtime::Result<registry::PriorAward> {
        let standing = self.awards_of(subject, item)?.unwrap_or_default();
        let award = standing.awards.get(index as usize);
        let award = award.ok_or_else(|| {
            let detail = format!(
                "the policy asked for prior award {index}; {} are on record",
                standing.awards.len()
            );
            Failure::new(Cause::BadIndex, detail)
        })?;
        let (amount, on) = (award.amount.into(), award.on.into());
        let payers = &self.tables.payers;
        let payer = award.payer.as_ref().filter(|_| !payers.is_empty());
        let payer = payer.map(|city| position(payers, city.as_str()));
        Ok(registry::PriorAward { amount, on, same_program: award.same_program, payer })
    }

    fn listed(&mut self, subject: types::Subject, item: u32) -> wasmtime::Result<types::Truth> {
        let subject = subject.into();
        self.granted(&self.tables.listed, subject, "listing")?;
        let standing = self.standing(Read::Listed(subject, item), subject, item)?;
        Ok(truth(standing.map(|standing| standing.listed)))
    }

    fn agreed(&mut self, subject: types::Subject, item: u32) -> wasmtime::Result<types::Truth> {
        let subject = subject.into();
        self.granted(&self.tables.agreed, subject, "agreements")?;
        let standing = self.standing(Read::Agreed(subject, item), subject, item)?;
        Ok(truth(standing.map(|standing| standing.agreed)))
    }
}
