//! Untyped input.

use concord_contract::raw::Raw;
use proptest::prelude::*;

fn any_raw() -> impl Strategy<Value = Raw> {
    let leaf = prop_oneof![
        Just(Raw::Null),
        any::<bool>().prop_map(Raw::Flag),
        any::<i64>().prop_map(Raw::Integer),
        any::<i32>().prop_map(|number| Raw::Inexact(f64::from(number) + 0.5)),
        ".*".prop_map(Raw::Text),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        let entries = prop::collection::btree_map(".*", inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Raw::List),
            entries.prop_map(|entries| Raw::Map(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_as_json_is_read_back_the_same(raw in any_raw()) {
        let text = serde_json::to_string(&raw).unwrap();
        prop_assert_eq!(serde_json::from_str::<Raw>(&text).unwrap(), raw);
    }

    #[test]
    fn a_key_given_twice_is_refused_however_deep(
        key in "[a-z]{1,8}",
        one in any_raw(),
        other in any_raw(),
        depth in 0..20_usize,
    ) {
        let (one, other) = (serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
        let twice = format!(r#"{{"{key}": {one}, "{key}": {other}}}"#);
        let text = format!("{}{twice}{}", "[".repeat(depth), "]".repeat(depth));
        let error = serde_json::from_str::<Raw>(&text).unwrap_err().to_string();
        prop_assert!(error.contains(&format!("the key \"{key}\" is given twice")), "{error}");
    }

    #[test]
    fn a_whole_number_is_exact_or_said_not_to_be(number in any::<i128>()) {
        match serde_json::from_str::<Raw>(&number.to_string()).unwrap() {
            Raw::Integer(read) => prop_assert_eq!(i128::from(read), number),
            Raw::Inexact(_) => prop_assert!(i64::try_from(number).is_err()),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn json_that_is_nested_too_deeply_is_refused() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<Raw>(&text).is_err());
}
