//! Behind the door in a test: a case that the test built, and what the policy reported of it.
//!
//! Everything is kept for the current thread, so that tests run side by side.

#![allow(missing_docs, reason = "documented at the door")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that asks for nonsense must fail")]

use std::cell::RefCell;
use std::collections::HashMap;

use concord_contract::{Date, Decimal, Money, Subject, Truth};

use crate::fact::Place;
use crate::registry::Award;

/// A value of a fact or parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Flag(bool),
    Integer(i64),
    Decimal(Decimal),
    Text(String),
    Choice(u32),
    Date(Date),
    Amount(Money),
}

macro_rules! into_value {
    ($($ty:ty: $variant:ident;)*) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                Value::$variant(value.into())
            }
        }
    )*};
}

into_value! {
    bool: Flag;
    i64: Integer;
    Decimal: Decimal;
    String: Text;
    &str: Text;
    Date: Date;
    Money: Amount;
}

/// The case and the report of one run.
#[derive(Debug, Default)]
pub struct Run {
    pub as_of: Option<Date>,
    pub counts: HashMap<Subject, u32>,
    pub facts: HashMap<(Subject, u32, u32, u32), Value>,
    pub rows: HashMap<(Subject, u32, u32), u32>,
    pub parameters: HashMap<(u32, u32), Value>,
    pub parameter_rows: HashMap<u32, u32>,
    pub funds: HashMap<u32, Money>,
    pub awards: HashMap<(Subject, u32), Vec<Award>>,
    pub listed: HashMap<(Subject, u32), bool>,
    pub agreed: HashMap<(Subject, u32), bool>,
    pub clauses: HashMap<(u32, Option<u32>), Truth>,
    pub notes: Vec<(u32, Option<u32>)>,
    pub grant: Grant,
}

/// What was granted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grant {
    /// An award or a cover: reported or not, known or not.
    pub amount: Option<Option<Money>>,
    pub tier: Option<Option<u32>>,
    pub entitled: HashMap<u32, Truth>,
    pub entitled_to: HashMap<u32, Option<Money>>,
    pub scores: HashMap<u32, Option<Decimal>>,
    pub affinity: Option<Option<Decimal>>,
}

thread_local! {
    static RUN: RefCell<Run> = RefCell::default();
}

/// Runs a policy on a case, and gives back what it reported.
pub fn run(case: Run, decide: impl FnOnce()) -> Run {
    RUN.with(|run| run.replace(case));
    decide();
    RUN.with(RefCell::take)
}

fn read<T>(of: impl FnOnce(&Run) -> T) -> T {
    RUN.with(|run| of(&run.borrow()))
}

fn report(of: impl FnOnce(&mut Run)) {
    RUN.with(|run| of(&mut run.borrow_mut()));
}

/// Sets a slot that may be set once.
fn once<T>(slot: &mut Option<T>, value: T, what: &str) {
    assert!(slot.replace(value).is_none(), "{what} was reported twice");
}

pub mod dossier {
    use super::*;

    pub fn count(subject: Subject) -> Option<u32> {
        read(|run| run.counts.get(&subject).copied())
    }

    pub fn rows(at: Place) -> Option<u32> {
        read(|run| run.rows.get(&(at.subject, at.item, at.fact)).copied())
    }

    fn fact(at: Place) -> Option<Value> {
        read(|run| run.facts.get(&(at.subject, at.item, at.fact, at.row)).cloned())
    }

    fn parameter_value(parameter: u32, row: u32) -> Value {
        let value = read(|run| run.parameters.get(&(parameter, row)).cloned());
        value.expect("policy.toml gives every parameter a default")
    }

    macro_rules! typed {
        ($($fact:ident, $parameter:ident: $variant:ident($ty:ty);)*) => {$(
            pub fn $fact(at: Place) -> Option<$ty> {
                fact(at).map(|value| match value {
                    Value::$variant(value) => value,
                    other => panic!("fact {} holds {other:?}", at.fact),
                })
            }

            pub fn $parameter(parameter: u32, row: u32) -> $ty {
                match parameter_value(parameter, row) {
                    Value::$variant(value) => value,
                    other => panic!("parameter {parameter} holds {other:?}"),
                }
            }
        )*};
    }

    typed! {
        flag, parameter_flag: Flag(bool);
        integer, parameter_integer: Integer(i64);
        decimal, parameter_decimal: Decimal(Decimal);
        text, parameter_text: Text(String);
        choice, parameter_choice: Choice(u32);
        date, parameter_date: Date(Date);
        amount, parameter_amount: Amount(Money);
    }

    pub fn parameter_rows(parameter: u32) -> u32 {
        read(|run| run.parameter_rows.get(&parameter).copied().unwrap_or(0))
    }

    pub fn as_of() -> Date {
        read(|run| run.as_of).expect("a case is made on a date")
    }
}

pub mod ruling {
    use super::*;

    pub fn clause(clause: u32, item: Option<u32>, truth: Truth) {
        report(|run| {
            let before = run.clauses.insert((clause, item), truth);
            assert!(before.is_none(), "clause {clause} (item {item:?}) was reported twice");
        });
    }

    pub fn note(note: u32, item: Option<u32>) {
        report(|run| run.notes.push((note, item)));
    }
}

pub mod registry {
    use super::*;

    pub fn available(fund: u32) -> Option<Money> {
        read(|run| run.funds.get(&fund).copied())
    }

    pub fn awards(subject: Subject, item: u32) -> Option<u32> {
        let count = |awards: &Vec<Award>| u32::try_from(awards.len()).expect("few awards");
        read(|run| run.awards.get(&(subject, item)).map(count))
    }

    pub fn award(subject: Subject, item: u32, index: u32) -> Award {
        let found = read(|run| {
            run.awards.get(&(subject, item)).and_then(|awards| awards.get(index as usize).copied())
        });
        found.expect("an award within the count")
    }

    pub fn listed(subject: Subject, item: u32) -> Truth {
        read(|run| run.listed.get(&(subject, item)).copied()).into()
    }

    pub fn agreed(subject: Subject, item: u32) -> Truth {
        read(|run| run.agreed.get(&(subject, item)).copied()).into()
    }
}

pub mod grant {
    use super::*;

    fn entitle_once(run: &Run, entitlement: u32) {
        let known = run.grant.entitled.contains_key(&entitlement)
            || run.grant.entitled_to.contains_key(&entitlement);
        assert!(!known, "entitlement {entitlement} was reported twice");
    }

    pub fn entitle_in_kind(entitlement: u32, due: Truth) {
        report(|run| {
            entitle_once(run, entitlement);
            run.grant.entitled.insert(entitlement, due);
        });
    }

    pub fn entitle_amount(entitlement: u32, amount: Option<Money>) {
        report(|run| {
            entitle_once(run, entitlement);
            run.grant.entitled_to.insert(entitlement, amount);
        });
    }

    pub mod funding {
        use super::*;
        pub use super::{entitle_amount as entitle_to, entitle_in_kind as entitle};
        pub fn award(amount: Option<Money>) {
            report(|run| once(&mut run.grant.amount, amount, "the award"));
        }
    }

    pub mod voucher {
        use super::*;
        pub fn cover(amount: Option<Money>) {
            report(|run| once(&mut run.grant.amount, amount, "the cover"));
        }
    }

    pub mod talent {
        use super::*;
        pub use super::{entitle_amount as entitle_to, entitle_in_kind as entitle};
        pub fn tier(tier: Option<u32>) {
            report(|run| once(&mut run.grant.tier, tier, "the tier"));
        }
    }

    pub mod selection {
        use super::*;
        pub fn score(criterion: u32, value: Option<Decimal>) {
            report(|run| {
                let before = run.grant.scores.insert(criterion, value);
                assert!(before.is_none(), "criterion {criterion} was reported twice");
            });
        }
    }

    pub mod matching {
        use super::*;
        pub fn affinity(value: Option<Decimal>) {
            report(|run| once(&mut run.grant.affinity, value, "the affinity"));
        }
    }
}
