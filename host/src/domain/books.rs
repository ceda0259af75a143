//! The books: what the ledger comes to, and what is awarded to whom by applications that are under way.
//!
//! A copy costs next to nothing, so that whoever reads them sees one moment and nobody waits.

use std::collections::BTreeSet;
use std::sync::Arc;

use concord_contract::Money;
use rpds::RedBlackTreeMapSync;

use super::application::{Application, Beneficiary, State};
use super::ids::{ApplicationId, CityId, FundId, VoucherId};
use super::nouns::{Award, Fund, Voucher};
use super::purse::{Balance, Purse, Stage, Transfer};

/// Not so much money stands where it was to be taken from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is not {} {} {} in {}", .0.amount, .0.amount.currency.code(), .0.from.as_str(), .0.purse)]
pub struct Short(pub Transfer);

/// A hundred times a million million, in minor units.
const PLENTY: i64 = 100_000_000_000_000;

/// The books.
#[derive(Clone, Debug, Default)]
pub struct Books {
    balances: RedBlackTreeMapSync<Purse, Balance>,
    awards: RedBlackTreeMapSync<Beneficiary, Arc<Vec<(ApplicationId, Award)>>>,
    /// The applications that wait for money, in the order of submission, with the purses that they wait for.
    waiting: RedBlackTreeMapSync<i64, (ApplicationId, Arc<Vec<Purse>>)>,
}

impl Books {
    /// Books with these balances.
    #[must_use]
    pub fn with(balances: impl IntoIterator<Item = (Purse, Balance)>) -> Books {
        Books { balances: balances.into_iter().collect(), ..Books::default() }
    }

    /// What stands in a purse, if it was ever filled.
    #[must_use]
    pub fn balance(&self, purse: &Purse) -> Option<&Balance> {
        self.balances.get(purse)
    }

    /// All purses, in order.
    pub fn balances(&self) -> impl Iterator<Item = (&Purse, &Balance)> {
        self.balances.iter()
    }

    /// The purses of a fund, by city.
    pub fn of_fund<'a>(
        &'a self,
        fund: &'a FundId,
    ) -> impl Iterator<Item = (&'a CityId, &'a Balance)> + 'a {
        self.balances.iter().filter_map(move |(purse, balance)| match purse {
            Purse::Fund(of, city) if of == fund => Some((city, balance)),
            _ => None,
        })
    }

    /// What is left on a voucher.
    #[must_use]
    pub fn held(&self, voucher: &VoucherId) -> Option<Money> {
        let balance = self.balance(&Purse::Voucher(voucher.clone()));
        balance.map(|balance| balance.at(Stage::Available))
    }

    /// Empties the purses of a fund and forgets that they were ever filled. For trying out what if.
    pub fn forget(&mut self, fund: &FundId) {
        let of_fund =
            |(purse, _): &(&Purse, &Balance)| matches!(purse, Purse::Fund(of, _) if of == fund);
        let purses: Vec<_> =
            self.balances.iter().filter(of_fund).map(|(purse, _)| purse.clone()).collect();
        for purse in purses {
            self.balances.remove_mut(&purse);
        }
    }

    /// The books without what is available in these purses: what others wait for is not there for anybody else.
    #[must_use]
    pub fn without(&self, purses: &[Purse]) -> Books {
        let mut books = self.clone();
        for purse in purses {
            if let Some(balance) = self.balance(purse) {
                let all = balance.at(Stage::Available);
                let gone = Transfer::of(purse, Stage::Available, Stage::Source, all);
                // It is there, so it can go.
                let _ = books.apply(gone.as_slice());
            }
        }
        books
    }

    /// The books with more in these purses than anybody will want, to find out what would be granted then.
    #[must_use]
    pub fn with_plenty(&self, purses: &[Purse]) -> Books {
        let mut books = self.clone();
        for purse in purses {
            if let Some(balance) = self.balance(purse) {
                let plenty = Money::new(PLENTY, balance.currency());
                let there = Transfer::of(purse, Stage::Source, Stage::Available, plenty);
                // A source gives whatever it is asked for.
                let _ = books.apply(there.as_slice());
            }
        }
        books
    }

    /// The books as if an application had been granted nothing.
    #[must_use]
    pub fn without_application(&self, application: &Application) -> Books {
        let mut books = self.clone();
        let mut ended = application.clone();
        let released = ended.end(State::Withdrawn);
        let unpaid = application
            .parts
            .iter()
            .filter_map(|part| Transfer::of(&part.purse, Stage::Paid, Stage::Available, part.paid));
        let back: Vec<_> = released.into_iter().chain(unpaid).collect();
        // What was taken from there can go back.
        let _ = books.apply(&back);
        ended.reserved = None;
        books.take_over(&ended);
        books
    }

    /// Makes transfers, all or none.
    pub fn apply(&mut self, transfers: &[Transfer]) -> Result<(), Short> {
        let mut balances = self.balances.clone();
        for transfer in transfers {
            let empty = Balance::empty(transfer.amount.currency);
            let balance = balances.get(&transfer.purse).copied().unwrap_or(empty);
            let after = balance.after(transfer).ok_or_else(|| Short(transfer.clone()))?;
            balances.insert_mut(transfer.purse.clone(), after);
        }
        self.balances = balances;
        Ok(())
    }

    /// The transfers by which a fund's purses come to hold what its document says was put in, and spent
    /// before. A contribution that is no longer there is taken out of what is available.
    #[must_use]
    pub fn statement_of_fund(&self, fund: &Fund) -> Vec<Transfer> {
        let mut transfers = Vec::new();
        let stated = fund.stated();
        for (city, put_in, spent) in &stated {
            let purse = Purse::Fund(fund.id.clone(), city.clone());
            self.state(&purse, *put_in, *spent, &mut transfers);
        }
        for (city, balance) in self.of_fund(&fund.id) {
            if !stated.iter().any(|(stated, ..)| stated == city) {
                let purse = Purse::Fund(fund.id.clone(), city.clone());
                let nothing = Money::new(0, balance.currency());
                self.state(&purse, nothing, nothing, &mut transfers);
            }
        }
        transfers
    }

    /// The transfers by which a voucher comes to hold what its document says that it was issued for.
    #[must_use]
    pub fn statement_of_voucher(&self, voucher: &Voucher) -> Vec<Transfer> {
        let mut transfers = Vec::new();
        let nothing = Money::new(0, voucher.amount.currency);
        let purse = Purse::Voucher(voucher.id.clone());
        self.state(&purse, voucher.amount, voucher.spent.unwrap_or(nothing), &mut transfers);
        transfers
    }

    /// `spent` counts only as a purse is opened: what is paid later is paid through the ledger.
    fn state(&self, purse: &Purse, put_in: Money, spent: Money, transfers: &mut Vec<Transfer>) {
        let found = self.balance(purse);
        let before = found.map_or(Money::new(0, put_in.currency), Balance::contributed);
        let difference = Money::new(put_in.minor.saturating_sub(before.minor), put_in.currency);
        let back = Money::new(difference.minor.saturating_neg(), put_in.currency);
        transfers.extend(Transfer::of(purse, Stage::Source, Stage::Available, difference));
        transfers.extend(Transfer::of(purse, Stage::Available, Stage::Source, back));
        if found.is_none() {
            transfers.extend(Transfer::of(purse, Stage::Available, Stage::Paid, spent));
        }
    }

    /// What an entity is awarded by applications.
    pub fn awards(&self, beneficiary: &Beneficiary) -> impl Iterator<Item = &Award> {
        self.awards.get(beneficiary).into_iter().flat_map(|all| all.iter().map(|(_, award)| award))
    }

    /// The applications that wait for money of one of these purses, first come first, each with its place among
    /// all applications.
    pub fn waiting<'a>(
        &'a self,
        purses: &'a [Purse],
    ) -> impl Iterator<Item = (i64, &'a ApplicationId)> {
        self.waiting
            .iter()
            .filter(|(_, (_, wanted))| wanted.iter().any(|purse| purses.contains(purse)))
            .map(|(sequence, (application, _))| (*sequence, application))
    }

    /// All purses that somebody waits for.
    #[must_use]
    pub fn waited_for(&self) -> Vec<Purse> {
        let all = self.waiting.values().flat_map(|(_, purses)| purses.iter().cloned());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Takes over what an application comes to, in the place of what it came to before.
    pub fn take_over(&mut self, application: &Application) {
        let awards = application.awards();
        for beneficiary in &application.beneficiaries {
            self.put_on_record(beneficiary, &application.id, &awards);
        }
        if application.waiting {
            let purses = application.parts.iter().map(|part| part.purse.clone()).collect();
            let wanted = (application.id.clone(), Arc::new(purses));
            self.waiting.insert_mut(application.sequence, wanted);
        } else {
            self.waiting.remove_mut(&application.sequence);
        }
    }

    fn put_on_record(&mut self, beneficiary: &Beneficiary, id: &ApplicationId, awards: &[Award]) {
        let before = self.awards.get(beneficiary);
        let mut all: Vec<_> = before.map(|all| all.to_vec()).unwrap_or_default();
        all.retain(|(of, _)| of != id);
        all.extend(awards.iter().map(|award| (id.clone(), award.clone())));
        if all.is_empty() {
            self.awards.remove_mut(beneficiary);
        } else {
            self.awards.insert_mut(beneficiary.clone(), Arc::new(all));
        }
    }
}
