//! What is wrong with entities by themselves, and what funds and vouchers state of money.

use std::cmp::Ordering;

use concord_contract::value;
use concord_contract::{Currency, Money, path};

use super::fault::Fault;
use super::ids::CityId;
use super::nouns::{Agreement, Fund, Voucher};
use super::rate::Rate;

impl Fund {
    /// Its currency, if its code is one of ISO 4217.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        value::currency(&self.currency)
    }

    /// What each city put in, and what of it was spent before the host kept account; each city once.
    #[must_use]
    pub fn stated(&self) -> Vec<(CityId, Money, Money)> {
        let Some(currency) = self.currency() else { return Vec::new() };
        let read = |text: &str| Money::parse(text, currency).unwrap_or(Money::new(0, currency));
        let mut stated: Vec<(CityId, Money, Money)> = Vec::new();
        for part in &self.contributions {
            let (amount, spent) = (read(&part.amount), read(part.spent.as_deref().unwrap_or("0")));
            match stated.iter_mut().find(|(city, ..)| *city == part.city) {
                Some((_, all, gone)) => {
                    all.minor = all.minor.saturating_add(amount.minor);
                    gone.minor = gone.minor.saturating_add(spent.minor);
                }
                None => stated.push((part.city.clone(), amount, spent)),
            }
        }
        stated
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        let Some(currency) = self.currency() else {
            let message = format!("found \"{}\", expected a currency of ISO 4217", self.currency);
            return vec![Fault::new(path!["currency"], message)];
        };
        let mut faults = Vec::new();
        if self.contributions.is_empty() {
            let message = "found none, expected that of one city at least";
            faults.push(Fault::new(path!["contributions"], message));
        }
        for (at, part) in self.contributions.iter().enumerate() {
            let mut amount = |key: &str, text: &str| match Money::parse(text, currency) {
                Ok(money) if money.minor >= 0 => Some(money),
                _ => {
                    let code = currency.code();
                    let message = format!(
                        "found \"{text}\", expected an amount of {code} such as 1500000.00"
                    );
                    faults.push(Fault::new(path!["contributions", at, key], message));
                    None
                }
            };
            let put_in = amount("amount", &part.amount);
            let spent = part.spent.as_deref().and_then(|text| amount("spent", text));
            if spent.zip(put_in).is_some_and(|(spent, put_in)| spent > put_in) {
                let message = "found more than the city put in";
                faults.push(Fault::new(path!["contributions", at, "spent"], message));
            }
        }
        let stated = self.stated().into_iter().map(|(_, put_in, _)| i128::from(put_in.minor));
        if stated.sum::<i128>() >= i128::from(i64::MAX) {
            let message = "found more than 64 bits of minor units hold";
            faults.push(Fault::new(path!["contributions"], message));
        }
        faults
    }

    /// What cannot be changed once account is kept of it.
    pub(super) fn kept_faults(&self, before: &Fund) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.currency != before.currency {
            let message = format!(
                "found {}, but the fund is kept account of in {}",
                self.currency, before.currency
            );
            faults.push(Fault::new(path!["currency"], message));
        }
        for (at, part) in self.contributions.iter().enumerate() {
            let known = before.contributions.iter().find(|known| known.city == part.city);
            if known.is_some_and(|known| known.spent != part.spent) {
                let message = "found another sum than when account of it began; what is paid since is in the ledger";
                faults.push(Fault::new(path!["contributions", at, "spent"], message));
            }
        }
        faults
    }
}

impl Voucher {
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.expires < self.issued {
            let message =
                format!("found {}, before the day of issue {}", self.expires, self.issued);
            faults.push(Fault::new(path!["expires"], message));
        }
        let more = |spent: Money| spent.partial_cmp(&self.amount).is_none_or(Ordering::is_gt);
        if self.spent.is_some_and(more) {
            faults.push(Fault::new(path!["spent"], "found more than it was issued for"));
        }
        faults
    }

    /// What cannot be changed once account is kept of it.
    pub(super) fn kept_faults(&self, before: &Voucher) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.amount.currency != before.amount.currency {
            let (found, kept) = (self.amount.currency.code(), before.amount.currency.code());
            let message = format!("found {found}, but the voucher is kept account of in {kept}");
            faults.push(Fault::new(path!["amount", "currency"], message));
        }
        if self.spent != before.spent {
            let message = "found another sum than when account of it began; what is redeemed since is in the ledger";
            faults.push(Fault::new(path!["spent"], message));
        }
        faults
    }
}

impl Rate {
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (key, code) in [("from", &self.from), ("to", &self.to)] {
            if value::currency(code).is_none() {
                let message = format!("found \"{code}\", expected a currency of ISO 4217");
                faults.push(Fault::new(path![key], message));
            }
        }
        if self.from == self.to {
            faults.push(Fault::new(path!["to"], "found the currency that is exchanged"));
        }
        if self.rate.0.is_zero() {
            faults.push(Fault::new(path!["rate"], "found nought, expected more"));
        }
        faults
    }
}

impl Agreement {
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let steps: Vec<_> = self.steps().collect();
        if steps.is_empty() {
            let message = "found none of intended, agreed and signed, expected the day of one";
            faults.push(Fault::new(path![], message));
        }
        if steps.array_windows().any(|[(_, one), (_, next)]| next < one) {
            let message = "found a day before that of the step before it";
            let last = if self.signed.is_some() { "signed" } else { "agreed" };
            faults.push(Fault::new(path![last], message));
        }
        match (self.signed, self.until) {
            (Some(signed), Some(until)) if until < signed => {
                let message = "found a date before the day of signing";
                faults.push(Fault::new(path!["until"], message));
            }
            (None, Some(_)) => {
                let message = "found the last day of what is not signed";
                faults.push(Fault::new(path!["until"], message));
            }
            _ => {}
        }
        faults
    }
}
