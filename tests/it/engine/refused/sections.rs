//! The custom sections that the host reads before it runs anything.

use concord_contract::{CONTRACT_SECTION, MANIFEST_SECTION};
use rstest::rstest;

use super::{obedient, refusal};
use crate::support::component::append_section;
use crate::support::guests;

#[test]
fn a_section_with_another_contract_version_is_refused() {
    let recipe = obedient().without(CONTRACT_SECTION).section(CONTRACT_SECTION, "0.2.0");
    assert_eq!(
        refusal(&recipe.make()),
        "it was built for version 0.2.0 of the contract; this host speaks 0.1.0"
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
    let manifest = manifest.replace("1.0.0", "one").replacen("ill: for tests", "for tests", 1);
    let recipe = obedient().without(MANIFEST_SECTION).section(MANIFEST_SECTION, &manifest);
    assert_eq!(
        refusal(&recipe.make()),
        "its policy.toml is wrong: \
         line 4, version: found \"one\", expected a version such as 1.0.0; \
         line 29, parameters.least.source: found \"for tests\", expected \"doc: …\", \"pub: …\" or \"ill: …\""
    );
}

#[test]
fn an_embedded_manifest_that_is_no_text_is_refused() {
    let mut bytes = obedient().without(MANIFEST_SECTION).make();
    append_section(&mut bytes, MANIFEST_SECTION, &[0xff, 0xfe]);
    assert_eq!(
        refusal(&bytes),
        "the file is not a WebAssembly component: section concord:policy-toml is not text: \
         invalid utf-8 sequence of 1 bytes from index 0"
    );
}
