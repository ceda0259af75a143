//! Which binding is in force on a date.

use std::path::Path;
use std::sync::LazyLock;

use concord::decide::{Program, Programs};
use concord::domain::program;
use concord::engine::{Engine, Limits};
use concord::review::suite;
use concord_contract::Date;
use concord_contract::manifest::Manifest;
use concord_contract::raw::Raw;
use concord_contract::value::{Cell, Value};
use proptest::prelude::*;

use crate::support::{guests, host};

/// A folder with the one policy that is bound over and over.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("obedient-1.0.0.wasm"), guests::OBEDIENT.component())
        .unwrap();
    folder
});

/// The first day, and so many after it.
fn day(offset: i32) -> Date {
    Date::constant(2024, 1, 1).checked_add(jiff_days(offset)).unwrap()
}

fn jiff_days(days: i32) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400)
}

/// A program of two cities, with a binding for each entry: a city, its first day, and a number to know it by.
fn bound(bindings: &[(usize, i32, i64)]) -> Programs {
    let manifest = Manifest::parse(&guests::OBEDIENT.manifest()).unwrap();
    let mut program = suite::program_of(&manifest, &host::entities()).unwrap();
    program.cities = vec!["here".parse().unwrap(), "there".parse().unwrap()];
    let one = program.bindings.remove(0);
    let binding = |(city, from, number): &(usize, i32, i64)| {
        let mut binding = one.clone();
        binding.city = Some(program.cities[*city].clone());
        binding.from = day(*from);
        binding.parameters.insert("least".into(), Raw::Integer(*number));
        binding
    };
    program.bindings = bindings.iter().map(binding).collect();
    bind(program)
}

fn bind(program: program::Program) -> Programs {
    let cache: &Path = FOLDER.path();
    let engine =
        Engine::new(Limits { concurrent: 1, ..Limits::default() }, Some(cache.join("compiled")));
    Programs::bind(engine.unwrap(), vec![program], cache).unwrap()
}

/// The city and number of each rule in force on a day.
fn in_force(program: &Program, on: i32) -> Option<Vec<(String, i64)>> {
    let edition = program.edition(day(on)).ok()?;
    let rules = edition.rules.iter().map(|bound| {
        let Cell::One(Value::Integer(least)) = &bound.parameters[0] else { panic!("not a number") };
        (bound.city.as_ref().unwrap().to_string(), *least)
    });
    let mut rules: Vec<_> = rules.collect();
    rules.sort();
    Some(rules)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_latest_binding_of_each_city_is_in_force(
        here in prop::collection::btree_set(0..30_i32, 1..5),
        there in prop::collection::btree_set(0..30_i32, 1..5),
        order in any::<u64>(),
    ) {
        let of = |city: usize, days: &std::collections::BTreeSet<i32>| -> Vec<_> {
            let numbered = days.iter().zip(0_i64..);
            numbered.map(|(from, number)| (city, *from, number + 10 * city as i64)).collect()
        };
        let mut bindings = [of(0, &here), of(1, &there)].concat();
        // The order in the file does not matter.
        bindings.sort_by_key(|(city, from, _)| (order.rotate_left(*from as u32) ^ *city as u64, *from));
        let programs = bound(&bindings);
        let program = programs.get(&"obedient".parse().unwrap()).unwrap();
        for on in 0..32 {
            let latest = |city: usize| {
                let of_city = bindings.iter().filter(|one| one.0 == city && one.1 <= on);
                of_city.max_by_key(|one| one.1).map(|one| one.2)
            };
            let expected = latest(0).zip(latest(1)).map(|(here, there)| {
                vec![("here".to_owned(), here), ("there".to_owned(), there)]
            });
            prop_assert_eq!(in_force(program, on), expected, "on day {}", on);
        }
    }
}

#[test]
fn before_its_first_and_after_its_last_day_a_program_has_no_rules() {
    let manifest = Manifest::parse(&guests::OBEDIENT.manifest()).unwrap();
    let mut program = suite::program_of(&manifest, &host::entities()).unwrap();
    (program.from, program.until) = (Some(day(5)), Some(day(9)));
    let programs = bind(program);
    let program = programs.get(&"obedient".parse().unwrap()).unwrap();
    let on = |offset| program.edition(day(offset)).map(|_| ()).map_err(|fault| fault.to_string());
    assert_eq!(on(4), Err("/as_of: found 2024-01-05; obedient begins on 2024-01-06".into()));
    assert_eq!((on(5), on(9)), (Ok(()), Ok(())));
    assert_eq!(on(10), Err("/as_of: found 2024-01-11; obedient ended on 2024-01-10".into()));
}

#[test]
fn before_every_city_has_a_binding_there_are_no_rules_and_the_fault_says_from_when() {
    let programs = bound(&[(0, 0, 1), (1, 10, 2)]);
    let program = programs.get(&"obedient".parse().unwrap()).unwrap();
    assert_eq!(
        program.edition(day(9)).unwrap_err().to_string(),
        "/as_of: found 2024-01-10; not every city of obedient has a binding in force then \
         (the first day is 2024-01-11)"
    );
}
