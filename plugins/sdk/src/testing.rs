//! For unit tests of policies: values, and what was reported.

#![allow(clippy::expect_used, reason = "a test with a wrong figure in it must fail")]

use concord_contract::{Currency, Date, Decimal, Money, Truth};

use crate::native::Run;
use crate::registry::Item;
use crate::ruling::{CaseClause, Criterion, Entitlement, ItemClause, Note, Tier};

/// A date.
#[must_use]
pub fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a date of the calendar")
}

/// A decimal, such as `"3.1"`; a percentage, such as `"3.1%"`, is its ratio.
#[must_use]
pub fn decimal(text: &str) -> Decimal {
    match text.strip_suffix('%') {
        Some(percent) => decimal(percent) / Decimal::ONE_HUNDRED,
        None => text.parse().expect("a decimal"),
    }
}

/// Money of a currency by its ISO 4217 code.
#[must_use]
pub fn money(amount: &str, code: &str) -> Money {
    let currency = Currency::from_code(code).expect("a currency of ISO 4217");
    Money::parse(amount, currency).expect("an amount such as 1500000.00")
}

/// Renminbi.
#[must_use]
pub fn cny(amount: &str) -> Money {
    money(amount, "CNY")
}

/// Hong Kong dollars.
#[must_use]
pub fn hkd(amount: &str) -> Money {
    money(amount, "HKD")
}

/// What the policy reported.
pub struct Reported(#[doc(hidden)] pub Run);

impl Reported {
    /// The truth of a clause; undetermined if it was not reported, as the host would have it.
    pub fn truth(&self, clause: CaseClause) -> Truth {
        self.reported(clause.index(), None)
    }

    /// The truth of a clause for one item.
    pub fn truth_for<I: Item>(&self, clause: ItemClause<I>, item: u32) -> Truth {
        self.reported(clause.index(), Some(item))
    }

    fn reported(&self, clause: u32, item: Option<u32>) -> Truth {
        self.0.clauses.get(&(clause, item)).copied().unwrap_or(Truth::Undetermined)
    }

    /// The award or cover proposed; `None` where there is none or it is not known.
    #[must_use]
    pub fn amount(&self) -> Option<Money> {
        self.0.grant.amount.flatten()
    }

    /// Whether this is the tier proposed.
    #[must_use]
    pub fn is_tier(&self, tier: Tier) -> bool {
        self.0.grant.tier.flatten() == Some(tier.index())
    }

    /// Whether an entitlement in kind is due.
    pub fn due(&self, entitlement: Entitlement) -> Truth {
        let due = self.0.grant.entitled.get(&entitlement.index());
        due.copied().unwrap_or(Truth::Undetermined)
    }

    /// The worth of an entitlement.
    #[must_use]
    pub fn entitled_to(&self, entitlement: Entitlement) -> Option<Money> {
        self.0.grant.entitled_to.get(&entitlement.index()).copied().flatten()
    }

    /// The mark by a criterion.
    #[must_use]
    pub fn score(&self, criterion: Criterion) -> Option<Decimal> {
        self.0.grant.scores.get(&criterion.index()).copied().flatten()
    }

    /// How well supply and demand fit.
    #[must_use]
    pub fn affinity(&self) -> Option<Decimal> {
        self.0.grant.affinity.flatten()
    }

    /// Whether the remark was made.
    #[must_use]
    pub fn noted(&self, note: Note) -> bool {
        self.0.notes.iter().any(|(index, _)| *index == note.index())
    }
}
