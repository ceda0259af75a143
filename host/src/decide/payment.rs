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
use crate::domain::split::split;

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
    /// What can be awarded of a fund: of the program's own, the largest amount that the cities can pay in its
    /// shares, or that the one which pays has; of another, all that it has.
    pub(super) fn available(&self, fund: &FundId) -> Option<Money> {
        let all = self.entities.available(fund)?;
        let combine = &self.program.combine;
        if self.program.fund.as_ref() != Some(fund) {
            return Some(all);
        }
        if combine.payer.is_some() {
            return self.payer.map(|city| Money::new(self.room(fund, city), all.currency));
        }
        match combine.shares.is_empty() {
            // In proportion to what each put in, they run out together.
            true => Some(all),
            false => Some(Money::new(self.payable(fund, all), all.currency)),
        }
    }

    /// What a city's purse has available, in minor units.
    fn room(&self, fund: &FundId, city: &CityId) -> i64 {
        let purse = Purse::Fund(fund.clone(), city.clone());
        let balance = self.entities.books().balance(&purse);
        balance.map_or(0, |balance| balance.at(Stage::Available).minor)
    }

    /// The largest amount that the cities can pay in the program's shares, in minor units.
    fn payable(&self, fund: &FundId, all: Money) -> i64 {
        let shares = &self.program.combine.shares;
        let parts: Vec<u32> = shares.values().copied().collect();
        let whole: i128 = parts.iter().copied().map(i128::from).sum();
        let rooms: Vec<i64> = shares.keys().map(|city| self.room(fund, city)).collect();
        let paying = || rooms.iter().zip(&parts).filter(|(_, part)| **part > 0);
        if paying().any(|(room, _)| *room == 0) {
            return 0;
        }
        let bounds = paying().map(|(room, part)| {
            let most = (i128::from(*room) * whole).checked_div(i128::from(*part)).unwrap_or(0);
            i64::try_from(most + whole).unwrap_or(i64::MAX)
        });
        // Shares are cut down, and the first takes the rest: within a few minor units of the bound they fit.
        let fits = |minor: i64| {
            let shares = share(Money::new(minor, all.currency), &parts);
            shares.iter().zip(&rooms).all(|(share, room)| share.minor <= *room)
        };
        let mut most = bounds.min().unwrap_or(0).min(all.minor);
        while most > 0 && !fits(most) {
            most -= 1;
        }
        most
    }

    /// The parts of what a decision grants, each from its purse. None where no purse stands behind it.
    pub(super) fn parts(
        &self,
        combined: &Combined,
        rulings: &[Ruling],
        facts: &Facts,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        if combined.outcome != Outcome::Eligible {
            return parts;
        }
        let met = rulings.iter().filter(|ruling| ruling.outcome == Outcome::Eligible);
        if self.program.combine.award == AwardRule::Each {
            for ruling in met {
                each(ruling, combined, &mut parts);
            }
            return parts;
        }
        let award = combined.award.as_ref().map(|award| award.amount);
        let amounts = award.into_iter().chain(met.flat_map(Ruling::worths));
        match (self.program.kind, &self.program.fund) {
            (Kind::Voucher, None) => {
                if let Some(voucher) = self.voucher(facts) {
                    let purse = Purse::Voucher(voucher.id.clone());
                    amounts.for_each(|amount| add(&mut parts, &purse, &voucher.city, amount));
                }
            }
            (_, Some(fund)) => {
                for amount in amounts {
                    for (city, minor) in self.shares(fund, amount) {
                        let purse = Purse::Fund(fund.clone(), city.clone());
                        add(&mut parts, &purse, &city, Money::new(minor, amount.currency));
                    }
                }
            }
            (_, None) => {}
        }
        parts
    }

    fn voucher(&self, facts: &Facts) -> Option<&Voucher> {
        let id = facts.items(Subject::Voucher)?.first()?.entity.as_deref()?;
        match self.entities.get(EntityKind::Voucher, id)?.as_ref() {
            Entity::Voucher(voucher) => Some(voucher),
            _ => None,
        }
    }

    /// What each city pays of an amount, in minor units.
    fn shares(&self, fund: &FundId, amount: Money) -> Vec<(CityId, i64)> {
        if let Some(city) = self.payer {
            return vec![(city.clone(), amount.minor)];
        }
        let shares = &self.program.combine.shares;
        if shares.is_empty() {
            return self.in_proportion(fund, amount);
        }
        let weights: Vec<u32> = shares.values().copied().collect();
        let parts = share(amount, &weights).into_iter().map(|share| share.minor);
        let paying = shares.iter().zip(parts).filter(|((_, weight), _)| **weight > 0);
        paying.map(|((city, _), minor)| (city.clone(), minor)).collect()
    }

    /// What each city pays of an amount, in proportion to what it put in.
    fn in_proportion(&self, fund: &FundId, amount: Money) -> Vec<(CityId, i64)> {
        let stated = self.entities.fund(fund.as_str()).map(Fund::stated).unwrap_or_default();
        let put_in: Vec<i64> = stated.iter().map(|(_, put_in, _)| put_in.minor).collect();
        let cities = stated.into_iter().map(|(city, ..)| city);
        if put_in.iter().all(|minor| *minor == 0) {
            // Nobody has put anything in: whoever was to be the first has nothing to give.
            return cities.take(1).map(|city| (city, amount.minor)).collect();
        }
        let parts = cities.zip(split(amount.minor, &put_in)).zip(put_in);
        parts.filter(|(_, put_in)| *put_in > 0).map(|(part, _)| part).collect()
    }
}

/// What a city pays by itself, of its own award and entitlements, from the fund of its binding.
fn each(ruling: &Ruling, combined: &Combined, parts: &mut Vec<Part>) {
    let (Some(city), Some(fund)) = (&ruling.bound.city, ruling.bound.funds.first()) else { return };
    let own = combined.awards.iter().find(|(of, _)| of == city).map(|(_, amount)| *amount);
    let purse = Purse::Fund(fund.clone(), city.clone());
    for amount in own.into_iter().chain(ruling.worths()) {
        add(parts, &purse, city, amount);
    }
}

fn add(parts: &mut Vec<Part>, purse: &Purse, city: &CityId, amount: Money) {
    match parts.iter_mut().find(|part| part.purse == *purse) {
        Some(part) => part.awarded.minor = part.awarded.minor.saturating_add(amount.minor),
        None => {
            let (purse, city) = (purse.clone(), Some(city.clone()));
            let paid = Money::new(0, amount.currency);
            parts.push(Part { purse, city, awarded: amount, paid });
        }
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
