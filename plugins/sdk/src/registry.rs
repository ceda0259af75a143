//! The shared entities: what `[registry]` in `policy.toml` declares, and nothing else.

use concord_contract::{Date, Money, Subject, Truth};

use crate::fact::Choice;
use crate::maybe::{Maybe, Read};

#[cfg(target_arch = "wasm32")]
use crate::guest::registry as behind;
#[cfg(not(target_arch = "wasm32"))]
use crate::native::registry as behind;

/// A fund that `policy.toml` declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund(u32);

impl Fund {
    /// The fund at this position. For the code that `policy!` makes.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(index: u32) -> Self {
        Fund(index)
    }

    /// The position in `policy.toml`.
    #[doc(hidden)]
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// A thing in the case that an entity may stand behind.
pub trait Item {
    /// What it is.
    fn subject(&self) -> Subject;
    /// Which of them, from nought.
    fn item(&self) -> u32;
}

/// An item whose prior awards the policy declared it would read (`registry.awards`).
pub trait Awarded: Item {}

/// An item that the policy declared it would look up on the shared lists (`registry.listed`).
pub trait Listed: Item {}

/// An item whose agreements the policy declared it would ask for (`registry.agreed`).
pub trait Agreed: Item {}

/// Money awarded before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Award {
    /// How much.
    pub amount: Money,
    /// When.
    pub on: Date,
    /// Whether this very program awarded it.
    pub same_program: bool,
    /// The position of the city that paid it; [`Award::payer`] makes an option of it.
    pub payer: Option<u32>,
}

/// The choices that `registry.payers` names.
pub trait Payer: Choice {}

impl Award {
    /// The city that paid it, if one did and it is on record.
    pub fn payer<C: Payer>(&self) -> Maybe<C> {
        Maybe(self.payer.map(C::from_index))
    }

    /// The same award, paid by a city. For unit tests.
    #[must_use]
    pub fn paid_by<C: Payer>(self, city: C) -> Self {
        Award { payer: Some(city.index()), ..self }
    }
}

/// What the fund still has to give.
pub fn available(fund: Fund) -> Maybe<Money> {
    Maybe(behind::available(fund.0))
}

/// The awards on record, oldest first; unknown when the case names no entity here.
pub fn awards(item: &impl Awarded) -> Maybe<Vec<Award>> {
    let (subject, item) = (item.subject(), item.item());
    let count = behind::awards(subject, item);
    Maybe(count.map(|count| (0..count).map(|at| behind::award(subject, item, at)).collect()))
}

/// What the awards on record that count leave of a limit, nought at least. Unknown when the case names no
/// entity here.
pub fn left_of(limit: Money, item: &impl Awarded, counts: impl Fn(&Award) -> bool) -> Maybe<Money> {
    let Some(awards) = awards(item).get() else { return Maybe(None) };
    let counted = awards.iter().filter(|award| counts(award));
    counted.fold(limit.into(), |left, award| left.minus(left.min(award.amount)))
}

/// Whether it stands on the shared list of one of the program's cities.
pub fn listed(item: &impl Listed) -> Truth {
    behind::listed(item.subject(), item.item())
}

/// Whether it has signed an agreement that is in force.
pub fn agreed(item: &impl Agreed) -> Truth {
    behind::agreed(item.subject(), item.item())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{self, Run};
    use crate::testing::{date, hkd};

    struct Body;

    impl Item for Body {
        fn subject(&self) -> Subject {
            Subject::Parties
        }
        fn item(&self) -> u32 {
            0
        }
    }

    impl Awarded for Body {}

    fn left(awards: Option<&[(&str, bool)]>) -> Maybe<Money> {
        let award = |(amount, same_program): &(&str, bool)| {
            let (amount, same_program) = (hkd(amount), *same_program);
            Award { amount, on: date(2025, 6, 1), same_program, payer: None }
        };
        let mut case = Run::default();
        if let Some(awards) = awards {
            let awards = awards.iter().map(award).collect();
            case.awards.insert((Subject::Parties, 0), awards);
        }
        let mut left = Maybe(None);
        native::run(case, || {
            left = left_of(hkd("1000.00"), &Body, |award| award.same_program);
        });
        left
    }

    #[test]
    fn awards_that_count_are_taken_off_the_limit_and_no_further_than_nought() {
        assert_eq!(left(Some(&[])), hkd("1000.00").into());
        assert_eq!(left(Some(&[("300.01", true), ("500.00", false)])), hkd("699.99").into());
        assert_eq!(left(Some(&[("600.00", true), ("400.00", true)])), hkd("0.00").into());
        assert_eq!(left(Some(&[("1000.01", true), ("1.00", true)])), hkd("0.00").into());
    }

    #[test]
    fn without_a_record_nobody_knows_what_is_left() {
        assert_eq!(left(None), Maybe(None));
    }
}
