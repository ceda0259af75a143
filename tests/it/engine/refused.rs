//! Components that are refused when they are loaded, each with the sentence that says why.

use concord::engine::{Engine, Limits};
use concord_contract::{CONTRACT_SECTION, MANIFEST_SECTION};
use rstest::rstest;

use crate::support::component::{Recipe, append_section};
use crate::support::guests::{self, Guest};
use crate::support::places;

/// The sentence that a component is refused with.
fn refusal(bytes: &[u8]) -> String {
    let engine = Engine::new(Limits { concurrent: 1, ..Limits::default() }, None).unwrap();
    engine.load(bytes).unwrap_err().to_string()
}

fn obedient() -> Recipe {
    guests::OBEDIENT.recipe()
}

/// A component in text, with the sections that a policy has.
fn component(text: &str) -> Vec<u8> {
    let mut bytes = wat::parse_str(format!("(component {text})")).unwrap();
    append_section(&mut bytes, CONTRACT_SECTION, b"0.1.0");
    append_section(&mut bytes, MANIFEST_SECTION, guests::OBEDIENT.manifest().as_bytes());
    bytes
}

/// The guest, with its `policy.toml` changed.
fn declaring(guest: Guest, from: &str, to: &str) -> Vec<u8> {
    let manifest = guest.manifest();
    assert!(manifest.contains(from), "{from}");
    guest
        .recipe()
        .without(MANIFEST_SECTION)
        .section(MANIFEST_SECTION, &manifest.replace(from, to))
        .make()
}

#[test]
fn a_core_module_is_refused() {
    assert_eq!(
        refusal(&obedient().core_module()),
        "the file is a WebAssembly core module; a policy is a component (`concord policy build` makes one)"
    );
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
        "package test:world;
         world test {
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
    insta::assert_snapshot!(refusal(&component(text)));
}

#[rstest]
#[case::voucher("voucher-policy", "voucher", "cover")]
#[case::talent("talent-policy", "talent", "entitle-to")]
#[case::selection("selection-policy", "selection", "score")]
#[case::matching("matching-policy", "matching", "affinity")]
fn an_interface_of_another_kind_is_refused(
    #[case] world: &'static str,
    #[case] interface: &str,
    #[case] function: &str,
) {
    let params = match function {
        "cover" => "i32 i64 i32",
        "entitle-to" => "i32 i32 i64 i32",
        "score" => "i32 i32 i64 i32",
        _ => "i32 i64 i32",
    };
    let text = format!(
        r#"(module (import "concord:policy/{interface}@0.1.0" "{function}" (func (param {params})))
            (func (export "decide")))"#
    );
    let recipe = Recipe::of_module(&text)
        .world(world)
        .section(CONTRACT_SECTION, "0.1.0")
        .section(MANIFEST_SECTION, &guests::OBEDIENT.manifest());
    assert_eq!(
        refusal(&recipe.make()),
        format!(
            "the component does not fit its policy.toml: it imports {interface}, which a funding policy may not"
        )
    );
}

#[rstest]
#[case::funds(
    guests::FUND_BEYOND,
    "[registry.funds.joint]",
    "[notes.joint]",
    "it imports registry.available, but its policy.toml declares no registry.funds"
)]
#[case::awards(
    guests::AWARDS_OF_PROJECT,
    "awards = [\"parties\"]",
    "",
    "it imports registry.awards, but its policy.toml declares no registry.awards"
)]
#[case::award(
    guests::PRIOR_AWARD_BEYOND,
    "awards = [\"parties\"]",
    "listed = [\"parties\"]",
    "it imports registry.award, but its policy.toml declares no registry.awards"
)]
fn a_registry_function_that_is_not_declared_is_refused(
    #[case] guest: Guest,
    #[case] from: &str,
    #[case] to: &str,
    #[case] reason: &str,
) {
    let sentence = refusal(&declaring(guest, from, to));
    assert_eq!(sentence, format!("the component does not fit its policy.toml: {reason}"));
}

#[rstest]
#[case::listed("listed")]
#[case::agreed("agreed")]
fn a_registry_lookup_that_is_not_declared_is_refused(#[case] function: &str) {
    let text = format!(
        r#"(module (import "concord:policy/registry@0.1.0" "{function}" (func (param i32 i32) (result i32)))
            (func (export "decide")))"#
    );
    let recipe = Recipe::of_module(&text)
        .section(CONTRACT_SECTION, "0.1.0")
        .section(MANIFEST_SECTION, &guests::OBEDIENT.manifest());
    assert_eq!(
        refusal(&recipe.make()),
        format!(
            "the component does not fit its policy.toml: it imports registry.{function}, but its policy.toml \
             declares no registry.{function}"
        )
    );
}

#[test]
fn a_section_with_another_contract_version_is_refused() {
    let recipe = obedient().without(CONTRACT_SECTION).section(CONTRACT_SECTION, "0.2.0");
    assert_eq!(
        refusal(&recipe.make()),
        "it was built for version 0.2.0 of the contract; this host speaks 0.1.0"
    );
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

#[rstest]
#[case::manifest(MANIFEST_SECTION)]
#[case::contract(CONTRACT_SECTION)]
fn a_section_that_is_missing_or_there_twice_is_refused(#[case] section: &str) {
    let sentence = |found: usize| {
        format!(
            "it has {found} sections {section}; a policy has exactly one (the SDK's policy! macro embeds it)"
        )
    };
    assert_eq!(refusal(&obedient().without(section).make()), sentence(0));
    let mut twice = obedient().make();
    // The second one stands outside the module: the host must not take its pick.
    append_section(&mut twice, section, b"0.1.0");
    assert_eq!(refusal(&twice), sentence(2));
}

#[test]
fn an_embedded_manifest_with_mistakes_is_refused_with_all_of_them() {
    let manifest = guests::OBEDIENT.manifest();
    let manifest =
        manifest.replace("1.0.0", "one").replace("source = \"ill: for tests\"", "source = \"\"");
    let recipe = obedient().without(MANIFEST_SECTION).section(MANIFEST_SECTION, &manifest);
    insta::assert_snapshot!(refusal(&recipe.make()));
}

#[test]
fn an_embedded_manifest_that_is_no_text_is_refused() {
    let mut bytes = obedient().without(MANIFEST_SECTION).make();
    append_section(&mut bytes, MANIFEST_SECTION, &[0xff, 0xfe]);
    insta::assert_snapshot!(refusal(&bytes));
}

#[test]
fn a_component_that_does_not_export_decide_is_refused() {
    let recipe = Recipe::of_module("(module)")
        .own_world("package test:world; world test {}")
        .section(CONTRACT_SECTION, "0.1.0")
        .section(MANIFEST_SECTION, &guests::OBEDIENT.manifest());
    assert_eq!(
        refusal(&recipe.make()),
        "the component does not fit its policy.toml: it does not export the function decide: func()"
    );
}

#[rstest]
#[case::with_a_parameter("func(verdict: u32)", "(param i32)", "")]
#[case::with_a_result("func() -> u32", "(result i32)", "i32.const 0")]
fn a_component_whose_decide_is_another_function_is_refused(
    #[case] ty: &'static str,
    #[case] core_ty: &str,
    #[case] body: &str,
) {
    let world = format!("package test:world; world test {{ export decide: {ty}; }}");
    let recipe =
        Recipe::of_module(&format!("(module (func (export \"decide\") {core_ty} {body}))"))
            .own_world(world.leak())
            .section(CONTRACT_SECTION, "0.1.0")
            .section(MANIFEST_SECTION, &guests::OBEDIENT.manifest());
    assert_eq!(
        refusal(&recipe.make()),
        "the component does not fit its policy.toml: it does not export the function decide: func()"
    );
}

#[test]
fn a_module_that_wants_more_memory_than_there_can_be_is_refused() {
    let text = "(module (memory (export \"memory\") 1000) (func (export \"decide\")))";
    let recipe = Recipe::of_module(text)
        .section(CONTRACT_SECTION, "0.1.0")
        .section(MANIFEST_SECTION, &guests::OBEDIENT.manifest());
    insta::assert_snapshot!(refusal(&recipe.make()));
}

#[test]
fn a_file_over_the_size_limit_is_refused() {
    let engine =
        Engine::new(Limits { component: 100, concurrent: 1, ..Limits::default() }, None).unwrap();
    let bytes = obedient().make();
    assert_eq!(
        engine.load(&bytes).unwrap_err().to_string(),
        format!("the file has {} bytes; a policy may have at most 100", bytes.len())
    );
}

#[rstest]
#[case::empty(&[])]
#[case::garbage(b"this is not WebAssembly, whatever its name says")]
#[case::only_the_magic(b"\0asm")]
#[case::of_a_layer_that_is_not_known(b"\0asm\x0d\x00\x07\x00")]
fn what_is_not_a_component_is_refused(#[case] bytes: &[u8]) {
    let sentence = refusal(bytes);
    assert!(sentence.starts_with("the file is not a WebAssembly component: "), "{sentence}");
}

#[test]
fn a_real_policy_that_is_cut_off_anywhere_is_refused() {
    let engine = Engine::new(Limits { concurrent: 1, ..Limits::default() }, None).unwrap();
    let bytes = std::fs::read(places::policies().join("guangzhou-core-tech-1.0.0.wasm")).unwrap();
    for part in 0..64 {
        let cut = bytes.len() * part / 64;
        assert!(engine.load(&bytes[..cut]).is_err(), "cut off at {cut} of {}", bytes.len());
    }
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
