//! Receipts of real decisions, and what they are replayed with.

use std::sync::LazyLock;
use std::time::Duration;

use concord::config::Config;
use concord::decide::receipt::{
    Components, Context, Receipt, Replayed, Replayer, canonical, write,
};
use concord::decide::{Decision, Programs};
use concord::domain::entities::Entities;
use concord::engine::{Engine, Limits};
use concord::review::suite;

use super::concord::CONFIG;
use super::places;

/// All programs, with the entities of this repository.
pub static PROGRAMS: LazyLock<(Programs, Entities)> = LazyLock::new(|| {
    let config = Config::load(&CONFIG.file()).unwrap();
    // No machine is too slow for the deadline.
    let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };
    let engine = Engine::new(limits, None).unwrap();
    let entities = config.entities();
    (Programs::bind(engine, config.programs, places::policies()).unwrap(), entities)
});

static COMPONENTS: LazyLock<Components> =
    LazyLock::new(|| Components::of(&[places::policies()]).unwrap());

/// The decisions on a program's sample cases, by their names.
pub fn decisions(program: &str) -> Vec<(String, Decision)> {
    let (programs, entities) = &*PROGRAMS;
    let samples = suite::samples(&places::root().join("config/cases").join(program)).unwrap();
    let program = programs.get(&program.parse().unwrap()).unwrap();
    let cases = suite::run_program(programs, program, &samples, entities).cases;
    cases.into_iter().filter_map(|case| Some((case.name, case.decision?))).collect()
}

/// What the record adds to the first decision of a program.
pub fn first() -> Context {
    Context {
        id: "0193".to_owned(),
        number: 1,
        previous: None,
        application: Some("A-7".to_owned()),
        decided: "2026-11-01T04:00:00Z".parse().unwrap(),
    }
}

/// The receipt of a decision, as the first of its program.
pub fn receipt(decision: &Decision) -> Receipt {
    write(decision, &first()).unwrap()
}

/// Three receipts that follow each other.
pub fn three() -> Vec<Receipt> {
    let (_, decision) = decisions("guangfo-core-tech").swap_remove(0);
    let mut receipts: Vec<Receipt> = Vec::new();
    for number in 1..=3 {
        let previous = receipts.last().map(|receipt| receipt.digest.clone());
        let id = format!("019{number}");
        receipts.push(write(&decision, &Context { id, number, previous, ..first() }).unwrap());
    }
    receipts
}

/// Replays a receipt with the built policies.
pub fn replay(receipt: &str) -> Replayed {
    replayer().replay(receipt).unwrap()
}

/// A replayer that has the built policies.
pub fn replayer() -> Replayer<impl Fn(&str) -> Option<Vec<u8>>> {
    Replayer::new(|digest: &str| COMPONENTS.find(digest), None)
}

/// A receipt with what stands at a JSON pointer put in anew.
pub fn changed(body: &str, pointer: &str, value: impl Into<serde_json::Value>) -> String {
    let mut json: serde_json::Value = serde_json::from_str(body).unwrap();
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.into();
    canonical(&json).unwrap()
}
