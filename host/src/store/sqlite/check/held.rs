//! What an application holds of each purse: what it says itself, and what the ledger moved for it. Pure.

use std::collections::BTreeMap;
use std::fmt;

use super::ledger::pocket;
use crate::domain::application::{Application, State};
use crate::domain::purse::Stage;

/// Minor units at the stages that belong to applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) reserved: i128,
    pub(super) committed: i128,
    pub(super) paid: i128,
}

/// By purse and currency.
pub(super) type ByPurse = BTreeMap<String, Held>;

impl Held {
    /// Puts minor units to a stage; the others belong to no application.
    pub(super) fn put(&mut self, stage: &str, minor: i128) {
        match stage {
            _ if stage == Stage::Reserved.as_str() => self.reserved += minor,
            _ if stage == Stage::Committed.as_str() => self.committed += minor,
            _ if stage == Stage::Paid.as_str() => self.paid += minor,
            _ => {}
        }
    }

    pub(super) fn add(&mut self, other: Held) {
        self.reserved += other.reserved;
        self.committed += other.committed;
        self.paid += other.paid;
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Held { reserved, committed, paid } = self;
        write!(f, "reserved {reserved}, committed {committed}, paid {paid}")
    }
}

/// What an application says that it holds; the last of it is what is owed in a state in which nothing is.
pub(super) fn said(application: &Application) -> (ByPurse, i128) {
    let (mut held, mut astray) = (ByPurse::new(), 0);
    if application.waiting {
        return (held, astray);
    }
    for part in &application.parts {
        let pocket = pocket(&part.purse.to_string(), part.awarded.currency.code());
        let of_purse = held.entry(pocket).or_default();
        let paid = i128::from(part.paid.minor);
        let unpaid = i128::from(part.awarded.minor) - paid;
        of_purse.paid += paid;
        match application.state {
            State::Reserved => of_purse.reserved += unpaid,
            State::Committed | State::Paid => of_purse.committed += unpaid,
            _ => astray += unpaid.abs(),
        }
    }
    (held, astray)
}

/// One transfer: purse, currency, from, to, minor units.
pub(super) type Moved = (String, String, String, String, i64);

/// What transfers come to.
pub(super) fn moved(transfers: &[Moved]) -> ByPurse {
    let mut held = ByPurse::new();
    for (purse, code, from, to, minor) in transfers {
        let of_purse = held.entry(pocket(purse, code)).or_default();
        let minor = i128::from(*minor);
        of_purse.put(from, -minor);
        of_purse.put(to, minor);
    }
    held
}

/// Where two are not the same: the purse, the first and the second.
pub(super) fn differences(one: &ByPurse, other: &ByPurse) -> Vec<(String, Held, Held)> {
    let mut purses: Vec<&String> = one.keys().chain(other.keys()).collect();
    purses.sort();
    purses.dedup();
    let both = purses.into_iter().map(|purse| {
        let of = |all: &ByPurse| all.get(purse).copied().unwrap_or_default();
        (purse.clone(), of(one), of(other))
    });
    both.filter(|(_, one, other)| one != other).collect()
}
