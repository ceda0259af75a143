//! What the host itself tells and is told: who leads, and who paid a prior award.

use std::sync::Arc;

use concord::config::Config;
use concord::decide::Programs;
use concord::decide::receipt::{Replayed, Replayer};
use concord::domain::entities::Entities;
use concord::domain::entity::{Award, Entity, Organisation};
use concord::domain::program::{AwardRule, Program, RulingsRule};
use concord::engine::{Engine, Limits};
use concord::review::suite;
use concord_contract::language::Texts;
use concord_contract::manifest::Manifest;
use concord_contract::{CONTRACT, CONTRACT_SECTION, Currency, Date, MANIFEST_SECTION, Money};
use serde_json::{Value, json};

use crate::support::component::Recipe;
use crate::support::concord::CONFIG;
use crate::support::receipts::{decisions, receipt, replay};
use crate::support::{guests, host, places};

const SAME: Replayed = Replayed::Same { fuel_compared: true };

/// Decides the samples of `guangfo-core-tech` under other rules of combination.
fn under(change: impl Fn(&mut Program)) -> Vec<String> {
    let config = Config::load(&CONFIG.file()).unwrap();
    let entities = config.entities();
    let id = "guangfo-core-tech";
    let mut program = config.programs.into_iter().find(|one| one.id.as_str() == id).unwrap();
    change(&mut program);
    let engine = Engine::new(Limits::default(), None).unwrap();
    let programs = Programs::bind(engine, vec![program], places::policies()).unwrap();
    let samples = suite::samples(&places::root().join("config/cases").join(id)).unwrap();
    let program = programs.get(&id.parse().unwrap()).unwrap();
    let cases = suite::run_program(&programs, program, &samples, &entities).cases;
    cases.iter().map(|case| receipt(case.decision.as_ref().unwrap()).body).collect()
}

fn leads(bodies: &[String]) -> Vec<Value> {
    let lead = |body: &String| serde_json::from_str::<Value>(body).unwrap()["lead"].clone();
    bodies.iter().map(lead).collect()
}

#[test]
fn who_leads_is_told_where_the_program_asks_and_a_replay_goes_by_it() {
    let by_ruling = under(|program| program.combine.rulings = RulingsRule::Lead);
    let by_award = under(|program| program.combine.award = AwardRule::Lead);
    assert!(leads(&by_ruling).contains(&json!("guangzhou")), "{:?}", leads(&by_ruling));
    assert_eq!(leads(&by_ruling), leads(&by_award));
    for body in by_ruling.iter().chain(&by_award) {
        assert_eq!(replay(body), SAME);
    }
    let otherwise: Vec<_> =
        decisions("guangfo-core-tech").iter().map(|(_, d)| receipt(d).body).collect();
    assert!(leads(&otherwise).iter().all(Value::is_null));
}

/// Asks for the prior awards of the first party.
const ASKS: &str = r#"
    (module
      (import "concord:policy/registry@0.1.0" "awards" (func $awards (param i32 i32 i32)))
      (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
      (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
      (memory (export "memory") 1)
      (func (export "decide")
        (call $awards (i32.const 1) (i32.const 0) (i32.const 16))
        (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
        (call $clause (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 0))
        (call $award (i32.const 1) (i64.const 100) (i32.const 156))))
"#;

const PAYERS: &str = r#"awards = ["parties"]
payers = "cities"
[choices.cities.options]
here = { zh-Hans = "此", zh-Hant = "此", en = "Here" }
"#;

fn with_awards() -> Entities {
    let mut entities = host::entities();
    let text = Texts { zh_hans: "firm".into(), zh_hant: "firm".into(), en: "firm".into() };
    let award = |city: Option<&str>, year: i16| Award {
        program: "asks".parse().unwrap(),
        city: city.map(|city| city.parse().unwrap()),
        amount: Money::new(100, Currency::CNY),
        on: Date::constant(year, 1, 1),
    };
    entities.put(Arc::new(Entity::Organisation(Organisation {
        id: "firm".parse().unwrap(),
        name: text,
        city: "here".parse().unwrap(),
        kind: "enterprise".to_owned(),
        listed: false,
        awards: vec![award(Some("here"), 2024), award(None, 2025)],
        facts: Default::default(),
    })));
    entities
}

/// The awards in the receipt of a policy that asks for them, which must replay to the same bytes.
fn awards(manifest: &str) -> Value {
    let recipe = Recipe::of_module(ASKS).section(CONTRACT_SECTION, CONTRACT);
    let component = recipe.section(MANIFEST_SECTION, manifest).make();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("asks-1.0.0.wasm"), &component).unwrap();
    let entities = with_awards();
    let program = suite::program_of(&Manifest::parse(manifest).unwrap(), &entities).unwrap();
    let engine = Engine::new(Limits::default(), None).unwrap();
    let programs = Programs::bind(engine, vec![program], folder.path()).unwrap();
    let program = programs.get(&"asks".parse().unwrap()).unwrap();
    let case = host::case("[[parties]]\nid = \"firm\"\n");
    let decision = programs.decide(program, &case, Date::constant(2026, 11, 1), &entities).unwrap();
    let body = receipt(&decision).body;
    let mut replayer = Replayer::new(|_: &str| Some(component.clone()), None);
    assert_eq!(replayer.replay(&body).unwrap(), SAME, "{body}");
    let json: Value = serde_json::from_str(&body).unwrap();
    json["rulings"][0]["reads"][0]["value"].clone()
}

#[test]
fn who_paid_a_prior_award_is_told_only_where_the_policy_is_told() {
    let manifest = guests::OBEDIENT.manifest().replace("\"obedient\"", "\"asks\"");
    let amount = json!({ "amount": "1.00", "currency": "CNY" });
    let plain = |on: &str| json!({ "amount": amount, "on": on, "same_program": true });
    assert_eq!(awards(&manifest), json!([plain("2024-01-01"), plain("2025-01-01")]));
    let told = awards(&manifest.replace("awards = [\"parties\"]\n", PAYERS));
    assert_eq!((&told[0]["city"], &told[1]), (&json!("here"), &plain("2025-01-01")));
}
