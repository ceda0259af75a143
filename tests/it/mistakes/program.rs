//! Every way in which a program file can be wrong by itself, or beside the entities.

use rstest::rstest;

use super::sample::{PROGRAM, changed, said_of_program};

#[rstest]
#[case::not_toml(
    "id = \"sample\"",
    "id = sample",
    "programs/sample.toml, line 1: string values must be quoted, expected literal string"
)]
#[case::unknown_key(
    "from = 2024-01-01\n\n[name]",
    "form = 2024-01-01\n\n[name]",
    "programs/sample.toml, line 5, form: unknown field `form`, expected one of `id`, `kind`, \
     `name`, `cities`, `fund`, `from`, `until`, `combine`, `bindings`, `matching`, `applications`, `rounds`, \
     `targets`"
)]
#[case::unknown_key_of_combine(
    "award = \"lowest\"",
    "awards = \"lowest\"",
    "programs/sample.toml, line 14, combine.awards: unknown field `awards`, expected one of \
     `rulings`, `award`, `shares`, `payer`"
)]
#[case::unknown_key_of_a_binding(
    "grants = [\"awards\"]",
    "grant = [\"awards\"]",
    "programs/sample.toml, line 23, bindings[0].grant: unknown field `grant`, expected one \
     of `city`, `policy`, `version`, `from`, `parameters`, `funds`, `grants`"
)]
#[case::bad_id(
    "id = \"sample\"",
    "id = \"Sample\"",
    "programs/sample.toml, line 1, id: found \"Sample\", expected an id: small letters, \
     digits and hyphens, at most 64, a letter or digit first and last"
)]
#[case::id_that_is_not_the_files_name(
    "id = \"sample\"",
    "id = \"simple\"",
    "programs/sample.toml, line 1, id: found \"simple\", expected \"sample\", the name of the file"
)]
#[case::unknown_kind(
    "kind = \"funding\"",
    "kind = \"loan\"",
    "programs/sample.toml, line 2, kind: unknown variant `loan`, expected one of `funding`, \
     `voucher`, `talent`, `selection`, `matching`"
)]
#[case::missing_translation(
    "zh-Hant = \"樣\"\n",
    "",
    "programs/sample.toml, line 7, name: missing field `zh-Hant`"
)]
#[case::bad_date(
    "from = 2024-01-01\n\n[name]",
    "from = \"1 January\"\n\n[name]",
    "programs/sample.toml, line 5, from: found the text \"1 January\", expected a date such \
     as 2026-11-01"
)]
#[case::unknown_city(
    "[\"here\", \"there\"]",
    "[\"here\", \"there\", \"nowhere\"]",
    "programs/sample.toml, line 3, cities[2]: found \"nowhere\", which is not among the cities"
)]
#[case::unknown_fund(
    "fund = \"purse\"",
    "fund = \"pocket\"",
    "programs/sample.toml, line 4, fund: found \"pocket\", which is not among the funds"
)]
#[case::unknown_fund_of_a_binding(
    "{ joint = \"purse\" }",
    "{ joint = \"pocket\" }",
    "programs/sample.toml, line 22, bindings[0].funds.joint: found \"pocket\", which is not \
     among the funds"
)]
#[case::unknown_rulings_rule(
    "rulings = \"all\"",
    "rulings = \"most\"",
    "programs/sample.toml, line 13, combine.rulings: found \"most\", expected all, any, lead \
     or \"at-least = 2\""
)]
#[case::at_least_none(
    "rulings = \"all\"",
    "rulings = \"at-least = 0\"",
    "programs/sample.toml, line 13, combine.rulings: found \"at-least = 0\", expected all, \
     any, lead or \"at-least = 2\""
)]
#[case::unknown_award_rule(
    "award = \"lowest\"",
    "award = \"highest\"",
    "programs/sample.toml, line 14, combine.award: unknown variant `highest`, expected one \
     of `lowest`, `lead`, `sum`, `each`"
)]
#[case::negative_share(
    "here = 60",
    "here = -60",
    "programs/sample.toml, line 15, combine.shares.here: invalid value: integer `-60`, \
     expected u32"
)]
#[case::unknown_grant(
    "grants = [\"awards\"]",
    "grants = [\"everything\"]",
    "programs/sample.toml, line 23, bindings[0].grants[0]: unknown variant `everything`, \
     expected one of `awards`, `listed`, `agreed`"
)]
#[case::key_given_twice(
    "kind = \"funding\"",
    "kind = \"funding\"\nkind = \"voucher\"",
    "programs/sample.toml, line 3: duplicate key"
)]
fn a_program_file_that_is_wrong_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(said_of_program(&changed(PROGRAM, from, to)), said);
}
