//! Every way in which a file of sample cases can be wrong, and a case that no program can judge.

use concord::review::case_file::read_samples;
use rstest::rstest;

use super::sample::changed;
use crate::support::guests;
use crate::support::host::{CASE, SHARED, case};

const CASES: &str = r#"as_of = 2026-11-01

[project]
trl = 5

[[parties]]
role = "lead"

[expect]
outcome = "eligible"

[[variants]]
name = "other"
set = { "parties/0/role" = "partner" }
unset = ["project/trl"]
expect = { outcome = "undetermined" }
"#;

/// What is said of a case file.
fn said(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sample.toml");
    std::fs::write(&file, text).unwrap();
    let said = read_samples(&file).map(|_| String::new()).unwrap_or_else(|error| error.to_string());
    said.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn the_samples_are_right_before_they_are_made_wrong() {
    assert_eq!(said(CASES), "");
    assert!(SHARED.ruling(guests::OBEDIENT).report.failure.is_none());
}

#[test]
fn a_file_that_expects_nothing_at_all_is_refused() {
    let text = CASES.split("[expect]").next().unwrap();
    assert_eq!(
        said(text),
        "sample.toml: found no [expect] and no [[variants]], expected one at least"
    );
}

#[rstest]
#[case::not_toml("[project]", "[project", "sample.toml: line 3: unclosed table, expected `]`")]
#[case::date_that_is_none(
    "as_of = 2026-11-01",
    "as_of = \"soon\"",
    "sample.toml: sample: /as_of: found the text \"soon\", expected a date such as \"2026-11-01\""
)]
#[case::no_date(
    "as_of = 2026-11-01\n",
    "",
    "sample.toml: sample: no as_of; a sample case says the date that it is judged on"
)]
#[case::unknown_subject(
    "[project]",
    "[projects]",
    "sample.toml: sample: /projects: found the key \"projects\", expected as_of or a \
     subject: project, parties, talent, voucher, order, entry, supply, demand"
)]
#[case::subject_that_is_no_object(
    "[project]\ntrl = 5",
    "project = 5",
    "sample.toml: sample: /project: found the number 5, expected an object"
)]
#[case::parties_that_are_no_list(
    "[[parties]]",
    "[parties]",
    "sample.toml: sample: /parties: found an object, expected a list"
)]
#[case::id_that_is_no_text(
    "role = \"lead\"",
    "id = 7",
    "sample.toml: sample: /parties/0/id: found the number 7, expected the id of an entity"
)]
#[case::fact_given_twice("trl = 5", "trl = 5\ntrl = 6", "sample.toml: line 5: duplicate key")]
#[case::nothing_expected(
    "outcome = \"eligible\"",
    "\n",
    "sample.toml: sample: nothing is expected of it"
)]
#[case::unknown_outcome(
    "outcome = \"eligible\"",
    "outcome = \"accepted\"",
    "sample.toml: line 10, expect.outcome: unknown variant `accepted`, expected one of `eligible`, \
     `ineligible`, `undetermined`"
)]
#[case::unknown_expectation(
    "outcome = \"eligible\"",
    "verdict = \"eligible\"",
    "sample.toml: line 10, expect.verdict: unknown field `verdict`, expected one of `outcome`, `cause`, \
     `award`, `awards`, `shares`, `rulings`, `clauses`, `missing`, `tier`, `entitled`, `entitled_to`, \
     `scores`, `affinity`, `notes`"
)]
#[case::unset_of_what_is_not_there(
    "unset = [\"project/trl\"]",
    "unset = [\"project/sector\"]",
    "sample.toml: other: unset names project/sector, which the base case does not have"
)]
#[case::set_that_leads_nowhere(
    "set = { \"parties/0/role\" = \"partner\" }",
    "set = { \"parties/first/role\" = \"partner\" }",
    "sample.toml: other: set parties/first/role: found \"first\", expected a position in a list"
)]
#[case::set_beyond_the_list(
    "set = { \"parties/0/role\" = \"partner\" }",
    "set = { \"parties/7/role\" = \"partner\" }",
    "sample.toml: other: set parties/7/role: found position 7; the list has 1"
)]
#[case::set_into_a_value(
    "set = { \"parties/0/role\" = \"partner\" }",
    "set = { \"parties/0/role/0\" = 1 }",
    "sample.toml: other: set parties/0/role/0: \"0\" leads into the text \"lead\""
)]
#[case::variant_without_name(
    "name = \"other\"\n",
    "",
    "sample.toml: line 12, variants[0]: missing field `name`"
)]
#[case::unknown_key_of_a_variant(
    "name = \"other\"",
    "name = \"other\"\nnote = \"x\"",
    "sample.toml: line 14, variants[0].note: unknown field `note`, expected one of `name`, `set`, `unset`, `expect`"
)]
fn a_case_file_that_is_wrong_says_so(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    assert_eq!(said(&changed(CASES, from, to)), expected);
}

#[rstest]
#[case::unknown_fact(
    "level = 5",
    "levle = 5",
    "/project/levle: found the fact \"levle\", which no policy of this program reads; \
     expected id, level, requested, motto"
)]
#[case::fact_of_a_subject_that_is_not_read(
    "[project]",
    "[talent]\nage = 30\n[project]",
    "/talent/age: found the fact \"age\"; this program's policies read nothing of talent"
)]
#[case::integer_as_a_text(
    "level = 5",
    "level = \"5\"",
    "/project/level: found the text \"5\", expected a whole number of at most 64 bits"
)]
#[case::integer_as_a_decimal(
    "level = 5",
    "level = 5.5",
    "/project/level: found the number 5.5, expected a whole number of at most 64 bits"
)]
#[case::amount_in_another_currency(
    "\"CNY\"",
    "\"HKD\"",
    "/project/requested/currency: found the currency HKD, expected CNY"
)]
#[case::amount_in_no_currency(
    "\"CNY\"",
    "\"yuan\"",
    "/project/requested/currency: found the text \"yuan\", expected a currency of ISO 4217, \
     such as \"CNY\""
)]
#[case::amount_that_is_negative(
    "\"700.00\"",
    "\"-700.00\"",
    "/project/requested/amount: found the text \"-700.00\", expected an amount that is not \
     negative"
)]
#[case::amount_that_overflows(
    "\"700.00\"",
    "\"99999999999999999999.00\"",
    "/project/requested/amount: found the text \"99999999999999999999.00\", expected an \
     amount that fits in 64 bits of minor units"
)]
#[case::amount_in_parts_of_a_fen(
    "\"700.00\"",
    "\"700.001\"",
    "/project/requested/amount: found the text \"700.001\", expected at most 2 digits behind \
     the point in CNY"
)]
#[case::amount_as_a_number(
    "requested = { amount = \"700.00\", currency = \"CNY\" }",
    "requested = 700",
    "/project/requested: found the number 700, expected money such as { \"amount\": \
     \"1500000.00\", \"currency\": \"CNY\" }"
)]
#[case::amount_without_currency(
    "amount = \"700.00\", currency = \"CNY\"",
    "amount = \"700.00\"",
    "/project/requested: found no \"currency\", expected money such as { \"amount\": \
     \"1500000.00\", \"currency\": \"CNY\" }"
)]
#[case::amount_with_another_key(
    "currency = \"CNY\"",
    "currency = \"CNY\", unit = \"yuan\"",
    "/project/requested/unit: found the key \"unit\", expected money such as { \"amount\": \
     \"1500000.00\", \"currency\": \"CNY\" }"
)]
#[case::text_that_is_too_long(
    "\"together\"",
    "\"LONG\"",
    "/project/motto: found the text \"long long long long long long long long …\", expected \
     a text of at most 10000 bytes"
)]
#[case::unknown_entity(
    "staff = 12",
    "id = \"nobody\"",
    "/parties/0/id: found \"nobody\", which is not among the organisations"
)]
fn a_case_that_cannot_be_judged_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(
        {
            let text = changed(CASE, from, &to.replace("LONG", &"long ".repeat(2_001)));
            SHARED.faults(guests::OBEDIENT.name, &case(&text)).join("\n")
        },
        said
    );
}
