//! The guests of `tests/guests`: one constant each, and one that no test uses does not compile.

#![deny(dead_code)]

use concord_contract::{CONTRACT, CONTRACT_SECTION, MANIFEST_SECTION};

use super::component::Recipe;

/// A policy in WebAssembly text.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// Its name: the file's, and the id of the policy.
    pub name: &'static str,
    text: &'static str,
}

/// What every guest declares.
const MANIFEST: &str = include_str!("../../guests/policy.toml");

macro_rules! guests {
    ($($constant:ident = $name:literal;)*) => {
        $(
            pub const $constant: Guest = Guest {
                name: $name,
                text: include_str!(concat!("../../guests/", $name, ".wat")),
            };
        )*

        /// The names of all of them.
        pub const NAMES: &[&str] = &[$($name),*];

        /// All of them, by name: for a host that has them all.
        pub fn all() -> impl Iterator<Item = Guest> {
            let texts = [$(include_str!(concat!("../../guests/", $name, ".wat"))),*];
            NAMES.iter().zip(texts).map(|(name, text)| Guest { name, text })
        }
    };
}

guests! {
    OBEDIENT = "obedient";
    REMEMBERS = "remembers";
    LITTERS = "litters";

    ENDLESS_LOOP = "endless-loop";
    ENDLESS_START = "endless-start";
    ENDLESS_READS = "endless-reads";
    ENDLESS_AFTERWARDS = "endless-afterwards";
    MEMORY_BOMB = "memory-bomb";
    MEMORY_AT_ONCE = "memory-at-once";
    TABLE_BOMB = "table-bomb";
    RECURSION = "recursion";
    UNREACHABLE = "unreachable";
    DIVIDE_BY_NOUGHT = "divide-by-nought";
    OUTSIDE_MEMORY = "outside-memory";

    FACT_BEYOND = "fact-beyond";
    FACT_FAR_BEYOND = "fact-far-beyond";
    FACT_OF_OTHER_SUBJECT = "fact-of-other-subject";
    FACT_OF_OTHER_TYPE = "fact-of-other-type";
    ITEM_BEYOND = "item-beyond";
    ITEM_OF_SINGLE = "item-of-single";
    PARAMETER_BEYOND = "parameter-beyond";
    ROW_BEYOND = "row-beyond";
    CLAUSE_BEYOND = "clause-beyond";
    CLAUSE_FOR_NO_PARTY = "clause-for-no-party";
    CLAUSE_WITHOUT_ITEM = "clause-without-item";
    CLAUSE_WITH_ITEM = "clause-with-item";
    NOTE_BEYOND = "note-beyond";
    FUND_BEYOND = "fund-beyond";
    ENTITLEMENT_BEYOND = "entitlement-beyond";
    PRIOR_AWARD_BEYOND = "prior-award-beyond";

    NO_SUCH_SUBJECT = "no-such-subject";
    NO_SUCH_TRUTH = "no-such-truth";
    RESULT_OUTSIDE_MEMORY = "result-outside-memory";
    TEXT_OUTSIDE_MEMORY = "text-outside-memory";
    ALLOCATOR_CALLS_BACK = "allocator-calls-back";

    AWARDS_OF_PROJECT = "awards-of-project";
    CLAUSE_TWICE = "clause-twice";
    AWARD_TWICE = "award-twice";
    AWARD_UNKNOWN_TWICE = "award-unknown-twice";
    ENTITLEMENT_TWICE = "entitlement-twice";
    REMARK_TWICE = "remark-twice";
    AWARD_NEGATIVE = "award-negative";
    AWARD_IN_DOLLARS = "award-in-dollars";
    AWARD_IN_NO_CURRENCY = "award-in-no-currency";
    CLAUSE_UNREPORTED = "clause-unreported";
    PARTY_UNREPORTED = "party-unreported";
    UNDECIDED = "undecided";
    NO_AWARD = "no-award";
    AWARD_UNKNOWN = "award-unknown";
}

impl Guest {
    /// Its `policy.toml`.
    pub fn manifest(&self) -> String {
        MANIFEST.replace("GUEST", self.name)
    }

    /// How it is made, to be made otherwise.
    pub fn recipe(&self) -> Recipe {
        Recipe::of_module(self.text)
            .section(CONTRACT_SECTION, CONTRACT)
            .section(MANIFEST_SECTION, &self.manifest())
    }

    /// It as a component.
    pub fn component(&self) -> Vec<u8> {
        self.recipe().make()
    }
}
