//! The one function that a policy exports, and the memory that it may have from the start.

use rstest::rstest;

use super::{policy, refusal};

#[test]
fn a_component_that_does_not_export_decide_is_refused() {
    let recipe = policy("(module)").own_world("package test:made; world judged {}");
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
    let world = format!("package test:made; world judged {{ export decide: {ty}; }}");
    let text = format!("(module (func (export \"decide\") {core_ty} {body}))");
    let recipe = policy(&text).own_world(world.leak());
    assert_eq!(
        refusal(&recipe.make()),
        "the component does not fit its policy.toml: it does not export the function decide: func()"
    );
}

#[test]
fn a_module_that_wants_more_memory_than_there_can_be_is_refused() {
    let text = "(module (memory (export \"memory\") 1000) (func (export \"decide\")))";
    let recipe = policy(text);
    let sentence = refusal(&recipe.make());
    let reason =
        "memory has a minimum byte size of 65536000 which exceeds the limit of 0x1000000 bytes";
    assert!(sentence.starts_with("the engine does not take it: "), "{sentence}");
    assert!(sentence.ends_with(reason), "{sentence}");
}
