//! A receipt is run again from itself alone.

use std::time::Duration;

use concord::decide::Programs;
use concord::decide::receipt::{Difference, Receipt, Replayed, Replayer, Unreplayable};
use concord::domain::outcome::Outcome;
use concord::engine::{Cause, Engine, Limits};
use concord::review::suite;
use concord_contract::Money;
use concord_contract::manifest::Manifest;
use rstest::rstest;
use serde_json::json;

use crate::support::guests::{self, Guest};
use crate::support::host::{CASE, Host, SHARED, case};
use crate::support::places;
use crate::support::receipts::{PROGRAMS, changed, decisions, receipt, replay, replayer};

const SAME: Replayed = Replayed::Same { fuel_compared: true };

/// Replays a receipt with a component in the place of whatever it names.
pub fn with_guest(component: Vec<u8>, body: &str) -> Result<Replayed, Unreplayable> {
    Replayer::new(|_: &str| Some(component.clone()), None).replay(body)
}

fn of_guest(guest: Guest) -> Receipt {
    receipt(&SHARED.decide(guest.name, &case(CASE)))
}

#[test]
fn every_sample_case_of_every_program_replays_to_the_same_bytes() {
    let mut replayer = replayer();
    let mut count = 0;
    for program in PROGRAMS.0.all() {
        for (name, decision) in decisions(program.laid_down.id.as_str()) {
            let replayed = replayer.replay(&receipt(&decision).body).unwrap();
            assert_eq!(replayed, SAME, "{}: {name}", program.laid_down.id);
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn every_sample_case_of_every_policy_replays_to_the_same_bytes() {
    let entities = &PROGRAMS.1;
    let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };
    let manifests: Vec<Manifest> = places::policy_sources()
        .iter()
        .map(|folder| concord_build::read_manifest(folder).unwrap())
        .collect();
    let alone = manifests.iter().map(|manifest| suite::program_of(manifest, entities).unwrap());
    let engine = Engine::new(limits, None).unwrap();
    let programs = Programs::bind(engine, alone.collect(), places::policies()).unwrap();
    let mut replayer = replayer();
    for (folder, manifest) in places::policy_sources().iter().zip(&manifests) {
        let samples = suite::samples(&folder.join("cases")).unwrap();
        for case in suite::run_policy(&programs, manifest, &samples, entities).cases {
            let replayed = replayer.replay(&receipt(&case.decision.unwrap()).body).unwrap();
            assert_eq!(replayed, SAME, "{}: {}", manifest.id, case.name);
        }
    }
}

#[test]
fn the_samples_have_what_a_replay_may_stumble_over() {
    let of = |program: &str| decisions(program).into_iter().map(|(_, decision)| decision);
    let outcomes: Vec<_> = of("guangfo-core-tech").map(|decision| decision.outcome).collect();
    for outcome in [Outcome::Eligible, Outcome::Ineligible, Outcome::Undetermined] {
        assert!(outcomes.contains(&outcome), "{outcome:?}");
    }
    assert!(of("beijing-hk-joint-rd").any(|decision| decision.awards.len() == 2));
}

#[test]
fn what_an_empty_fund_could_not_pay_is_withheld_again() {
    let (programs, entities) = &*PROGRAMS;
    let mut replayer = replayer();
    let mut withheld = 0;
    for program in programs.all() {
        let Some(fund) = &program.laid_down.fund else { continue };
        let folder = places::root().join("config/cases").join(program.laid_down.id.as_str());
        let mut samples = suite::samples(&folder).unwrap();
        let currency = entities.fund(fund.as_str()).unwrap().currency().unwrap();
        for sample in &mut samples {
            sample.funds.insert(fund.to_string(), Money::new(0, currency));
        }
        for case in suite::run_program(programs, program, &samples, entities).cases {
            let decision = case.decision.unwrap();
            withheld += usize::from(decision.withheld.is_some());
            assert_eq!(replayer.replay(&receipt(&decision).body).unwrap(), SAME, "{}", case.name);
        }
    }
    assert!(withheld > 0);
}

#[test]
fn every_guest_replays_to_the_same_bytes_however_its_run_ended() {
    for guest in guests::all() {
        let replayed = with_guest(guest.component(), &of_guest(guest).body).unwrap();
        assert_eq!(replayed, SAME, "{}", guest.name);
    }
}

#[rstest]
#[case::traps(guests::UNREACHABLE, Cause::Trap)]
#[case::burns_fuel(guests::ENDLESS_LOOP, Cause::Fuel)]
#[case::eats_memory(guests::MEMORY_BOMB, Cause::Memory)]
fn a_run_that_failed_fails_again(#[case] guest: Guest, #[case] cause: Cause) {
    let decision = SHARED.decide(guest.name, &case(CASE));
    assert_eq!(decision.cause, Some(cause));
    assert_eq!(with_guest(guest.component(), &receipt(&decision).body).unwrap(), SAME);
}

#[test]
fn what_the_clock_ended_is_not_repeatable() {
    let limits =
        Limits { fuel: u64::MAX / 4, deadline: Duration::from_millis(20), ..Limits::default() };
    let host = Host::new(limits, [guests::ENDLESS_LOOP]);
    let receipt = receipt(&host.decide(guests::ENDLESS_LOOP.name, &case(CASE)));
    let replayed = with_guest(guests::ENDLESS_LOOP.component(), &receipt.body).unwrap();
    let policy = guests::ENDLESS_LOOP.name.parse().unwrap();
    assert_eq!(replayed, Replayed::NotRepeatable { policy, cause: Cause::Deadline });
}

#[test]
fn a_replay_does_without_the_items_and_facts_that_were_not_read() {
    // Of two parties, only the second is asked about.
    let only = |item: &str| {
        let asks =
            format!("(i32.const 1) (i32.const {item}) (i32.const 3) (i32.const 0) (i32.const 16)");
        let project = "(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16)";
        guests::OBEDIENT.recipe().edit(project, &asks).make()
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("obedient-1.0.0.wasm"), only("1")).unwrap();
    let manifest = Manifest::parse(&guests::OBEDIENT.manifest()).unwrap();
    let entities = crate::support::host::entities();
    let program = suite::program_of(&manifest, &entities).unwrap();
    let engine = Engine::new(Limits::default(), None).unwrap();
    let programs = Programs::bind(engine, vec![program], folder.path()).unwrap();
    let program = programs.get(&"obedient".parse().unwrap()).unwrap();
    let parties = case("[[parties]]\nstaff = 98765\n[[parties]]\nstaff = 12\n");
    let as_of = concord_contract::Date::constant(2026, 11, 1);
    let body = receipt(&programs.decide(program, &parties, as_of, &entities).unwrap()).body;
    assert!(body.contains("\"parties/1/staff\"") && !body.contains("98765"), "{body}");
    assert_eq!(with_guest(only("1"), &body).unwrap(), SAME);
    assert_ne!(with_guest(only("0"), &body).unwrap(), SAME);
}

#[test]
fn a_changed_component_makes_a_clear_difference() {
    let more = guests::OBEDIENT.recipe().edit("(i64.const 100)", "(i64.const 200)").make();
    let receipt = of_guest(guests::OBEDIENT);
    let Replayed::Different { differences, fuel_compared: true } =
        with_guest(more, &receipt.body).unwrap()
    else {
        panic!("{}", receipt.body)
    };
    let pointers: Vec<_> = differences.iter().map(|one| one.pointer.as_str()).collect();
    let expected = [
        "/award/amount/amount",
        "/purses/0/part/amount",
        "/rulings/0/digest",
        "/rulings/0/grant/amount/amount",
        "/transfers/0/amount/amount",
    ];
    assert_eq!(pointers, expected);
    let (was, is) = (Some(json!("1.00")), Some(json!("2.00")));
    let pointer = "/award/amount/amount".to_owned();
    assert_eq!(differences[0], Difference { pointer, was, is });
    assert_eq!(differences[0].to_string(), "/award/amount/amount: was \"1.00\", is \"2.00\"");
}

#[rstest]
#[case::a_value("/rulings/0/reads/2/value", json!("hongkong"))]
#[case::a_parameter("/rulings/1/parameters/min_rd_intensity", json!("99%"))]
#[case::a_truth("/rulings/0/clauses/0/truth", json!("unmet"))]
#[case::an_outcome("/outcome", json!("ineligible"))]
#[case::the_outcome_of_a_ruling("/rulings/1/outcome", json!("undetermined"))]
#[case::the_fuel("/rulings/0/fuel", json!(1))]
#[case::a_share("/award/shares/0/amount/amount", json!("1.00"))]
#[case::the_rule_of_the_program("/combine/shares/0/part", json!(1))]
#[case::what_the_purse_had("/purses/0/available/amount", json!("1.00"))]
#[case::what_the_purse_pays("/purses/0/part/amount", json!("1.00"))]
#[case::what_the_ledger_moved("/transfers/0/amount/amount", json!("1.00"))]
#[case::the_weight("/purses/0/weight", json!(61))]
fn what_was_changed_by_hand_shows(#[case] pointer: &str, #[case] value: serde_json::Value) {
    let found = decisions("guangfo-core-tech");
    let found = found.iter().find(|(_, decision)| decision.outcome == Outcome::Eligible).unwrap();
    let body = changed(&receipt(&found.1).body, pointer, value);
    assert!(matches!(replay(&body), Replayed::Different { .. }), "{body}");
}

#[test]
fn fuel_is_compared_only_where_the_engine_is_the_same() {
    let receipt = of_guest(guests::OBEDIENT);
    let fuel = changed(&receipt.body, "/rulings/0/fuel", 7);
    let replayed = with_guest(guests::OBEDIENT.component(), &fuel).unwrap();
    assert!(matches!(replayed, Replayed::Different { fuel_compared: true, .. }), "{replayed:?}");
    let other = changed(&fuel, "/versions/engine", "wasmtime 1.0.0");
    let replayed = with_guest(guests::OBEDIENT.component(), &other).unwrap();
    assert_eq!(replayed, Replayed::Same { fuel_compared: false });
}

#[test]
fn a_component_that_is_not_there_is_named() {
    let receipt = of_guest(guests::OBEDIENT);
    let error = Replayer::new(|_: &str| None, None).replay(&receipt.body).unwrap_err();
    let digest = concord::domain::digest::sha256(&guests::OBEDIENT.component());
    assert_eq!(
        error.to_string(),
        format!(
            "there is no component of obedient 1.0.0 with the digest {digest} in the folders of policies"
        )
    );
}

#[rstest]
#[case::a_fact("/rulings/0/reads/0/of", json!("project/colour"))]
#[case::a_type("/rulings/0/reads/0/value", json!("five"))]
#[case::a_parameter("/rulings/0/parameters/least", json!([]))]
#[case::a_currency("/rulings/0/currency", json!("gold"))]
#[case::too_many_items("/rulings/0/items/parties", json!(4_000_000_000_u32))]
fn what_does_not_fit_the_policy_is_refused_with_its_place(
    #[case] pointer: &str,
    #[case] value: serde_json::Value,
) {
    let body = changed(&of_guest(guests::OBEDIENT).body, pointer, value);
    let error = with_guest(guests::OBEDIENT.component(), &body).unwrap_err();
    assert!(error.to_string().starts_with("it does not fit its policy: /rulings/0/"), "{error}");
}
