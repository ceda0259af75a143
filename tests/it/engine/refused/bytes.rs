//! Files that are no components, or too large.

use concord::engine::{Engine, Limits};
use rstest::rstest;

use super::{obedient, refusal};
use crate::support::places;

#[test]
fn a_core_module_is_refused() {
    assert_eq!(
        refusal(&obedient().core_module()),
        "the file is a WebAssembly core module; a policy is a component (`concord policy build` makes one)"
    );
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
