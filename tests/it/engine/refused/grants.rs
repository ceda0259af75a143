//! A policy imports what its kind may, and what its `policy.toml` declares.

use concord_contract::MANIFEST_SECTION;
use rstest::rstest;

use super::{policy, refusal};
use crate::support::guests::{self, Guest};

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
    let recipe = policy(&text).world(world);
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
    let recipe = policy(&text);
    assert_eq!(
        refusal(&recipe.make()),
        format!(
            "the component does not fit its policy.toml: it imports registry.{function}, but its policy.toml \
             declares no registry.{function}"
        )
    );
}
