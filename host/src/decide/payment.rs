//! Who pays what is awarded: from which purse, and whether there is so much in it. Pure.

use concord_contract::{Kind, Money, Subject};

use super::combine::Combined;
use super::decision::Ruling;
use super::shares::share;
use crate::domain::application::Part;
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind, Fund};
use crate::domain::facts::Facts;
use crate::domain::ids::{CityId, FundId};
use crate::domain::outcome::Outcome;
use crate::domain::program::{AwardRule, Program};
use crate::domain::purse::{Purse, Stage};
use crate::domain::split::split;

/// What a program can award of a fund: of its own, the largest amount that the cities can pay in its shares; of
/// another, all that it has.
#[must_use]
pub fn available(program: &Program, fund: &FundId, entities: &Entities) -> Option<Money> {
    match program.fund.as_ref() == Some(fund) {
        true => payable(program, fund, entities),
        false => entities.available(fund),
    }
}

/// The largest amount that a fund can pay in a program's shares. Without shares, each city pays in proportion to
/// what it put in.
fn payable(program: &Program, fund: &FundId, entities: &Entities) -> Option<Money> {
    let all = entities.available(fund)?;
    if program.combine.shares.is_empty() {
        return Some(all);
    }
    let parts: Vec<u32> = program.combine.shares.values().copied().collect();
    let whole: i128 = parts.iter().copied().map(i128::from).sum();
    let room = |city: &CityId| {
        let balance = entities.books().balance(&Purse::Fund(fund.clone(), city.clone()));
        balance.map_or(0, |balance| balance.at(Stage::Available).minor)
    };
    let rooms: Vec<i64> = program.combine.shares.keys().map(room).collect();
    let paying = || rooms.iter().zip(&parts).filter(|(_, part)| **part > 0);
    if paying().any(|(room, _)| *room == 0) {
        return Some(Money::new(0, all.currency));
    }
    let bounds = paying().map(|(room, part)| {
        let most = (i128::from(*room) * whole).checked_div(i128::from(*part)).unwrap_or(0);
        i64::try_from(most + whole).unwrap_or(i64::MAX)
    });
    // Shares are cut down, and the first takes the rest: within a few minor units of the bound the shares fit.
    let fits = |minor: i64| {
        let shares = share(Money::new(minor, all.currency), &parts);
        shares.iter().zip(&rooms).all(|(share, room)| share.minor <= *room)
    };
    let mut most = bounds.min().unwrap_or(0).min(all.minor);
    while most > 0 && !fits(most) {
        most -= 1;
    }
    Some(Money::new(most, all.currency))
}

/// The parts of what a decision grants, each from its purse. None where no purse stands behind it.
pub(super) fn parts(
    program: &Program,
    combined: &Combined,
    rulings: &[Ruling],
    facts: &Facts,
    entities: &Entities,
) -> Vec<Part> {
    let mut parts = Parts { entities, parts: Vec::new() };
    if combined.outcome != Outcome::Eligible {
        return parts.parts;
    }
    let met = rulings.iter().filter(|ruling| ruling.outcome == Outcome::Eligible);
    if program.combine.award == AwardRule::Each {
        for ruling in met {
            let (Some(city), Some(fund)) = (&ruling.bound.city, ruling.bound.funds.first()) else {
                continue;
            };
            let own = combined.awards.iter().find(|(of, _)| of == city).map(|(_, amount)| *amount);
            for amount in own.into_iter().chain(ruling.worths()) {
                parts.add(Purse::Fund(fund.clone(), city.clone()), city, amount);
            }
        }
        return parts.parts;
    }
    let award = combined.award.as_ref().map(|award| award.amount);
    let amounts = award.into_iter().chain(met.flat_map(Ruling::worths));
    match (program.kind, &program.fund) {
        (Kind::Voucher, None) => {
            let items = facts.items(Subject::Voucher).unwrap_or_default();
            let id = items.first().and_then(|item| item.entity.as_deref());
            let voucher = id.and_then(|id| entities.get(EntityKind::Voucher, id));
            if let Some(Entity::Voucher(voucher)) = voucher.map(AsRef::as_ref) {
                let purse = Purse::Voucher(voucher.id.clone());
                amounts.for_each(|amount| parts.add(purse.clone(), &voucher.city, amount));
            }
        }
        (_, Some(fund)) => amounts.for_each(|amount| parts.share(program, fund, amount)),
        (_, None) => {}
    }
    parts.parts
}

struct Parts<'a> {
    entities: &'a Entities,
    parts: Vec<Part>,
}

impl Parts<'_> {
    /// Divides an amount over the cities of a fund.
    fn share(&mut self, program: &Program, fund: &FundId, amount: Money) {
        let shares: Vec<(CityId, i64)> = if program.combine.shares.is_empty() {
            self.in_proportion(fund, amount)
        } else {
            let weights: Vec<u32> = program.combine.shares.values().copied().collect();
            let shares = share(amount, &weights).into_iter().map(|share| share.minor);
            let shares = program.combine.shares.iter().zip(shares);
            let paying = shares.filter(|((_, weight), _)| **weight > 0);
            paying.map(|((city, _), share)| (city.clone(), share)).collect()
        };
        for (city, minor) in shares {
            let purse = Purse::Fund(fund.clone(), city.clone());
            self.add(purse, &city, Money::new(minor, amount.currency));
        }
    }

    /// Divides an amount in proportion to what each city put in.
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

    fn add(&mut self, purse: Purse, city: &CityId, amount: Money) {
        match self.parts.iter_mut().find(|part| part.purse == purse) {
            Some(part) => part.awarded.minor = part.awarded.minor.saturating_add(amount.minor),
            None => {
                let paid = Money::new(0, amount.currency);
                let city = Some(city.clone());
                self.parts.push(Part { purse, city, awarded: amount, paid });
            }
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
