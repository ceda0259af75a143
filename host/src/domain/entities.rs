//! All shared entities in memory, for lookups by id.

use std::sync::Arc;

use concord_contract::raw::Raw;
use concord_contract::value::{self, Value};
use concord_contract::{Currency, Date, Money, path};
use rpds::RedBlackTreeMapSync;

use super::books::{Books, Short};
use super::entity::{City, Entity, EntityKind, Fund, Rate};
use super::fault::Fault;
use super::ids::FundId;
use super::purse::{Stage, Transfer};

/// The shared entities, by kind and id.
///
/// A copy costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    by_kind: Arc<[RedBlackTreeMapSync<String, Arc<Entity>>; EntityKind::ALL.len()]>,
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
        let by_kind = Arc::make_mut(&mut self.by_kind);
        if let Some(of_kind) = by_kind.get_mut(entity.kind() as usize) {
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
        faults.extend(self.kept_faults(entity));
        faults
    }

    /// What is wrong with what a fund or voucher states of money that is kept account of already.
    fn kept_faults(&self, entity: &Entity) -> Vec<Fault> {
        let before = self.get(entity.kind(), entity.id()).map(AsRef::as_ref);
        match (before, entity) {
            (Some(Entity::Fund(before)), Entity::Fund(fund)) => fund.kept_faults(before),
            (Some(Entity::Voucher(before)), Entity::Voucher(voucher)) => {
                voucher.kept_faults(before)
            }
            _ => Vec::new(),
        }
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
        Entity::Rate(rate) => faults.extend(rate.faults()),
        Entity::Voucher(voucher) => faults.extend(voucher.faults()),
        Entity::Agreement(agreement) => faults.extend(agreement.faults()),
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
