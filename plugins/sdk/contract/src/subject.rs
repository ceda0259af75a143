//! The things in a case that facts are about.

/// A thing in the case. The order is the contract's (`types.wit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "manifest", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "manifest", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum Subject {
    /// What the parties ask the program to support.
    Project,
    /// The organisations that take part.
    Parties,
    /// The person that a talent scheme is asked to support.
    Talent,
    /// The voucher to be redeemed.
    Voucher,
    /// The service ordered with the voucher.
    Order,
    /// An entry in a contest or screening round.
    Entry,
    /// What is offered.
    Supply,
    /// What is looked for.
    Demand,
}

impl Subject {
    /// All of them, in the contract's order.
    pub const ALL: [Subject; 8] = [
        Subject::Project,
        Subject::Parties,
        Subject::Talent,
        Subject::Voucher,
        Subject::Order,
        Subject::Entry,
        Subject::Supply,
        Subject::Demand,
    ];

    /// Whether the case may hold several of it.
    #[must_use]
    pub fn is_many(self) -> bool {
        matches!(self, Subject::Parties)
    }

    /// The key for it in a case and in `policy.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Subject::Project => "project",
            Subject::Parties => "parties",
            Subject::Talent => "talent",
            Subject::Voucher => "voucher",
            Subject::Order => "order",
            Subject::Entry => "entry",
            Subject::Supply => "supply",
            Subject::Demand => "demand",
        }
    }

    /// The subject with this key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Subject> {
        Subject::ALL.into_iter().find(|subject| subject.as_str() == key)
    }

    /// Its place in the contract's order.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}
