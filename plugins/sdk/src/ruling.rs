//! What a policy reports.

use core::marker::PhantomData;

use concord_contract::{Decimal, Money, Truth};

use crate::maybe::{Maybe, Read};
use crate::registry::Item;

#[cfg(target_arch = "wasm32")]
use crate::guest::grant;
#[cfg(target_arch = "wasm32")]
use crate::guest::ruling as behind;
#[cfg(not(target_arch = "wasm32"))]
use crate::native::grant;
#[cfg(not(target_arch = "wasm32"))]
use crate::native::ruling as behind;

/// What the policy says of the case. `K` is the kind of policy, which decides what can be granted.
pub struct Ruling<K> {
    kind: PhantomData<K>,
}

/// The kinds of policy, as types.
pub mod kind {
    /// May award money and entitlements.
    pub struct Funding;
    /// May let a voucher pay.
    pub struct Voucher;
    /// May give a tier and entitlements.
    pub struct Talent;
    /// May mark an entry.
    pub struct Selection;
    /// May say how well two fit.
    pub struct Matching;
}

/// A clause asked of the case as a whole.
#[derive(Clone, Copy, Debug)]
pub struct CaseClause(u32);

/// A clause asked of each item `I` of a subject.
pub struct ItemClause<I> {
    index: u32,
    of: PhantomData<I>,
}

macro_rules! declared {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(u32);

        impl $name {
            /// The one at this position. For the code that `policy!` makes.
            #[doc(hidden)]
            #[must_use]
            pub const fn at(index: u32) -> Self {
                $name(index)
            }

            /// The position in `policy.toml`.
            #[doc(hidden)]
            #[must_use]
            pub const fn index(self) -> u32 {
                self.0
            }
        }
    )*};
}

declared! {
    /// A remark that `policy.toml` declares.
    Note
    /// An entitlement that `policy.toml` declares.
    Entitlement
    /// A tier that `policy.toml` declares.
    Tier
    /// A criterion that `policy.toml` declares.
    Criterion
}

impl CaseClause {
    /// The clause at this position. For the code that `policy!` makes.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(index: u32) -> Self {
        CaseClause(index)
    }

    /// The position in `policy.toml`.
    #[doc(hidden)]
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

impl<I> ItemClause<I> {
    /// The clause at this position. For the code that `policy!` makes.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(index: u32) -> Self {
        ItemClause { index, of: PhantomData }
    }

    /// The position in `policy.toml`.
    #[doc(hidden)]
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }
}

impl<K> Ruling<K> {
    /// An empty ruling. For the code that `policy!` makes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Ruling { kind: PhantomData }
    }

    /// Reports a clause of the whole case, exactly once. The host takes the facts that were asked about
    /// since the report before for the facts that this clause used.
    pub fn clause(&mut self, clause: CaseClause, truth: Truth) {
        behind::clause(clause.0, None, truth);
    }

    /// Reports a clause for one item, exactly once for each.
    pub fn clause_for<I: Item>(&mut self, clause: ItemClause<I>, item: &I, truth: Truth) {
        behind::clause(clause.index, Some(item.item()), truth);
    }

    /// Adds a remark.
    pub fn note(&mut self, note: Note) {
        behind::note(note.0, None);
    }

    /// Adds a remark about one item.
    pub fn note_for(&mut self, note: Note, item: &impl Item) {
        behind::note(note.0, item.subject().is_many().then(|| item.item()));
    }
}

impl<K> Default for Ruling<K> {
    fn default() -> Self {
        Ruling::new()
    }
}

impl Ruling<kind::Funding> {
    /// Proposes the award, once. It stays open while it depends on something unknown.
    pub fn award(&mut self, amount: impl Into<Maybe<Money>>) {
        grant::funding::award(amount.into().get());
    }

    /// Says whether an entitlement in kind is due, once for each.
    pub fn entitle(&mut self, entitlement: Entitlement, due: Truth) {
        grant::funding::entitle(entitlement.0, due);
    }

    /// Grants an entitlement of some worth.
    pub fn entitle_to(&mut self, entitlement: Entitlement, amount: impl Into<Maybe<Money>>) {
        grant::funding::entitle_to(entitlement.0, amount.into().get());
    }
}

impl Ruling<kind::Voucher> {
    /// Proposes how much of the order the voucher pays, once.
    pub fn cover(&mut self, amount: impl Into<Maybe<Money>>) {
        grant::voucher::cover(amount.into().get());
    }
}

impl Ruling<kind::Talent> {
    /// Places the person in a tier, once.
    pub fn tier(&mut self, tier: impl Into<Maybe<Tier>>) {
        grant::talent::tier(tier.into().get().map(|tier| tier.0));
    }

    /// Says whether an entitlement in kind is due, once for each.
    pub fn entitle(&mut self, entitlement: Entitlement, due: Truth) {
        grant::talent::entitle(entitlement.0, due);
    }

    /// Grants an entitlement of some worth.
    pub fn entitle_to(&mut self, entitlement: Entitlement, amount: impl Into<Maybe<Money>>) {
        grant::talent::entitle_to(entitlement.0, amount.into().get());
    }
}

impl Ruling<kind::Selection> {
    /// Marks the entry by one criterion, once for each.
    pub fn score(&mut self, criterion: Criterion, value: impl Into<Maybe<Decimal>>) {
        grant::selection::score(criterion.0, value.into().get());
    }
}

impl Ruling<kind::Matching> {
    /// Says how well the two fit, once.
    pub fn affinity(&mut self, value: impl Into<Maybe<Decimal>>) {
        grant::matching::affinity(value.into().get());
    }
}
