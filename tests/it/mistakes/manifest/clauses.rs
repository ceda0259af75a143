//! Sources, clauses, and what only some kinds of policy have.

use rstest::rstest;

use super::mistakes;

#[rstest]
#[case::unknown_source_mark(
    "\"ill: a sample\"",
    "\"law: a sample\"",
    "line 25, parameters.least.source: found \"law: a sample\", expected \"doc: …\", \"pub: \
     …\" or \"ill: …\""
)]
#[case::source_that_says_nothing(
    "\"ill: a sample\"",
    "\"pub: \"",
    "line 25, parameters.least.source: found \"pub: \", expected \"doc: …\", \"pub: …\" or \
     \"ill: …\""
)]
#[case::no_clause(
    "[clauses.big-enough]\ngroup = \"all\"\neach = \"parties\"\ncitation = \"§ 1\"\nsource = \"ill: a sample\"\ntitle = { zh-Hans = \"够大\", zh-Hant = \"夠大\", en = \"It is big enough\" }\nunmet = { zh-Hans = \"不够大\", zh-Hant = \"不夠大\", en = \"It is not big enough\" }\n",
    "",
    "line 1, clauses: found no clause, expected at least one"
)]
#[case::clause_of_each_and_some(
    "each = \"parties\"",
    "each = \"parties\"\nsome = \"parties\"",
    "line 43, clauses.big-enough: found \"each\" and \"some\", expected one of them"
)]
#[case::clause_of_each_single_subject(
    "each = \"parties\"",
    "each = \"project\"",
    "line 43, clauses.big-enough: found \"project\", expected \"parties\""
)]
#[case::clause_in_an_unknown_group(
    "group = \"all\"",
    "group = \"most\"",
    "line 44: found \"most\", expected all, any, any:NAME or advisory"
)]
#[case::clause_in_a_group_without_name(
    "group = \"all\"",
    "group = \"any:\"",
    "line 44: found \"any:\", expected all, any, any:NAME or advisory"
)]
#[case::clause_without_citation(
    "citation = \"§ 1\"",
    "citation = \"\"",
    "line 46, clauses.big-enough.citation: found nothing, expected a citation"
)]
#[case::bad_id_of_a_clause(
    "[clauses.big-enough]",
    "[clauses.big_enough]",
    "line 43, clauses.big_enough: found \"big_enough\", expected small letters, digits and hyphens"
)]
#[case::tiers_of_a_funding_policy(
    "[clauses.big-enough]",
    "[tiers.a]\nlabel = { zh-Hans = \"甲\", zh-Hant = \"甲\", en = \"A\" }\n\n[clauses.big-enough]",
    "line 43, tiers: a funding policy has none; expected kind talent"
)]
#[case::criteria_of_a_funding_policy(
    "[clauses.big-enough]",
    "[criteria.a]\nlabel = { zh-Hans = \"甲\", zh-Hant = \"甲\", en = \"A\" }\n\n[clauses.big-enough]",
    "line 43, criteria: a funding policy has none; expected kind selection"
)]
#[case::fund_without_label(
    "[clauses.big-enough]",
    "[registry.funds.joint]\n\n[clauses.big-enough]",
    "line 43: missing field `label`"
)]
#[case::registry_of_an_unknown_subject(
    "[clauses.big-enough]",
    "[registry]\nawards = [\"partners\"]\n\n[clauses.big-enough]",
    "line 44: unknown variant `partners`, expected one of `project`, `parties`, `talent`, \
     `voucher`, `order`, `entry`, `supply`, `demand`"
)]
fn a_clause_that_is_declared_wrongly_is_said_to_be_so(
    #[case] from: &str,
    #[case] to: &str,
    #[case] said: &str,
) {
    assert_eq!(mistakes(from, to), said);
}
