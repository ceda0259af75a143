//! All shared entities in memory, for lookups by id.

use std::cmp::Ordering;
use std::sync::Arc;

use concord_contract::raw::Raw;
use concord_contract::value::{self, Value};
use concord_contract::{Currency, Date, Money, path};
use rpds::RedBlackTreeMapSync;

use super::books::{Books, Short};
use super::entity::{City, Entity, EntityKind, Fund, Rate};
use super::fault::Fault;
use super::ids::{CityId, FundId};
use super::purse::{Stage, Transfer};

/// The shared entities, by kind and id.
///
/// A copy costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    by_kind: [RedBlackTreeMapSync<String, Arc<Entity>>; EntityKind::ALL.len()],
    books: Books,
}

impl Entities {
    /// The entity with this id.
    #[must_use]
    pub fn get(&self, kind: EntityKind, id: &str) -> Option<&Arc<Entity>> {
        self.by_kind.get(kind as usize)?.get(id)
    }

    /// Puts one in, in the place of any with its id.
    pub fn put(&mut self, entity: Arc<Entity>) {
        if let Some(of_kind) = self.by_kind.get_mut(entity.kind() as usize) {
            of_kind.insert_mut(entity.id().to_owned(), entity);
        }
    }

    /// All of a kind, by id.
    pub fn all(&self, kind: EntityKind) -> impl Iterator<Item = &Arc<Entity>> {
        self.by_kind.get(kind as usize).into_iter().flat_map(RedBlackTreeMapSync::values)
    }

    /// Puts an entity in, and what its document states of money into its purses; gives the transfers by which
    /// they came to it.
    pub fn settle(&mut self, entity: Arc<Entity>) -> Result<Vec<Transfer>, Short> {
        let transfers = match entity.as_ref() {
            Entity::Fund(fund) => self.books.statement_of_fund(fund),
            Entity::Voucher(voucher) => self.books.statement_of_voucher(voucher),
            _ => Vec::new(),
        };
        self.books.apply(&transfers)?;
        self.put(entity);
        Ok(transfers)
    }

    /// The books.
    #[must_use]
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// The books, to be changed.
    pub fn books_mut(&mut self) -> &mut Books {
        &mut self.books
    }

    /// A fact of an entity: one of its own, or what the books say of it.
    #[must_use]
    pub fn fact(&self, entity: &Entity, name: &str) -> Option<Raw> {
        match (entity, name) {
            (Entity::Voucher(voucher), "balance") => {
                let held = self.books.held(&voucher.id)?;
                Some(Raw::of(&Value::Amount(held), None))
            }
            _ => entity.fact(name),
        }
    }

    /// What a fund still has to give, all cities together.
    #[must_use]
    pub fn available(&self, fund: &FundId) -> Option<Money> {
        let nothing = Money::new(0, self.fund(fund.as_str())?.currency()?);
        let purses = self.books.of_fund(fund).map(|(_, balance)| balance.at(Stage::Available));
        purses.into_iter().try_fold(nothing, Money::checked_add)
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
        Entity::Fund(fund) => faults.extend(fund.faults()),
        Entity::Voucher(voucher)
            if voucher.spent.is_some_and(|spent| {
                spent.partial_cmp(&voucher.amount).is_none_or(Ordering::is_gt)
            }) =>
        {
            faults.push(Fault::new(path!["spent"], "found more than it was issued for"));
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
        if entity.has_field(name) {
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

    /// What each city put in, and what of it was spent before the host kept account; each city once.
    #[must_use]
    pub fn stated(&self) -> Vec<(CityId, Money, Money)> {
        let Some(currency) = self.currency() else { return Vec::new() };
        let read = |text: &str| Money::parse(text, currency).unwrap_or(Money::new(0, currency));
        let mut stated: Vec<(CityId, Money, Money)> = Vec::new();
        for part in &self.contributions {
            let (amount, spent) = (read(&part.amount), read(part.spent.as_deref().unwrap_or("0")));
            match stated.iter_mut().find(|(city, ..)| *city == part.city) {
                Some((_, all, gone)) => {
                    all.minor = all.minor.saturating_add(amount.minor);
                    gone.minor = gone.minor.saturating_add(spent.minor);
                }
                None => stated.push((part.city.clone(), amount, spent)),
            }
        }
        stated
    }

    fn faults(&self) -> Vec<Fault> {
        let Some(currency) = self.currency() else {
            let message = format!("found \"{}\", expected a currency of ISO 4217", self.currency);
            return vec![Fault::new(path!["currency"], message)];
        };
        let mut faults = Vec::new();
        if self.contributions.is_empty() {
            let message = "found none, expected that of one city at least";
            faults.push(Fault::new(path!["contributions"], message));
        }
        for (at, part) in self.contributions.iter().enumerate() {
            let mut amount = |key: &str, text: &str| match Money::parse(text, currency) {
                Ok(money) if money.minor >= 0 => Some(money),
                _ => {
                    let code = currency.code();
                    let message = format!(
                        "found \"{text}\", expected an amount of {code} such as 1500000.00"
                    );
                    faults.push(Fault::new(path!["contributions", at, key], message));
                    None
                }
            };
            let put_in = amount("amount", &part.amount);
            let spent = part.spent.as_deref().and_then(|text| amount("spent", text));
            if spent.zip(put_in).is_some_and(|(spent, put_in)| spent > put_in) {
                let message = "found more than the city put in";
                faults.push(Fault::new(path!["contributions", at, "spent"], message));
            }
        }
        faults
    }
}
