//! Purses: where money stands, and how it moves from one stage to the next.

use std::fmt;

use concord_contract::{Currency, Money};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::ids::{CityId, FundId, VoucherId};

/// Money of one owner: what a city put into a fund, or a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Purse {
    /// A city's part of a fund: `funds/FUND/CITY`.
    Fund(FundId, CityId),
    /// A voucher: `vouchers/VOUCHER`.
    Voucher(VoucherId),
}

/// A text that names no purse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found \"{0}\", expected a purse: funds/FUND/CITY or vouchers/VOUCHER")]
pub struct BadPurse(String);

impl fmt::Display for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Purse::Fund(fund, city) => write!(f, "funds/{fund}/{city}"),
            Purse::Voucher(voucher) => write!(f, "vouchers/{voucher}"),
        }
    }
}

impl TryFrom<String> for Purse {
    type Error = BadPurse;
    fn try_from(text: String) -> Result<Purse, BadPurse> {
        let mut pieces = text.split('/');
        let found = match (pieces.next(), pieces.next(), pieces.next(), pieces.next()) {
            (Some("funds"), Some(fund), Some(city), None) => {
                fund.parse().ok().zip(city.parse().ok()).map(|(fund, city)| Purse::Fund(fund, city))
            }
            (Some("vouchers"), Some(voucher), None, None) => {
                voucher.parse().ok().map(Purse::Voucher)
            }
            _ => None,
        };
        found.ok_or(BadPurse(text))
    }
}

impl Serialize for Purse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A stage that money of a purse is at. Each is an account of the ledger.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Where it comes from: a treasury, or the issuer of a voucher. The only one that goes below nought.
    Source,
    /// There to be awarded.
    Available,
    /// Awarded, and not yet agreed on.
    Reserved,
    /// Owed by a signed agreement.
    Committed,
    /// Paid out; of a voucher, redeemed.
    Paid,
    /// Left on a voucher after its last day.
    Expired,
}

impl Stage {
    /// All of them, in the order in which money passes through them.
    pub const ALL: [Stage; 6] = [
        Stage::Source,
        Stage::Available,
        Stage::Reserved,
        Stage::Committed,
        Stage::Paid,
        Stage::Expired,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Source => "source",
            Stage::Available => "available",
            Stage::Reserved => "reserved",
            Stage::Committed => "committed",
            Stage::Paid => "paid",
            Stage::Expired => "expired",
        }
    }
}

/// An amount that moves from one stage of a purse to another: a debit and a credit in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Whose money it is.
    pub purse: Purse,
    /// The stage that it leaves.
    pub from: Stage,
    /// The stage that it comes to.
    pub to: Stage,
    /// How much; above nought.
    pub amount: Money,
}

impl Transfer {
    /// A transfer, unless nothing would move.
    #[must_use]
    pub fn of(purse: &Purse, from: Stage, to: Stage, amount: Money) -> Option<Transfer> {
        (amount.minor > 0).then(|| Transfer { purse: purse.clone(), from, to, amount })
    }

    /// Whether it gives back what was reserved or committed.
    #[must_use]
    pub fn releases(&self) -> bool {
        self.to == Stage::Available && matches!(self.from, Stage::Reserved | Stage::Committed)
    }
}

/// What stands at each stage of a purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    currency: Currency,
    /// Minor units by stage, in the order of [`Stage::ALL`].
    minor: [i64; 6],
    /// All that was ever released, in minor units.
    released: i64,
}

impl Balance {
    /// An empty purse.
    #[must_use]
    pub fn empty(currency: Currency) -> Balance {
        Balance { currency, minor: [0; 6], released: 0 }
    }

    /// A balance as it was found.
    #[must_use]
    pub fn found(currency: Currency, minor: [i64; 6], released: i64) -> Balance {
        Balance { currency, minor, released }
    }

    /// The currency of all of it.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// What stands at a stage; below nought only at the source.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Money {
        let minor = self.minor.get(stage as usize).copied().unwrap_or_default();
        Money::new(minor, self.currency)
    }

    /// All that was put in.
    #[must_use]
    pub fn contributed(&self) -> Money {
        Money::new(-self.at(Stage::Source).minor, self.currency)
    }

    /// All that was ever given back after it was reserved or committed.
    #[must_use]
    pub fn released(&self) -> Money {
        Money::new(self.released, self.currency)
    }

    /// The balance after a transfer; nothing where there is not so much at the stage, or of another currency.
    #[must_use]
    pub fn after(mut self, transfer: &Transfer) -> Option<Balance> {
        let minor = transfer.amount.minor;
        if transfer.amount.currency != self.currency || minor <= 0 {
            return None;
        }
        let from = self.minor.get_mut(transfer.from as usize)?;
        *from = from.checked_sub(minor)?;
        if *from < 0 && transfer.from != Stage::Source {
            return None;
        }
        let to = self.minor.get_mut(transfer.to as usize)?;
        *to = to.checked_add(minor)?;
        if transfer.releases() {
            self.released = self.released.checked_add(minor)?;
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purse() -> Purse {
        Purse::try_from("funds/a-fund/guangzhou".to_owned()).unwrap()
    }

    fn moved(from: Stage, to: Stage, minor: i64) -> Transfer {
        Transfer { purse: purse(), from, to, amount: Money::new(minor, Currency::CNY) }
    }

    #[test]
    fn a_purse_is_read_as_it_is_written_and_nothing_else_is() {
        assert_eq!(purse().to_string(), "funds/a-fund/guangzhou");
        let voucher = Purse::try_from("vouchers/v-1".to_owned()).unwrap();
        assert_eq!(voucher.to_string(), "vouchers/v-1");
        for wrong in ["", "funds/a", "funds/A/b", "funds/a/b/c", "vouchers/", "purses/a"] {
            assert!(Purse::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn money_leaves_one_stage_for_another_and_never_more_than_is_there() {
        let full =
            Balance::empty(Currency::CNY).after(&moved(Stage::Source, Stage::Available, 100));
        let full = full.unwrap();
        assert_eq!((full.contributed().minor, full.at(Stage::Available).minor), (100, 100));
        let reserved = full.after(&moved(Stage::Available, Stage::Reserved, 70)).unwrap();
        assert_eq!(reserved.after(&moved(Stage::Available, Stage::Reserved, 31)), None);
        let back = reserved.after(&moved(Stage::Reserved, Stage::Available, 70)).unwrap();
        assert_eq!((back.at(Stage::Available).minor, back.released().minor), (100, 70));
        assert_eq!(full.after(&moved(Stage::Available, Stage::Paid, 0)), None);
    }
}
