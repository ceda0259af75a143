//! The same component called with wasmtime alone: the engine's own settings, and a host written by hand for
//! this one case. It checks nothing and keeps only what it is told.

use concord_contract::Truth;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result, Store,
};

use crate::Answer;

mod generated {
    #![allow(clippy::all, clippy::restriction, missing_docs, reason = "generated from the WIT")]
    wasmtime::component::bindgen!({
        path: "../../wit",
        inline: "
            package concord:bare;
            world caller {
                import concord:policy/dossier@0.1.0;
                import concord:policy/ruling@0.1.0;
                import concord:policy/registry@0.1.0;
                import concord:policy/funding@0.1.0;
                export decide: func();
            }
        ",
        world: "concord:bare/caller",
    });
}

use generated::concord::policy::{dossier, funding, registry, ruling, types};
use generated::{Caller, CallerPre};

/// As much as the engine gives.
const FUEL: u64 = 10_000_000;

/// The component, ready to be called.
pub struct Bare {
    engine: Engine,
    pre: CallerPre<Said>,
}

impl Bare {
    /// Compiles the component.
    pub fn new(bytes: &[u8]) -> Result<Bare> {
        let engine = Engine::new(&config())?;
        let mut linker = Linker::new(&engine);
        Caller::add_to_linker::<_, HasSelf<Said>>(&mut linker, |said| said)?;
        let component = Component::new(&engine, bytes)?;
        let pre = CallerPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Bare { engine, pre })
    }

    /// Makes an instance and calls it.
    pub fn fresh(&self) -> Result<Said> {
        let mut warm = self.instance()?;
        warm.call()?;
        Ok(warm.store.into_data())
    }

    /// An instance that can be called again and again.
    pub fn instance(&self) -> Result<Warm> {
        let mut store = Store::new(&self.engine, Said::default());
        store.set_fuel(FUEL)?;
        store.set_epoch_deadline(u64::MAX / 2);
        let caller = self.pre.instantiate(&mut store)?;
        Ok(Warm { store, caller })
    }
}

/// An instance.
pub struct Warm {
    store: Store<Said>,
    caller: Caller,
}

impl Warm {
    /// Calls it, with all its fuel.
    pub fn call(&mut self) -> Result<()> {
        self.store.set_fuel(FUEL)?;
        self.store.data_mut().count = 0;
        self.caller.call_decide(&mut self.store)
    }

    /// What the last call said.
    #[must_use]
    pub fn said(&self) -> &Said {
        self.store.data()
    }
}

/// What the component said.
#[derive(Default)]
pub struct Said {
    clauses: [(u32, Option<u32>, Option<types::Truth>); 16],
    count: usize,
    award: Option<types::Money>,
}

impl Said {
    /// In the form for all.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let truth = |truth: Option<types::Truth>| match truth {
            Some(types::Truth::Met) => Truth::Met,
            Some(types::Truth::Unmet) => Truth::Unmet,
            Some(types::Truth::Undetermined) | None => Truth::Undetermined,
        };
        let said = self.clauses.iter().take(self.count);
        let clauses = said.map(|(clause, item, said)| (*clause, *item, truth(*said))).collect();
        Answer::new(clauses, self.award.map(|money| money.minor))
    }
}

/// The settings of the engine, in `host/src/engine/pool.rs`.
fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(256)
        .total_core_instances(256 * 8)
        .total_memories(256)
        .total_tables(256 * 8)
        .max_core_instances_per_component(8)
        .max_memories_per_component(1)
        .max_tables_per_component(8)
        .table_elements(10_000)
        .max_memory_size(16 << 20)
        .linear_memory_keep_resident(64 << 10)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::No);
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(256 << 10)
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .wasm_backtrace_max_frames(None)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// A value that the host has ready.
#[derive(Clone, Copy)]
enum Known {
    Not,
    Flag(bool),
    Integer(i64),
    Decimal(i64, u8),
    Choice(u32),
    Date(u16, u8, u8),
    Fen(i64),
}

use Known::{Choice, Date, Decimal, Fen, Flag, Integer, Not};

/// The facts by item, by their positions in `policy.toml`: those of the project, then those of a party.
const FACTS: [[Known; 12]; 2] = [
    [
        Integer(5),
        Choice(0),
        Flag(false),
        Fen(150_000_000),
        Choice(0),
        Choice(0),
        Choice(0),
        Date(2019, 5, 6),
        Fen(12_000_000_000),
        Decimal(42, 3),
        Decimal(85, 2),
        Decimal(18, 2),
    ],
    [
        Not,
        Not,
        Not,
        Not,
        Choice(1),
        Choice(1),
        Choice(0),
        Date(2012, 3, 15),
        Fen(26_000_000_000),
        Decimal(35, 3),
        Decimal(92, 2),
        Decimal(14, 2),
    ],
];

/// The parameters by row, by their positions in `policy.toml`.
const PARAMETERS: [&[Known]; 10] = [
    &[Integer(1)],
    &[Fen(5_000_000_000), Fen(20_000_000_000)],
    &[Decimal(5, 2), Decimal(4, 2)],
    &[Decimal(3, 2)],
    &[Decimal(6, 1)],
    &[Decimal(1, 1)],
    &[Integer(4)],
    &[Integer(8)],
    &[Choice(0), Choice(1), Choice(2), Choice(3), Choice(4), Choice(5), Choice(6)],
    &[Fen(200_000_000)],
];

fn fact(item: u32, fact: u32) -> Known {
    let facts = FACTS.get(item as usize);
    facts.and_then(|facts| facts.get(fact as usize)).copied().unwrap_or(Not)
}

fn parameter(parameter: u32, row: u32) -> Known {
    let rows = PARAMETERS.get(parameter as usize);
    rows.and_then(|rows| rows.get(row as usize)).copied().unwrap_or(Not)
}

fn yuan(minor: i64) -> types::Money {
    types::Money { minor, currency: 156 }
}

macro_rules! pulls {
    ($($fact:ident, $parameter:ident: $result:ty, $known:pat => $value:expr, else $none:expr;)*) => {
        impl dossier::Host for Said {
            $(
                fn $fact(&mut self, _: types::Subject, item: u32, index: u32, _: u32) -> Option<$result> {
                    match fact(item, index) {
                        $known => Some($value),
                        _ => None,
                    }
                }

                fn $parameter(&mut self, index: u32, row: u32) -> $result {
                    match parameter(index, row) {
                        $known => $value,
                        _ => $none,
                    }
                }
            )*

            fn count(&mut self, _: types::Subject) -> Option<u32> {
                Some(2)
            }

            fn rows(&mut self, _: types::Subject, _: u32, _: u32) -> Option<u32> {
                None
            }

            fn parameter_rows(&mut self, index: u32) -> u32 {
                let rows = PARAMETERS.get(index as usize).map_or(0, |rows| rows.len());
                u32::try_from(rows).unwrap_or(0)
            }

            fn as_of(&mut self) -> types::Date {
                types::Date { year: 2026, month: 11, day: 1 }
            }
        }
    };
}

pulls! {
    flag, parameter_flag: bool, Flag(flag) => flag, else false;
    integer, parameter_integer: i64, Integer(number) => number, else 0;
    decimal, parameter_decimal: types::Decimal,
        Decimal(coefficient, scale) => types::Decimal { coefficient, scale },
        else types::Decimal { coefficient: 0, scale: 0 };
    text, parameter_text: String, Not => String::new(), else String::new();
    choice, parameter_choice: u32, Choice(option) => option, else 0;
    date, parameter_date: types::Date, Date(year, month, day) => types::Date { year, month, day },
        else types::Date { year: 1, month: 1, day: 1 };
    amount, parameter_amount: types::Money, Fen(minor) => yuan(minor), else yuan(0);
}

impl types::Host for Said {}

impl ruling::Host for Said {
    fn clause(&mut self, clause: u32, item: Option<u32>, truth: types::Truth) {
        if let Some(place) = self.clauses.get_mut(self.count) {
            *place = (clause, item, Some(truth));
            self.count += 1;
        }
    }

    fn note(&mut self, _: u32, _: Option<u32>) {}
}

impl registry::Host for Said {
    fn available(&mut self, _: u32) -> Option<types::Money> {
        Some(yuan(10_000_000_000))
    }

    fn awards(&mut self, _: types::Subject, _: u32) -> Option<u32> {
        None
    }

    fn award(&mut self, _: types::Subject, _: u32, _: u32) -> registry::PriorAward {
        let on = types::Date { year: 1, month: 1, day: 1 };
        registry::PriorAward { amount: yuan(0), on, same_program: false, payer: None }
    }

    fn listed(&mut self, _: types::Subject, _: u32) -> types::Truth {
        types::Truth::Undetermined
    }

    fn agreed(&mut self, _: types::Subject, _: u32) -> types::Truth {
        types::Truth::Undetermined
    }
}

impl funding::Host for Said {
    fn award(&mut self, amount: Option<types::Money>) {
        self.award = amount;
    }

    fn entitle(&mut self, _: u32, _: types::Truth) {}

    fn entitle_to(&mut self, _: u32, _: Option<types::Money>) {}
}
