//! What a receipt holds: what was read, and nothing else of the case.

use std::collections::BTreeSet;

use concord::decide::receipt::{Replayed, write};
use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::{CASE, SHARED, case};
use crate::support::receipts::{decisions, first, receipt, replay};

/// The receipt of the first decision on a program's samples that has this outcome.
fn of(program: &str, outcome: &str) -> Value {
    let found =
        decisions(program).into_iter().find(|(_, decision)| decision.outcome.as_str() == outcome);
    serde_json::from_str(&receipt(&found.unwrap().1).body).unwrap()
}

#[test]
fn a_receipt_holds_all_that_a_decision_rests_on() {
    let receipt = of("guangfo-core-tech", "eligible");
    assert_eq!(receipt["format"], "concord-receipt");
    assert_eq!(receipt["previous"], Value::Null);
    assert_eq!(receipt["limits"], json!({ "fuel": 10_000_000, "memory": 16_777_216 }));
    assert!(receipt["versions"]["engine"].as_str().unwrap().starts_with("wasmtime 48."));
    assert_eq!(receipt["combine"]["shares"][0], json!({ "city": "guangzhou", "part": 60 }));
    assert_eq!(receipt["purses"][0]["purse"], "funds/guangfo-core-tech-fund/guangzhou");
    assert_eq!(receipt["award"]["shares"].as_array().unwrap().len(), 2);
    let ruling = &receipt["rulings"][0];
    assert_eq!(ruling["policy"], "guangzhou-core-tech");
    assert_eq!(ruling["currency"], "CNY");
    assert_eq!(ruling["funds"], json!({ "joint": "guangfo-core-tech-fund" }));
    assert!(ruling["parameters"].as_object().unwrap().len() > 2);
    let clause = &ruling["clauses"][0];
    let first_read = clause["parts"][0]["reads"][0].as_u64().unwrap();
    assert_eq!(ruling["reads"][first_read as usize]["read"], "count", "{clause}");
}

#[test]
fn each_thing_is_listed_once_and_what_is_not_known_is_null() {
    let mut unknown = BTreeSet::new();
    for (_, decision) in decisions("guangfo-core-tech") {
        let receipt: Value = serde_json::from_str(&receipt(&decision).body).unwrap();
        for ruling in receipt["rulings"].as_array().unwrap() {
            let reads = ruling["reads"].as_array().unwrap();
            let name = |read: &Value| format!("{} {}", read["read"], read["of"]);
            assert_eq!(reads.iter().map(name).collect::<BTreeSet<_>>().len(), reads.len());
            unknown.extend(reads.iter().filter(|read| read["value"].is_null()).map(name));
        }
    }
    assert!(unknown.contains("\"fact\" \"parties/1/rd_in_china\""), "{unknown:?}");
}

#[test]
fn what_was_not_read_is_not_in_it() {
    let case = case("[project]\nlevel = 5\nmotto = \"between us\"\n[[parties]]\nstaff = 98765\n");
    let decision = SHARED.decide(guests::OBEDIENT.name, &case);
    let body = receipt(&decision).body;
    assert!(body.contains("\"of\":\"project/level\",\"read\":\"fact\",\"value\":5"), "{body}");
    assert!(!body.contains("between us") && !body.contains("98765"), "{body}");
}

#[test]
fn why_a_run_failed_is_told_by_its_cause_and_not_in_words() {
    let decision = SHARED.decide(guests::TEXT_OUTSIDE_MEMORY.name, &case(CASE));
    let detail = decision.rulings[0].report.failure.as_ref().unwrap().detail.clone();
    let body = receipt(&decision).body;
    assert!(!body.contains(&detail) && body.contains("\"cause\":\"trap\""), "{body}");
}

#[test]
fn prior_awards_are_listed_one_by_one() {
    let receipt = of("hk-tvp", "eligible");
    let reads = receipt["rulings"][0]["reads"].as_array().unwrap().iter();
    let awards: Vec<_> = reads.filter(|read| read["read"] == "awards").collect();
    assert!(!awards.is_empty());
    for award in awards.iter().flat_map(|read| read["value"].as_array().into_iter().flatten()) {
        let keys: Vec<_> = award.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(["amount", "on", "same_program"].iter().all(|key| keys.contains(key)), "{award}");
    }
}

#[test]
fn a_number_beyond_a_double_is_a_text_and_a_number_again() {
    for level in [i64::MAX, i64::MIN, (1 << 53) + 1, (1 << 53) - 1] {
        let case = case(&format!("[project]\nlevel = {level}\n[[parties]]\nstaff = 12\n"));
        let receipt = receipt(&SHARED.decide(guests::OBEDIENT.name, &case));
        let json: Value = serde_json::from_str(&receipt.body).unwrap();
        let value = &json["rulings"][0]["reads"][0]["value"];
        let expected =
            if level.abs_diff(0) < 1 << 53 { json!(level) } else { json!(level.to_string()) };
        assert_eq!(*value, expected);
        let same = super::replay::with_guest(guests::OBEDIENT.component(), &receipt.body).unwrap();
        assert_eq!(same, Replayed::Same { fuel_compared: true });
    }
}

#[test]
fn what_the_ledger_moved_stands_in_it_and_follows_from_what_was_granted() {
    let (_, decision) = decisions("guangfo-core-tech")
        .into_iter()
        .find(|(_, decision)| decision.award.is_some())
        .unwrap();
    let with = |application: Option<&str>| {
        let application = application.map(str::to_owned);
        let context = concord::decide::receipt::Context { application, ..first() };
        write(&decision, &context).unwrap().body
    };
    let receipt = with(Some("guangfo-core-tech-a1"));
    let json: Value = serde_json::from_str(&receipt).unwrap();
    let moved = json["transfers"].as_array().unwrap();
    for (transfer, part) in moved.iter().zip(&decision.parts) {
        assert_eq!(transfer["purse"], part.purse.to_string());
        assert_eq!(transfer["amount"]["amount"], part.awarded.to_string());
        assert_eq!((&transfer["from"], &transfer["to"]), (&json!("available"), &json!("reserved")));
    }
    assert_eq!(moved.len(), 2);
    assert_eq!(replay(&receipt), Replayed::Same { fuel_compared: true });
    // A check moves nothing.
    let check: Value = serde_json::from_str(&with(None)).unwrap();
    assert_eq!(check["transfers"], json!([]));
}
