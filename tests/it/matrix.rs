//! One case against every program.

use std::sync::LazyLock;

use concord::decide::Programs;
use concord::decide::matrix::{Matrix, explain_matrix};
use concord::domain::case::Case;
use concord::domain::entities::Entities;
use concord::domain::fault::Fault;
use concord::domain::program::Program;
use concord::engine::{Engine, Limits};
use concord_contract::language::Language;
use concord_contract::{CONTRACT, CONTRACT_SECTION, MANIFEST_SECTION};
use serde_json::Value;

use crate::support::component::Recipe;

/// Asks of each of two parties whether it is of the policy's own city, and awards CNY 1.00.
const OWN: &str = r#"
    (module
      (import "concord:policy/dossier@0.1.0" "choice" (func $choice (param i32 i32 i32 i32 i32)))
      (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
      (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
      (memory (export "memory") 1)
      (func $ask (param $party i32)
        (call $choice (i32.const 1) (local.get $party) (i32.const 0) (i32.const 0) (i32.const 16))
        (call $clause (i32.const 0) (i32.const 1) (local.get $party)
          (select
            (i32.ne (i32.load (i32.const 20)) (i32.const 0)) ;; the first option is its own city
            (i32.const 2) ;; not known
            (i32.load8_u (i32.const 16)))))
      (func (export "decide")
        (call $ask (i32.const 0))
        (call $ask (i32.const 1))
        (call $award (i32.const 1) (i64.const 100) (i32.const 156))))
"#;

const MANIFEST: &str = r#"
    id = "own-CITY"
    version = "1.0.0"
    kind = "funding"
    name = { zh-Hans = "本市", zh-Hant = "本市", en = "Own city" }
    [choices.city]
    open = true
    options = { CITY = { zh-Hans = "市", zh-Hant = "市", en = "CITY" } }
    [facts.parties.city]
    type = "choice"
    choices = "city"
    label = { zh-Hans = "城市", zh-Hant = "城市", en = "City" }
    [clauses.own]
    each = "parties"
    citation = "none"
    source = "ill: for tests"
    title = { zh-Hans = "本市企业", zh-Hant = "本市企業", en = "Each party is of CITY" }
    unmet = { zh-Hans = "非本市", zh-Hant = "非本市", en = "A party is not of CITY" }
"#;

/// Programs of one city each, by the city's name and one by a name of its own.
static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut programs = Vec::new();
    for (id, city) in [("fund-here", "here"), ("fund-there", "there"), ("more-here", "here")] {
        let recipe = Recipe::of_module(OWN).section(CONTRACT_SECTION, CONTRACT);
        let component = recipe.section(MANIFEST_SECTION, &MANIFEST.replace("CITY", city)).make();
        std::fs::write(folder.path().join(format!("own-{city}-1.0.0.wasm")), component).unwrap();
        let program = format!(
            r#"id = "{id}"
            kind = "funding"
            cities = ["{city}"]
            name = {{ zh-Hans = "资金", zh-Hant = "資金", en = "A fund" }}
            [[bindings]]
            city = "{city}"
            policy = "own-{city}"
            version = "1.0.0"
            from = 2024-01-01"#
        );
        programs.push(toml::from_str::<Program>(&program).unwrap());
    }
    let engine = Engine::new(Limits::default(), None).unwrap();
    Programs::bind(engine, programs, folder.path()).unwrap()
});

fn matrix(cities: [&str; 2], more: &str) -> Matrix {
    let [one, other] = cities;
    let json = format!(
        r#"{{ "as_of": "2026-11-01", "parties": [{{ "city": "{one}" }}, {{ "city": "{other}" }}] {more} }}"#
    );
    let case = Case::read(serde_json::from_str(&json).unwrap()).unwrap();
    judged(&case).unwrap()
}

fn judged(case: &Case) -> Result<Matrix, Vec<Fault>> {
    PROGRAMS.matrix(case, jiff::Timestamp::UNIX_EPOCH, &Entities::default())
}

fn body(matrix: &Matrix) -> Value {
    serde_json::to_value(explain_matrix(matrix, Language::En)).unwrap()
}

#[test]
fn programs_that_would_fund_the_same_case_are_flagged() {
    let body = body(&matrix(["here", "here"], ""));
    assert_eq!(body["double_funding"], serde_json::json!(["fund-here", "more-here"]));
    assert_eq!(body["fits"][0]["award"]["amount"], "1.00");
    assert_eq!(body["fits"][1]["outcome"], "ineligible");
    assert_eq!(body["fits"][1]["first"]["message"], "A party is not of there");
    assert_eq!(body["between_stools"], serde_json::json!([]));
}

#[test]
fn one_program_alone_is_no_double_funding() {
    let body = body(&matrix(["there", "there"], ""));
    assert_eq!(body["double_funding"], serde_json::json!([]));
}

#[test]
fn a_case_that_two_cities_refuse_only_because_of_each_other_falls_between_two_stools() {
    let body = body(&matrix(["here", "there"], ""));
    let stools: Vec<_> = body["between_stools"].as_array().unwrap().iter().collect();
    assert_eq!(stools.len(), 2, "{body}");
    assert_eq!(stools[0]["cities"], serde_json::json!(["here", "there"]));
    assert_eq!(stools[0]["programs"], serde_json::json!(["fund-here", "fund-there"]));
}

#[test]
fn a_case_that_would_be_refused_all_the_same_does_not() {
    // Even with everything of "there" moved "here", a party is of neither.
    let body = body(&matrix(["there", "elsewhere"], ""));
    assert_eq!(body["between_stools"], serde_json::json!([]));
}

#[test]
fn subjects_that_a_program_does_not_read_are_left_out_and_one_that_is_not_there_makes_it_unfit() {
    let body = body(&matrix(["here", "here"], r#", "talent": {}"#));
    assert_eq!(body["fits"][0]["outcome"], "eligible");
    let case = r#"{ "as_of": "2026-11-01", "talent": {} }"#;
    let case = Case::read(serde_json::from_str(case).unwrap()).unwrap();
    let unfit = judged(&case).unwrap().unfit;
    assert_eq!(unfit.len(), 3);
    assert_eq!(unfit[0].1.pointer(), "/parties");
}

#[test]
fn a_fact_that_no_program_reads_is_a_fault() {
    let case =
        r#"{ "parties": [{ "city": "here" }, { "citty": "here" }], "project": { "trl": 4 } }"#;
    let case = Case::read(serde_json::from_str(case).unwrap()).unwrap();
    let faults: Vec<_> = judged(&case).unwrap_err().iter().map(Fault::pointer).collect();
    assert_eq!(faults, ["/parties/1/citty", "/project/trl"]);
}
