//! The kinds of policy, one for each world of the contract.

/// What a policy may grant: which world of `concord:policy` it is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "manifest", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "manifest", serde(rename_all = "kebab-case"))]
pub enum Kind {
    /// Money or entitlements of a fund.
    Funding,
    /// What a voucher pays of an order.
    Voucher,
    /// A tier and entitlements for a person.
    Talent,
    /// Marks of an entry.
    Selection,
    /// How well a supply fits a demand.
    Matching,
}

impl Kind {
    /// All of them, in the order of `worlds.wit`.
    pub const ALL: [Kind; 5] =
        [Kind::Funding, Kind::Voucher, Kind::Talent, Kind::Selection, Kind::Matching];

    /// The word for it; also the name of its interface in the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Funding => "funding",
            Kind::Voucher => "voucher",
            Kind::Talent => "talent",
            Kind::Selection => "selection",
            Kind::Matching => "matching",
        }
    }

    /// The name of its world in the contract.
    #[must_use]
    pub fn world(self) -> String {
        format!("{}-policy", self.as_str())
    }
}
