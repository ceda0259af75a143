//! All shared entities in memory, for lookups by id.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use concord_contract::raw::Raw;
use concord_contract::value::{self};
use concord_contract::{Currency, Date, Money, path};

use super::entity::{City, Entity, EntityKind, Fund, Rate};
use super::fault::Fault;

/// The shared entities, by kind and id.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    by_kind: HashMap<EntityKind, BTreeMap<String, Arc<Entity>>>,
}

impl Entities {
    /// The entity with this id.
    #[must_use]
    pub fn get(&self, kind: EntityKind, id: &str) -> Option<&Arc<Entity>> {
        self.by_kind.get(&kind)?.get(id)
    }

    /// Puts one in, in the place of any with its id.
    pub fn put(&mut self, entity: Arc<Entity>) {
        self.by_kind.entry(entity.kind()).or_default().insert(entity.id().to_owned(), entity);
    }

    /// All of a kind, by id.
    pub fn all(&self, kind: EntityKind) -> impl Iterator<Item = &Arc<Entity>> {
        self.by_kind.get(&kind).into_iter().flat_map(BTreeMap::values)
    }

    /// A fund.
    #[must_use]
    pub fn fund(&self, id: &str) -> Option<&Fund> {
        match self.get(EntityKind::Fund, id)?.as_ref() {
            Entity::Fund(fund) => Some(fund),
            _ => None,
        }
    }

    /// A city.
    #[must_use]
    pub fn city(&self, id: &str) -> Option<&City> {
        match self.get(EntityKind::City, id)?.as_ref() {
            Entity::City(city) => Some(city),
            _ => None,
        }
    }

    /// The rate by which one currency is exchanged into another on a date: the newest that is in force.
    #[must_use]
    pub fn rate(&self, from: Currency, to: Currency, on: Date) -> Option<&Rate> {
        let rates = self.all(EntityKind::Rate).filter_map(|entity| match entity.as_ref() {
            Entity::Rate(rate) => Some(rate),
            _ => None,
        });
        let fitting = rates.filter(|rate| rate.currencies() == Some((from, to)) && rate.on <= on);
        fitting.max_by_key(|rate| rate.on)
    }

    /// Whether an organisation or project has signed an agreement that is in force on a date. Nothing else
    /// signs any.
    #[must_use]
    pub fn agreed(&self, who: &Entity, on: Date) -> bool {
        self.all(EntityKind::Agreement).any(|entity| {
            let Entity::Agreement(agreement) = entity.as_ref() else { return false };
            let names = match who {
                Entity::Organisation(who) => agreement.parties.contains(&who.id),
                Entity::Project(who) => agreement.project.as_ref() == Some(&who.id),
                _ => false,
            };
            let signed = agreement.signed.is_some_and(|signed| signed <= on);
            names && signed && agreement.until.is_none_or(|until| on <= until)
        })
    }

    /// What is wrong with an entity, seen beside the others: ids that lead nowhere, and texts that are not
    /// what they should be.
    #[must_use]
    pub fn faults(&self, entity: &Entity) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut refer = |kind: EntityKind, id: &str, at| {
            let itself = entity.kind() == kind && entity.id() == id;
            if !itself && self.get(kind, id).is_none() {
                let message = format!("found \"{id}\", which is not among the {}", kind.plural());
                faults.push(Fault::new(at, message));
            }
        };
        match entity {
            Entity::City(_) | Entity::Rate(_) => {}
            Entity::Organisation(one) => refer(EntityKind::City, one.city.as_str(), path!["city"]),
            Entity::Talent(one) => {
                if let Some(city) = &one.city {
                    refer(EntityKind::City, city.as_str(), path!["city"]);
                }
            }
            Entity::Program(one) => {
                for (at, city) in one.cities.iter().enumerate() {
                    refer(EntityKind::City, city.as_str(), path!["cities", at]);
                }
                if let Some(fund) = &one.fund {
                    refer(EntityKind::Fund, fund.as_str(), path!["fund"]);
                }
                for (at, binding) in one.bindings.iter().enumerate() {
                    for (name, fund) in &binding.funds {
                        refer(
                            EntityKind::Fund,
                            fund.as_str(),
                            path!["bindings", at, "funds", name],
                        );
                    }
                }
            }
            Entity::Fund(one) => {
                for (at, part) in one.contributions.iter().enumerate() {
                    refer(EntityKind::City, part.city.as_str(), path!["contributions", at, "city"]);
                }
            }
            Entity::Project(one) => {
                if let Some(city) = &one.city {
                    refer(EntityKind::City, city.as_str(), path!["city"]);
                }
                for (at, party) in one.parties.iter().enumerate() {
                    refer(EntityKind::Organisation, party.as_str(), path!["parties", at]);
                }
            }
            Entity::Voucher(one) => {
                refer(EntityKind::City, one.city.as_str(), path!["city"]);
                refer(EntityKind::Organisation, one.holder.as_str(), path!["holder"]);
            }
            Entity::Resource(one) => {
                refer(EntityKind::City, one.city.as_str(), path!["city"]);
                refer(EntityKind::Organisation, one.provider.as_str(), path!["provider"]);
            }
            Entity::Agreement(one) => {
                for (at, party) in one.parties.iter().enumerate() {
                    refer(EntityKind::Organisation, party.as_str(), path!["parties", at]);
                }
                if let Some(project) = &one.project {
                    refer(EntityKind::Project, project.as_str(), path!["project"]);
                }
            }
        }
        faults.extend(own_faults(entity));
        faults
    }
}

fn own_faults(entity: &Entity) -> Vec<Fault> {
    let mut faults = Vec::new();
    match entity {
        Entity::City(city) => {
            if value::currency(&city.currency).is_none() {
                let message =
                    format!("found \"{}\", expected a currency of ISO 4217", city.currency);
                faults.push(Fault::new(path!["currency"], message));
            }
            if jiff::tz::TimeZone::get(&city.time_zone).is_err() {
                let message = format!("found \"{}\", expected an IANA time zone", city.time_zone);
                faults.push(Fault::new(path!["time_zone"], message));
            }
        }
        Entity::Fund(fund) => {
            if let Err(fault) = fund.available() {
                faults.push(fault);
            }
            for (at, part) in fund.contributions.iter().enumerate() {
                if let Err(fault) = fund.amount(&part.amount, path!["contributions", at, "amount"])
                {
                    faults.push(fault);
                }
            }
        }
        Entity::Rate(rate) => {
            for (key, code) in [("from", &rate.from), ("to", &rate.to)] {
                if value::currency(code).is_none() {
                    let message = format!("found \"{code}\", expected a currency of ISO 4217");
                    faults.push(Fault::new(path![key], message));
                }
            }
            if rate.from == rate.to {
                faults.push(Fault::new(path!["to"], "found the currency that is exchanged"));
            }
            if rate.rate.0.is_zero() {
                faults.push(Fault::new(path!["rate"], "found nought, expected more"));
            }
        }
        Entity::Voucher(voucher) if voucher.expires < voucher.issued => {
            let message =
                format!("found {}, before the day of issue {}", voucher.expires, voucher.issued);
            faults.push(Fault::new(path!["expires"], message));
        }
        Entity::Agreement(agreement) => {
            let steps: Vec<_> = agreement.steps().collect();
            if steps.is_empty() {
                let message = "found none of intended, agreed and signed, expected the day of one";
                faults.push(Fault::new(path![], message));
            }
            if steps.array_windows().any(|[(_, one), (_, next)]| next < one) {
                let message = "found a day before that of the step before it";
                let last = if agreement.signed.is_some() { "signed" } else { "agreed" };
                faults.push(Fault::new(path![last], message));
            }
            match (agreement.signed, agreement.until) {
                (Some(signed), Some(until)) if until < signed => {
                    let message = "found a date before the day of signing";
                    faults.push(Fault::new(path!["until"], message));
                }
                (None, Some(_)) => {
                    let message = "found the last day of what is not signed";
                    faults.push(Fault::new(path!["until"], message));
                }
                _ => {}
            }
        }
        _ => {}
    }
    for name in entity.fact_map().into_iter().flat_map(|facts| facts.keys()) {
        if entity.fact(name).as_ref() != entity.fact_map().and_then(|facts| facts.get(name)) {
            let message =
                format!("the fact \"{name}\" stands beside the facts already, as a field");
            faults.push(Fault::new(path!["facts", name], message));
        }
        if matches!(entity.fact_map().and_then(|facts| facts.get(name)), Some(Raw::Inexact(_))) {
            let message = "found a number that may lose digits, expected a decimal in a text";
            faults.push(Fault::new(path!["facts", name], message));
        }
    }
    faults
}

impl Fund {
    /// Its currency, if its code is one of ISO 4217.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        value::currency(&self.currency)
    }

    /// What it still has to give.
    pub fn available(&self) -> Result<Money, Fault> {
        self.amount(&self.available, path!["available"])
    }

    fn amount(&self, text: &str, at: concord_contract::place::Path) -> Result<Money, Fault> {
        let Some(currency) = self.currency() else {
            let message = format!("found \"{}\", expected a currency of ISO 4217", self.currency);
            return Err(Fault::new(path!["currency"], message));
        };
        match Money::parse(text, currency) {
            Ok(money) if money.minor >= 0 => Ok(money),
            _ => {
                let code = currency.code();
                let message =
                    format!("found \"{text}\", expected an amount of {code} such as 1500000.00");
                Err(Fault::new(at, message))
            }
        }
    }
}
