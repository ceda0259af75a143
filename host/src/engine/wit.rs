//! The host's side of the contract, generated from the WIT, and the values that cross it.

use concord_contract::{Currency, Date, Decimal, Kind, Money, Subject, Truth};
use wasmtime::component::{HasSelf, Linker};

use super::report::{Cause, Failure};
use super::state::State;

mod generated {
    #![allow(clippy::all, clippy::restriction, missing_docs, reason = "generated from the WIT")]
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package concord:host;
            world host {
                import concord:policy/dossier@0.1.0;
                import concord:policy/ruling@0.1.0;
                import concord:policy/registry@0.1.0;
                import concord:policy/funding@0.1.0;
                import concord:policy/voucher@0.1.0;
                import concord:policy/talent@0.1.0;
                import concord:policy/selection@0.1.0;
                import concord:policy/matching@0.1.0;
                export decide: func();
            }
        ",
        world: "concord:host/host",
        imports: { default: trappable },
    });
}

pub(super) use generated::concord::policy::*;

/// What a policy of this kind can be linked to: the interfaces of its world and nothing else.
pub(super) fn linker(engine: &wasmtime::Engine, kind: Kind) -> wasmtime::Result<Linker<State>> {
    type Own = HasSelf<State>;
    let mut linker = Linker::new(engine);
    types::add_to_linker::<_, Own>(&mut linker, |state| state)?;
    dossier::add_to_linker::<_, Own>(&mut linker, |state| state)?;
    ruling::add_to_linker::<_, Own>(&mut linker, |state| state)?;
    registry::add_to_linker::<_, Own>(&mut linker, |state| state)?;
    match kind {
        Kind::Funding => funding::add_to_linker::<_, Own>(&mut linker, |state| state)?,
        Kind::Voucher => voucher::add_to_linker::<_, Own>(&mut linker, |state| state)?,
        Kind::Talent => talent::add_to_linker::<_, Own>(&mut linker, |state| state)?,
        Kind::Selection => selection::add_to_linker::<_, Own>(&mut linker, |state| state)?,
        Kind::Matching => matching::add_to_linker::<_, Own>(&mut linker, |state| state)?,
    }
    Ok(linker)
}

impl types::Host for State {}

impl From<types::Subject> for Subject {
    fn from(subject: types::Subject) -> Subject {
        match subject {
            types::Subject::Project => Subject::Project,
            types::Subject::Parties => Subject::Parties,
            types::Subject::Talent => Subject::Talent,
            types::Subject::Voucher => Subject::Voucher,
            types::Subject::Order => Subject::Order,
            types::Subject::Entry => Subject::Entry,
            types::Subject::Supply => Subject::Supply,
            types::Subject::Demand => Subject::Demand,
        }
    }
}

impl From<types::Truth> for Truth {
    fn from(truth: types::Truth) -> Truth {
        match truth {
            types::Truth::Met => Truth::Met,
            types::Truth::Unmet => Truth::Unmet,
            types::Truth::Undetermined => Truth::Undetermined,
        }
    }
}

impl From<Truth> for types::Truth {
    fn from(truth: Truth) -> types::Truth {
        match truth {
            Truth::Met => types::Truth::Met,
            Truth::Unmet => types::Truth::Unmet,
            Truth::Undetermined => types::Truth::Undetermined,
        }
    }
}

impl From<Money> for types::Money {
    fn from(money: Money) -> types::Money {
        types::Money { minor: money.minor, currency: money.currency.numeric() }
    }
}

impl TryFrom<types::Money> for Money {
    type Error = Failure;
    fn try_from(money: types::Money) -> Result<Money, Failure> {
        let Some(currency) = Currency::from_numeric(money.currency) else {
            let detail =
                format!("the policy granted money in an unknown currency, {}", money.currency);
            return Err(Failure::new(Cause::Currency, detail));
        };
        if money.minor < 0 {
            let detail =
                format!("the policy granted {} minor units, less than nought", money.minor);
            return Err(Failure::new(Cause::NegativeAmount, detail));
        }
        Ok(Money::new(money.minor, currency))
    }
}

impl TryFrom<Decimal> for types::Decimal {
    type Error = Failure;
    fn try_from(decimal: Decimal) -> Result<types::Decimal, Failure> {
        let wide =
            |_| Failure::new(Cause::Host, "a decimal has more digits than the contract allows");
        Ok(types::Decimal {
            coefficient: i64::try_from(decimal.mantissa()).map_err(wide)?,
            scale: u8::try_from(decimal.scale()).map_err(wide)?,
        })
    }
}

impl TryFrom<types::Decimal> for Decimal {
    type Error = Failure;
    fn try_from(decimal: types::Decimal) -> Result<Decimal, Failure> {
        if decimal.scale > 18 {
            let detail =
                format!("the policy gave a decimal of scale {}, at most 18", decimal.scale);
            return Err(Failure::new(Cause::BadIndex, detail));
        }
        Ok(Decimal::new(decimal.coefficient, u32::from(decimal.scale)))
    }
}

impl From<Date> for types::Date {
    fn from(date: Date) -> types::Date {
        types::Date {
            year: date.year().unsigned_abs(),
            month: date.month().unsigned_abs(),
            day: date.day().unsigned_abs(),
        }
    }
}
