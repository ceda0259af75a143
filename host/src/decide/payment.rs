//! Who pays what is awarded: from which purse, and whether there is so much in it. Pure.

use concord_contract::{Kind, Money, Subject};

use super::combine::Combined;
use super::decision::Ruling;
use super::shares::share;
use crate::domain::application::Part;
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind, Fund, Voucher};
use crate::domain::facts::Facts;
use crate::domain::ids::{CityId, FundId};
use crate::domain::outcome::Outcome;
use crate::domain::program::{AwardRule, Program};
use crate::domain::purse::{Purse, Stage};

/// What a program awards from.
pub(super) struct Pot<'a> {
    /// The program.
    pub(super) program: &'a Program,
    /// The entities, with the books.
    pub(super) entities: &'a Entities,
    /// The city that pays all of it, where the program asks for one and it is known.
    pub(super) payer: Option<&'a CityId>,
}

impl Pot<'_> {
    /// What can be awarded of a fund: of the program's own, the largest amount that those who pay can share; of
    /// another, all that it has. Not known as long as it is not known who pays.
    pub(super) fn available(&self, fund: &FundId) -> Option<Money> {
        let all = self.entities.available(fund)?;
        if self.program.fund.as_ref() != Some(fund) {
            return Some(all);
        }
        let weights = self.weights(fund);
        (!weights.is_empty()).then(|| Money::new(self.payable(fund, &weights, all), all.currency))
    }

    /// Who pays what the program awards, each with a weight: the one that a fact names; by the program's shares; or
    /// else the program's cities in proportion to what each put in.
    fn weights(&self, fund: &FundId) -> Vec<(CityId, i64)> {
        let combine = &self.program.combine;
        if combine.payer.is_some() {
            return self.payer.map(|city| (city.clone(), 1)).into_iter().collect();
        }
        if !combine.shares.is_empty() {
            let paying = combine.shares.iter().filter(|(_, weight)| **weight > 0);
            return paying.map(|(city, weight)| (city.clone(), i64::from(*weight))).collect();
        }
        let stated = self.entities.fund(fund.as_str()).map(Fund::stated).unwrap_or_default();
        let taking_part = |city: &CityId| self.program.cities.contains(city);
        let put_in = stated.into_iter().map(|(city, put_in, _)| (city, put_in.minor));
        let put_in = put_in.filter(|(city, minor)| taking_part(city) && *minor > 0);
        let weights: Vec<_> = put_in.collect();
        if weights.is_empty() {
            // Nobody has put anything in: whoever was to pay has nothing to give.
            return self.program.cities.first().map(|city| (city.clone(), 1)).into_iter().collect();
        }
        weights
    }

    /// What a city's purse has available, in minor units.
    fn room(&self, fund: &FundId, city: &CityId) -> i64 {
        let purse = Purse::Fund(fund.clone(), city.clone());
        let balance = self.entities.books().balance(&purse);
        balance.map_or(0, |balance| balance.at(Stage::Available).minor)
    }

    /// The largest amount of which everybody can pay its share, in minor units.
    fn payable(&self, fund: &FundId, weights: &[(CityId, i64)], all: Money) -> i64 {
        let rooms: Vec<i64> = weights.iter().map(|(city, _)| self.room(fund, city)).collect();
        if rooms.contains(&0) {
            return 0;
        }
        let parts: Vec<i64> = weights.iter().map(|(_, weight)| *weight).collect();
        let fits = |minor: i64| {
            let shares = share(Money::new(minor, all.currency), &parts);
            shares.iter().zip(&rooms).all(|(share, room)| share.minor <= *room)
        };
        // The more, the less it fits: the largest amount that does is found by halving.
        let (mut most, mut beyond) = (0, rooms.iter().copied().fold(0, i64::saturating_add));
        if fits(beyond) {
            return beyond;
        }
        while beyond - most > 1 {
            let middle = most + (beyond - most) / 2;
            if fits(middle) { most = middle } else { beyond = middle }
        }
        most
    }

    /// Who pays what is granted: each city its own, where the program says so; the voucher; or those who share in the
    /// fund. Nobody where no purse stands behind it.
    pub(super) fn payers(&self, rulings: &[Ruling], facts: &Facts) -> Vec<Payer> {
        let fund_of = |fund: &FundId, city: CityId, weight| Payer {
            purse: Purse::Fund(fund.clone(), city.clone()),
            city: Some(city),
            weight,
        };
        if self.program.combine.award == AwardRule::Each {
            let own = |ruling: &Ruling| {
                Some(fund_of(ruling.bound.funds.first()?, ruling.bound.city.clone()?, 1))
            };
            return met(rulings).filter_map(own).collect();
        }
        match (self.program.kind, &self.program.fund) {
            (Kind::Voucher, None) => {
                let payer = |voucher: &Voucher| Payer {
                    purse: Purse::Voucher(voucher.id.clone()),
                    city: Some(voucher.city.clone()),
                    weight: 1,
                };
                self.voucher(facts).map(payer).into_iter().collect()
            }
            (_, Some(fund)) => {
                let weights = self.weights(fund).into_iter();
                weights.map(|(city, weight)| fund_of(fund, city, weight)).collect()
            }
            (_, None) => Vec::new(),
        }
    }

    fn voucher(&self, facts: &Facts) -> Option<&Voucher> {
        let id = facts.items(Subject::Voucher)?.first()?.entity.as_deref()?;
        match self.entities.get(EntityKind::Voucher, id)?.as_ref() {
            Entity::Voucher(voucher) => Some(voucher),
            _ => None,
        }
    }
}

/// Who pays, and with which weight beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The purse.
    pub purse: Purse,
    /// The city whose purse it is, or that issued the voucher.
    pub city: Option<CityId>,
    /// The weight.
    pub weight: i64,
}

/// What each payer pays of what is granted. It follows from rulings and payers alone.
pub(super) fn parts(
    rule: AwardRule,
    payers: &[Payer],
    combined: &Combined,
    rulings: &[Ruling],
) -> Vec<Part> {
    if rule == AwardRule::Each {
        let part = |payer: &Payer| payer.pays(own(payer, combined, rulings));
        return payers.iter().filter_map(part).collect();
    }
    let weights: Vec<i64> = payers.iter().map(|payer| payer.weight).collect();
    let award = combined.award.as_ref().map(|award| award.amount);
    let amounts = award.into_iter().chain(met(rulings).flat_map(Ruling::worths));
    let shared: Vec<Vec<Money>> = amounts.map(|amount| share(amount, &weights)).collect();
    let part = |(at, payer): (usize, &Payer)| {
        payer.pays(shared.iter().filter_map(|shares| shares.get(at).copied()))
    };
    payers.iter().enumerate().filter_map(part).collect()
}

/// What a city awards by itself, and the worths of what its policy entitles to.
fn own<'a>(
    payer: &Payer,
    combined: &'a Combined,
    rulings: &'a [Ruling],
) -> impl Iterator<Item = Money> + 'a {
    let city = payer.city.clone();
    let of_city = city.clone();
    let own = combined.awards.iter().filter(move |(of, _)| Some(of) == city.as_ref());
    let worths = met(rulings).filter(move |ruling| ruling.bound.city == of_city);
    own.map(|(_, amount)| *amount).chain(worths.flat_map(Ruling::worths))
}

fn met(rulings: &[Ruling]) -> impl Iterator<Item = &Ruling> {
    rulings.iter().filter(|ruling| ruling.outcome == Outcome::Eligible)
}

impl Payer {
    /// Its part, where there is anything to pay.
    fn pays(&self, amounts: impl Iterator<Item = Money>) -> Option<Part> {
        let awarded = amounts
            .reduce(|one, other| Money::new(one.minor.saturating_add(other.minor), one.currency))?;
        let (purse, city) = (self.purse.clone(), self.city.clone());
        Some(Part { purse, city, awarded, paid: Money::new(0, awarded.currency) })
    }
}

/// What each purse that is to pay has available.
pub(super) fn available_for(parts: &[Part], entities: &Entities) -> Vec<(Purse, Money)> {
    let available = |part: &Part| {
        let balance = entities.books().balance(&part.purse);
        let nothing = Money::new(0, part.awarded.currency);
        (part.purse.clone(), balance.map_or(nothing, |balance| balance.at(Stage::Available)))
    };
    parts.iter().map(available).collect()
}

/// Whether a purse has less than its part. An empty one has nothing to award, not even nought.
pub(super) fn exhausted(parts: &[Part], available: &[(Purse, Money)]) -> bool {
    let pays = |part: &Part| {
        let found = available.iter().find(|(purse, _)| *purse == part.purse);
        found.is_some_and(|(_, there)| there.minor > 0 && part.awarded <= *there)
    };
    !parts.iter().all(pays)
}
