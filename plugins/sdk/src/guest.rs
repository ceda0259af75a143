//! Behind the door in a component: the contract's imports, the export, and the allocator.

#![allow(unsafe_code, reason = "an allocator, and the calls across the component boundary")]
#![allow(missing_docs, reason = "documented in the WIT, and at the door")]

pub mod allocator;

pub mod bindings {
    #![allow(clippy::all, clippy::restriction, reason = "generated from the WIT")]
    // Every interface is imported here; a component keeps only those that its policy uses, so what a
    // policy may do can still be seen from its binary.
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "
            package concord:sdk;
            world sdk {
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
        world: "concord:sdk/sdk",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_policy",
    });
}

use bindings::concord::policy as wit;

use crate::maybe::must;
use concord_contract::{Currency, Date, Decimal, Money, Subject, Truth};
use wit::types as wire;

fn subject(subject: Subject) -> wire::Subject {
    match subject {
        Subject::Project => wire::Subject::Project,
        Subject::Parties => wire::Subject::Parties,
        Subject::Talent => wire::Subject::Talent,
        Subject::Voucher => wire::Subject::Voucher,
        Subject::Order => wire::Subject::Order,
        Subject::Entry => wire::Subject::Entry,
        Subject::Supply => wire::Subject::Supply,
        Subject::Demand => wire::Subject::Demand,
    }
}

fn truth_out(truth: Truth) -> wire::Truth {
    match truth {
        Truth::Met => wire::Truth::Met,
        Truth::Unmet => wire::Truth::Unmet,
        Truth::Undetermined => wire::Truth::Undetermined,
    }
}

fn truth_in(truth: wire::Truth) -> Truth {
    match truth {
        wire::Truth::Met => Truth::Met,
        wire::Truth::Unmet => Truth::Unmet,
        wire::Truth::Undetermined => Truth::Undetermined,
    }
}

fn money_out(money: Money) -> wire::Money {
    wire::Money { minor: money.minor, currency: money.currency.numeric() }
}

fn money_in(money: wire::Money) -> Money {
    Money::new(money.minor, must(Currency::from_numeric(money.currency)))
}

fn decimal_in(decimal: wire::Decimal) -> Decimal {
    Decimal::new(decimal.coefficient, u32::from(decimal.scale))
}

fn decimal_out(decimal: Decimal) -> wire::Decimal {
    let decimal = decimal.round_dp(18).normalize();
    wire::Decimal {
        coefficient: must(i64::try_from(decimal.mantissa()).ok()),
        scale: must(u8::try_from(decimal.scale()).ok()),
    }
}

fn date_in(date: wire::Date) -> Date {
    let day = |part: u8| must(i8::try_from(part).ok());
    must(Date::new(must(i16::try_from(date.year).ok()), day(date.month), day(date.day)).ok())
}

pub mod dossier {
    use super::wit::dossier as host;
    use super::*;
    use crate::fact::Place;

    pub fn count(subject: Subject) -> Option<u32> {
        host::count(super::subject(subject))
    }
    pub fn rows(at: Place) -> Option<u32> {
        host::rows(subject(at.subject), at.item, at.fact)
    }
    pub fn flag(at: Place) -> Option<bool> {
        host::flag(subject(at.subject), at.item, at.fact, at.row)
    }
    pub fn integer(at: Place) -> Option<i64> {
        host::integer(subject(at.subject), at.item, at.fact, at.row)
    }
    pub fn decimal(at: Place) -> Option<Decimal> {
        host::decimal(subject(at.subject), at.item, at.fact, at.row).map(decimal_in)
    }
    pub fn text(at: Place) -> Option<String> {
        host::text(subject(at.subject), at.item, at.fact, at.row)
    }
    pub fn choice(at: Place) -> Option<u32> {
        host::choice(subject(at.subject), at.item, at.fact, at.row)
    }
    pub fn date(at: Place) -> Option<Date> {
        host::date(subject(at.subject), at.item, at.fact, at.row).map(date_in)
    }
    pub fn amount(at: Place) -> Option<Money> {
        host::amount(subject(at.subject), at.item, at.fact, at.row).map(money_in)
    }
    pub fn parameter_rows(parameter: u32) -> u32 {
        host::parameter_rows(parameter)
    }
    pub fn parameter_flag(parameter: u32, row: u32) -> bool {
        host::parameter_flag(parameter, row)
    }
    pub fn parameter_integer(parameter: u32, row: u32) -> i64 {
        host::parameter_integer(parameter, row)
    }
    pub fn parameter_decimal(parameter: u32, row: u32) -> Decimal {
        decimal_in(host::parameter_decimal(parameter, row))
    }
    pub fn parameter_text(parameter: u32, row: u32) -> String {
        host::parameter_text(parameter, row)
    }
    pub fn parameter_choice(parameter: u32, row: u32) -> u32 {
        host::parameter_choice(parameter, row)
    }
    pub fn parameter_date(parameter: u32, row: u32) -> Date {
        date_in(host::parameter_date(parameter, row))
    }
    pub fn parameter_amount(parameter: u32, row: u32) -> Money {
        money_in(host::parameter_amount(parameter, row))
    }
    pub fn as_of() -> Date {
        date_in(host::as_of())
    }
}

pub mod ruling {
    use super::wit::ruling as host;
    use super::*;

    pub fn clause(clause: u32, item: Option<u32>, truth: Truth) {
        host::clause(clause, item, truth_out(truth));
    }
    pub fn note(note: u32, item: Option<u32>) {
        host::note(note, item);
    }
}

pub mod registry {
    use super::wit::registry as host;
    use super::*;
    use crate::registry::Award;

    pub fn available(fund: u32) -> Option<Money> {
        host::available(fund).map(money_in)
    }
    pub fn awards(subject: Subject, item: u32) -> Option<u32> {
        host::awards(super::subject(subject), item)
    }
    pub fn award(subject: Subject, item: u32, index: u32) -> Award {
        let award = host::award(super::subject(subject), item, index);
        let (amount, on) = (money_in(award.amount), date_in(award.on));
        Award { amount, on, same_program: award.same_program, payer: award.payer }
    }
    pub fn listed(subject: Subject, item: u32) -> Truth {
        truth_in(host::listed(super::subject(subject), item))
    }
    pub fn agreed(subject: Subject, item: u32) -> Truth {
        truth_in(host::agreed(super::subject(subject), item))
    }
}

pub mod grant {
    use super::wit;
    use super::{decimal_out, money_out, truth_out};
    use concord_contract::{Decimal, Money, Truth};

    pub mod funding {
        use super::*;
        pub fn award(amount: Option<Money>) {
            wit::funding::award(amount.map(money_out));
        }
        pub fn entitle(entitlement: u32, due: Truth) {
            wit::funding::entitle(entitlement, truth_out(due));
        }
        pub fn entitle_to(entitlement: u32, amount: Option<Money>) {
            wit::funding::entitle_to(entitlement, amount.map(money_out));
        }
    }

    pub mod voucher {
        use super::*;
        pub fn cover(amount: Option<Money>) {
            wit::voucher::cover(amount.map(money_out));
        }
    }

    pub mod talent {
        use super::*;
        pub fn tier(tier: Option<u32>) {
            wit::talent::tier(tier);
        }
        pub fn entitle(entitlement: u32, due: Truth) {
            wit::talent::entitle(entitlement, truth_out(due));
        }
        pub fn entitle_to(entitlement: u32, amount: Option<Money>) {
            wit::talent::entitle_to(entitlement, amount.map(money_out));
        }
    }

    pub mod selection {
        use super::*;
        pub fn score(criterion: u32, value: Option<Decimal>) {
            wit::selection::score(criterion, value.map(decimal_out));
        }
    }

    pub mod matching {
        use super::*;
        pub fn affinity(value: Option<Decimal>) {
            wit::matching::affinity(value.map(decimal_out));
        }
    }
}
