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
/// entity here, and when something is left and it cannot be said of an award whether it counts.
pub fn left_of<T: Into<Truth>>(
    limit: Money,
    item: &impl Awarded,
    counts: impl Fn(&Award) -> T,
) -> Maybe<Money> {
    awards(item).and_then(|awards| less(limit, &awards, counts))
}

/// As [`left_of`], but all of the limit where no record is kept.
pub fn left_by_record<T: Into<Truth>>(
    limit: Money,
    item: &impl Awarded,
    counts: impl Fn(&Award) -> T,
) -> Maybe<Money> {
    less(limit, &awards(item).or(Vec::new()), counts)
}

fn less<T: Into<Truth>>(
    limit: Money,
    awards: &[Award],
    counts: impl Fn(&Award) -> T,
) -> Maybe<Money> {
    let (mut left, mut open) = (Maybe::from(limit), false);
    for award in awards {
        match counts(award).into() {
            Truth::Met => left = left.minus(left.min(award.amount)),
            Truth::Unmet => {}
            Truth::Undetermined => open = true,
        }
    }
    if open && left.more_than_nought() != Truth::Unmet { Maybe(None) } else { left }
}

/// Whether this very program awarded it money, by the record. Where no record is kept there is none of an award
/// either: what is declared must be asked for too.
pub fn awarded_here(item: &impl Awarded) -> Truth {
    awarded(item, |award| award.same_program)
}

/// Whether another program did, by the record; as with [`awarded_here`].
pub fn awarded_elsewhere(item: &impl Awarded) -> Truth {
    awarded(item, |award| !award.same_program)
}

fn awarded(item: &impl Awarded, counts: impl Fn(&Award) -> bool) -> Truth {
    awards(item).or(Vec::new()).iter().any(counts).into()
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

    fn award(amount: &str, same_program: bool) -> Award {
        Award { amount: hkd(amount), on: date(2025, 6, 1), same_program, payer: None }
    }

    /// What is said of a body with this record.
    fn said<T>(awards: Option<&[(&str, bool)]>, say: impl FnOnce() -> T) -> T {
        let mut case = Run::default();
        if let Some(awards) = awards {
            let awards = awards.iter().map(|(amount, ours)| award(amount, *ours)).collect();
            case.awards.insert((Subject::Parties, 0), awards);
        }
        let mut said = None;
        native::run(case, || said = Some(say()));
        said.expect("the case was run")
    }

    fn left(awards: Option<&[(&str, bool)]>) -> Maybe<Money> {
        said(awards, || left_of(hkd("1000.00"), &Body, |award| award.same_program))
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

    #[test]
    fn by_the_record_alone_all_is_left_without_one() {
        let left = |awards| {
            said(awards, || left_by_record(hkd("1000.00"), &Body, |award| award.same_program))
        };
        assert_eq!(left(None), hkd("1000.00").into());
        assert_eq!(left(Some(&[("300.01", true), ("500.00", false)])), hkd("699.99").into());
        assert_eq!(left(Some(&[("1000.01", true)])), hkd("0.00").into());
    }

    #[test]
    fn an_award_that_may_count_leaves_it_open_how_much_is_left_unless_nothing_is() {
        // It cannot be said of the awards of other programs here whether they count.
        let left = |awards: &[(&str, bool)]| {
            let counts = |award: &Award| Truth::from(award.same_program.then_some(true));
            said(Some(awards), || left_of(hkd("1000.00"), &Body, counts))
        };
        assert_eq!(left(&[("999.99", true)]), hkd("0.01").into());
        assert_eq!(left(&[("999.99", true), ("1.00", false)]), Maybe(None));
        assert_eq!(left(&[("1.00", false), ("1000.00", true)]), hkd("0.00").into());
    }

    #[test]
    fn an_award_is_told_by_whose_program_it_is_where_a_record_is_kept() {
        let told = |awards| said(awards, || (awarded_here(&Body), awarded_elsewhere(&Body)));
        assert_eq!(told(None), (Truth::Unmet, Truth::Unmet));
        assert_eq!(told(Some(&[])), (Truth::Unmet, Truth::Unmet));
        assert_eq!(told(Some(&[("1.00", true)])), (Truth::Met, Truth::Unmet));
        assert_eq!(told(Some(&[("1.00", false)])), (Truth::Unmet, Truth::Met));
        assert_eq!(told(Some(&[("1.00", true), ("1.00", false)])), (Truth::Met, Truth::Met));
    }
}
