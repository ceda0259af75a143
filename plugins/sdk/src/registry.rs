//! The shared entities: what `[registry]` in `policy.toml` declares, and nothing else.

use concord_contract::{Date, Money, Subject, Truth};

use crate::maybe::Maybe;

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

/// Whether it stands on the shared list of one of the program's cities.
pub fn listed(item: &impl Listed) -> Truth {
    behind::listed(item.subject(), item.item())
}

/// Whether it has signed an agreement that is in force.
pub fn agreed(item: &impl Agreed) -> Truth {
    behind::agreed(item.subject(), item.item())
}
