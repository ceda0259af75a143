//! One text for one value.

use concord::decide::receipt::{Uncanonical, Unreadable, canonical, read};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::receipts::{changed, decisions, receipt};

const LARGEST: i64 = (1 << 53) - 1;

/// JSON as receipts have it: no fractions, and no number that a double cannot hold.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-LARGEST..=LARGEST).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_text_is_the_one_that_another_implementation_writes(value in any_json()) {
        let theirs = serde_json_canonicalizer::to_string(&value).unwrap();
        prop_assert_eq!(canonical(&value).unwrap(), theirs);
    }

    #[test]
    fn a_canonical_text_is_read_back_and_written_the_same(value in any_json()) {
        let text = canonical(&value).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(canonical(&read).unwrap(), text);
    }

    #[test]
    fn the_layout_and_the_order_of_keys_change_nothing(value in any_json()) {
        let pretty = serde_json::to_string_pretty(&reversed(&value)).unwrap();
        let read: Value = serde_json::from_str(&pretty).unwrap();
        prop_assert_eq!(canonical(&read).unwrap(), canonical(&value).unwrap());
    }

    #[test]
    fn two_values_never_have_one_text(one in any_json(), other in any_json()) {
        let same = canonical(&one).unwrap() == canonical(&other).unwrap();
        prop_assert_eq!(same, one == other);
    }
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(reversed).collect(),
        Value::Object(entries) => {
            entries.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn keys_stand_in_the_order_of_the_standard() {
    // RFC 8785, section 3.2.3: by UTF-16 code units.
    let value = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 });
    let text = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(canonical(&value).unwrap(), text);
}

#[test]
fn a_number_that_a_double_may_not_hold_is_refused() {
    for number in [json!(LARGEST + 1), json!(-LARGEST - 1), json!(u64::MAX), json!(1.5)] {
        assert!(matches!(canonical(&number), Err(Uncanonical::Number(_))), "{number}");
    }
}

#[test]
fn a_receipt_is_read_in_its_one_form_only() {
    let body = receipt(&decisions("guangfo-core-tech")[0].1).body;
    read(&body).unwrap();
    let other_form = Some(Unreadable::Uncanonical(Uncanonical::OtherForm));
    assert_eq!(read(&format!("{body} ")).err(), other_form);
    assert_eq!(read(&body.replacen("\"as_of\":", "\"as_of\": ", 1)).err(), other_form);
    let twice = body.replacen('{', "{\"as_of\":\"2026-11-01\",", 1);
    assert!(matches!(read(&twice), Err(Unreadable::Uncanonical(Uncanonical::NotJson(_)))));
}

#[test]
fn what_a_receipt_should_not_hold_is_refused_with_its_place() {
    let body = receipt(&decisions("guangfo-core-tech")[0].1).body;
    let said = |body: &str| read(body).unwrap_err().to_string();
    let mut more: Value = serde_json::from_str(&body).unwrap();
    more["rulings"][0]["reason"] = json!("because");
    assert!(said(&canonical(&more).unwrap()).starts_with("/rulings/0/reason: unknown field"));
    assert!(said(&changed(&body, "/rulings/0/fuel", "12")).starts_with("/rulings/0/fuel: found"));
    assert_eq!(
        said(&changed(&body, "/version", 2)),
        "found \"concord-receipt\" in version 2, expected concord-receipt in version 1"
    );
}
