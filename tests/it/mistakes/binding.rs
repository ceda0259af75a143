//! Every way in which a program file and the policies that it binds can fail to fit.

use rstest::rstest;

use super::sample::{PROGRAM, changed, said_of_program};

#[rstest]
#[case::share_of_a_city_outside(
    "here = 60",
    "elsewhere = 60",
    "programs/sample.toml, line 15, combine.shares.elsewhere: found \"elsewhere\", which is \
     not among the program's cities"
)]
#[case::binding_of_a_city_outside(
    "city = \"here\"",
    "city = \"elsewhere\"",
    "programs/sample.toml, line 18, bindings[0].city: found \"elsewhere\", which is not among the \
     program's cities\n\
     programs/sample.toml, line 3, cities[0]: found \"here\", which has no binding; every city needs one"
)]
#[case::shares_where_each_city_pays_its_own(
    "award = \"lowest\"",
    "award = \"each\"",
    "programs/sample.toml, line 15, combine.shares: found shares of awards that each city pays whole\n\
     programs/sample.toml, line 4, fund: found a fund of all, where each city pays from the fund of its \
     binding"
)]
#[case::two_bindings_on_one_day(
    "city = \"there\"",
    "city = \"here\"",
    "programs/sample.toml, line 3, cities[1]: found \"there\", which has no binding; every city needs one\n\
     programs/sample.toml, line 30, bindings[1].from: another binding for the same city begins on \
     2024-01-01 too"
)]
#[case::unknown_policy(
    "policy = \"obedient\"",
    "policy = \"unwritten\"",
    "programs/sample.toml, line 19, bindings[0].policy: cannot read \
     policies/unwritten-1.0.0.wasm: No such file or directory (os error 2); `concord policy \
     build` makes it"
)]
#[case::unknown_version(
    "version = \"1.0.0\"",
    "version = \"2.0.0\"",
    "programs/sample.toml, line 19, bindings[0].policy: cannot read \
     policies/obedient-2.0.0.wasm: No such file or directory (os error 2); `concord policy \
     build` makes it"
)]
#[case::policy_that_is_refused(
    "policy = \"obedient\"",
    "policy = \"broken\"",
    "programs/sample.toml, line 19, bindings[0].policy: policies/broken-1.0.0.wasm is \
     refused: the file is not a WebAssembly component: it does not begin as WebAssembly does"
)]
#[case::unknown_parameter(
    "least = 3",
    "lest = 3",
    "programs/sample.toml, line 24, bindings[0].parameters.lest: obedient has no parameter \
     \"lest\"; it has least, steps"
)]
#[case::parameter_of_another_type(
    "least = 3",
    "least = \"three\"",
    "programs/sample.toml, line 24, bindings[0].parameters.least: found the text \"three\", \
     expected a whole number of at most 64 bits"
)]
#[case::parameter_without_its_percent_sign(
    "min_rd_intensity = \"3%\"",
    "min_rd_intensity = \"3\"",
    "programs/sample.toml, line 35, bindings[1].parameters.min_rd_intensity: found the text \
     \"3\", expected a percentage in a text, such as \"3.1%\""
)]
#[case::parameter_with_a_bad_entry(
    "steps = [1, 2]",
    "steps = [1, \"2\"]",
    "programs/sample.toml, line 24, bindings[0].parameters.steps[1]: found the text \"2\", \
     expected a whole number of at most 64 bits"
)]
#[case::parameter_that_is_null_is_a_missing_value(
    "steps = [1, 2]",
    "steps = 1",
    "programs/sample.toml, line 24, bindings[0].parameters.steps: found the number 1, \
     expected a list"
)]
#[case::missing_fund(
    "funds = { joint = \"purse\" }",
    "funds = {}",
    "programs/sample.toml, line 22, bindings[0].funds: obedient reads the fund \"joint\"; \
     expected funds.joint = \"…\", the fund that is granted to it"
)]
#[case::fund_that_is_not_declared(
    "funds = { joint = \"purse\" }",
    "funds = { joint = \"purse\", other = \"purse\" }",
    "programs/sample.toml, line 22, bindings[0].funds.other: obedient declares no fund \"other\""
)]
#[case::missing_grant(
    "grants = [\"awards\"]",
    "grants = []",
    "programs/sample.toml, line 23, bindings[0].grants: obedient reads registry.awards; \
     expected \"awards\" among the grants"
)]
#[case::grant_that_is_not_declared(
    "grants = [\"awards\"]",
    "grants = [\"awards\", \"listed\"]",
    "programs/sample.toml, line 23, bindings[0].grants: obedient declares no \
     registry.listed; it need not be granted"
)]
#[case::policy_of_another_kind(
    "kind = \"funding\"",
    "kind = \"voucher\"",
    "programs/sample.toml, line 19, bindings[0].policy: obedient is a funding policy; the \
     program is of kind voucher\nprograms/sample.toml, line 28, bindings[1].policy: \
     guangzhou-core-tech is a funding policy; the program is of kind voucher"
)]
#[case::facts_declared_differently(
    "policy = \"obedient\"",
    "policy = \"differing\"",
    "programs/sample.toml, line 17, bindings: differing and guangzhou-core-tech declare the \
     fact project.trl differently; the policies of one program must agree on its type, \
     unit and bounds"
)]
#[case::no_bindings(
    "[[bindings]]\ncity = \"here\"\npolicy = \"obedient\"\nversion = \"1.0.0\"\nfrom = 2024-01-01\nfunds = { joint = \"purse\" }\ngrants = [\"awards\"]\nparameters = { least = 3, steps = [1, 2] }\n\n[[bindings]]\ncity = \"there\"\npolicy = \"guangzhou-core-tech\"\nversion = \"1.0.0\"\nfrom = 2024-01-01\nfunds = { joint = \"purse\" }\ngrants = [\"awards\"]\n\n[bindings.parameters]\nmin_rd_intensity = \"3%\"\n",
    "[parameters]\n",
    "programs/sample.toml, line 17, parameters: unknown field `parameters`, expected one of \
     `id`, `kind`, `name`, `cities`, `fund`, `from`, `until`, `combine`, `bindings`, `matching`, \
     `applications`, `rounds`, `targets`"
)]
fn a_binding_that_does_not_fit_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(said_of_program(&changed(PROGRAM, from, to)), said);
}
