//! What a policy may import: the contract, in this version, and nothing else.

use concord_contract::{CONTRACT_SECTION, MANIFEST_SECTION};
use rstest::rstest;

use super::{obedient, refusal};
use crate::support::component::append_section;
use crate::support::guests;

/// A component in text, with the sections that a policy has.
fn component(text: &str) -> Vec<u8> {
    let mut bytes = wat::parse_str(format!("(component {text})")).unwrap();
    append_section(&mut bytes, CONTRACT_SECTION, b"0.1.0");
    append_section(&mut bytes, MANIFEST_SECTION, guests::OBEDIENT.manifest().as_bytes());
    bytes
}

#[rstest]
#[case::wasi(
    r#"(import "wasi:clocks/wall-clock@0.2.6" (instance))"#,
    "wasi:clocks/wall-clock@0.2.6"
)]
#[case::bare(r#"(import "log" (func))"#, "log")]
#[case::package_that_only_begins_alike(
    r#"(import "concord:policy-store/write@0.1.0" (instance))"#,
    "concord:policy-store/write@0.1.0"
)]
#[case::the_hosts_own(
    r#"(import "concord:host/store@0.1.0" (instance))"#,
    "concord:host/store@0.1.0"
)]
fn an_import_from_outside_the_contract_is_refused(#[case] import: &str, #[case] named: &str) {
    assert_eq!(
        refusal(&component(import)),
        format!("it imports {named}; a policy may import nothing but concord:policy/*")
    );
}

#[test]
fn an_import_from_outside_the_contract_is_refused_beside_right_ones() {
    let recipe = obedient().own_world(
        "package test:made;
         world judged {
             import concord:policy/dossier@0.1.0;
             import concord:policy/ruling@0.1.0;
             import concord:policy/funding@0.1.0;
             import clock: interface { now: func() -> u64; }
             export decide: func();
         }",
    );
    let clock = r#"(module (import "clock" "now" (func $now (result i64)))"#;
    let recipe = recipe.edit("(module", clock);
    assert_eq!(
        refusal(&recipe.make()),
        "it imports clock; a policy may import nothing but concord:policy/*"
    );
}

#[test]
fn an_interface_that_the_contract_does_not_have_is_refused() {
    assert_eq!(
        refusal(&component(r#"(import "concord:policy/secrets@0.1.0" (instance))"#)),
        "the component does not fit its policy.toml: it imports secrets, which a funding policy may not"
    );
}

#[test]
fn a_function_that_the_contract_does_not_have_is_refused() {
    let text = r#"(import "concord:policy/dossier@0.1.0" (instance (export "snoop" (func))))"#;
    let sentence = refusal(&component(text));
    let beginning = "the component does not fit its policy.toml: component imports instance \
                     `concord:policy/dossier@0.1.0`, but a matching implementation was not found";
    assert!(sentence.starts_with(beginning), "{sentence}");
    assert!(sentence.contains("`snoop`"), "{sentence}");
}

#[rstest]
#[case::newer("@0.2.0", "0.2.0")]
#[case::older("@0.0.9", "0.0.9")]
fn an_import_of_another_contract_version_is_refused(#[case] version: &str, #[case] named: &str) {
    let bytes = replaced(obedient().make(), "@0.1.0", version);
    assert_eq!(
        refusal(&bytes),
        format!("it was built for version {named} of the contract; this host speaks 0.1.0")
    );
}

#[test]
fn an_import_without_a_contract_version_is_refused() {
    assert_eq!(
        refusal(&component(r#"(import "concord:policy/ruling" (instance))"#)),
        "it was built for version (none) of the contract; this host speaks 0.1.0"
    );
}

/// The same bytes with one text replaced by another of the same length.
fn replaced(bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes;
    let places: Vec<_> =
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}
