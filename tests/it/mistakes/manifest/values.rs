//! Types, units, choices and defaults.

use rstest::rstest;

use super::mistakes;

#[rstest]
#[case::choice_without_choices(
    "choices = \"size\"\nlabel",
    "label",
    "line 10, facts.parties.size: a choice needs the key \"choices\", the name of its options"
)]
#[case::choice_of_unknown_choices(
    "choices = \"size\"\nlabel = { zh-Hans = \"规模\", zh-Hant = \"規模\", en = \"Size\" }",
    "choices = \"sizes\"\nlabel = { zh-Hans = \"规模\", zh-Hant = \"規模\", en = \"Size\" }",
    "line 10, facts.parties.size: found choices \"sizes\", expected one of: size"
)]
#[case::choices_without_options(
    "options.small = { zh-Hans = \"小\", zh-Hant = \"小\", en = \"small\" }\noptions.large = { zh-Hans = \"大\", zh-Hant = \"大\", en = \"large\" }",
    "options = {}",
    "line 7, choices.size.options: found no option, expected some\nline 30, \
     parameters.sizes.default[0]: found \"small\", expected one of: "
)]
#[case::option_called_other(
    "options.large",
    "options.other",
    "line 8, choices.size.options.other: \"other\" is what an open choice calls the values \
     not listed"
)]
#[case::choices_of_what_is_no_choice(
    "unit = \"CNY\"",
    "unit = \"CNY\"\nchoices = \"size\"",
    "line 15, facts.parties.sales: only a choice has the key \"choices\""
)]
#[case::unit_that_is_no_currency(
    "unit = \"CNY\"",
    "unit = \"yuan\"",
    "line 15, facts.parties.sales: found the unit \"yuan\"; expected a currency of ISO 4217, \
     such as CNY"
)]
#[case::unit_of_what_is_no_number(
    "type = \"amount\"\nunit = \"CNY\"",
    "type = \"flag\"\nunit = \"m\"",
    "line 15, facts.parties.sales: found the unit \"m\"; only numbers and amounts have one"
)]
#[case::list_without_of(
    "of = \"choice\"\n",
    "",
    "line 27, parameters.sizes: a list needs the key \"of\", the type of its entries\nline \
     30, parameters.sizes.default[0]: found the text \"small\", expected true or false"
)]
#[case::list_of_lists(
    "of = \"choice\"",
    "of = \"list\"",
    "line 27, parameters.sizes: a list or table holds single values only\nline 27, \
     parameters.sizes: only a choice has the key \"choices\"\nline 31, \
     parameters.sizes.default[0]: found the text \"small\", expected true or false"
)]
#[case::of_where_there_is_no_list(
    "type = \"decimal\"\nunit = \"%\"",
    "type = \"decimal\"\nof = \"decimal\"\nunit = \"%\"",
    "line 20, parameters.least: only a list has the key \"of\""
)]
#[case::table_without_columns(
    "columns.up_to = { type = \"integer\" }\ncolumns.rate = { type = \"decimal\", unit = \"%\" }\ndefault = [{ up_to = 1, rate = \"5%\" }]",
    "default = []",
    "line 35, parameters.steps: found a table without columns, expected some"
)]
#[case::columns_where_there_is_no_table(
    "of = \"choice\"",
    "of = \"choice\"\ncolumns.rate = { type = \"integer\" }",
    "line 27, parameters.sizes: only a table has the key \"columns\""
)]
#[case::table_with_a_unit(
    "type = \"table\"",
    "type = \"table\"\nunit = \"%\"",
    "line 35, parameters.steps: a table's units, choices and bounds stand with its columns"
)]
#[case::bound_of_what_has_no_order(
    "choices = \"size\"\nlabel",
    "choices = \"size\"\nmin = \"small\"\nlabel",
    "line 13, facts.parties.size.min: only numbers, dates and amounts have bounds"
)]
#[case::bound_of_another_type(
    "unit = \"CNY\"\nlabel",
    "unit = \"CNY\"\nmin = 5\nlabel",
    "line 18, facts.parties.sales.min: found the number 5, expected money such as \
     { \"amount\": \"1500000.00\", \"currency\": \"CNY\" }"
)]
#[case::bounds_the_wrong_way_round(
    "unit = \"%\"\ndefault",
    "unit = \"%\"\nmin = \"4%\"\nmax = \"2%\"\ndefault",
    "line 24, parameters.least.max: found less than \"min\"\nline 25, parameters.least.default: \
     found the text \"3%\", expected 4% to 2%"
)]
#[case::default_out_of_bounds(
    "unit = \"%\"\ndefault",
    "unit = \"%\"\nmin = \"4%\"\ndefault",
    "line 24, parameters.least.default: found the text \"3%\", expected at least 4%"
)]
#[case::sources_for_other_rows(
    "en = \"Steps\" }\nsource = \"ill: a sample\"",
    "en = \"Steps\" }\nsource = [\"ill: a sample\", \"pub: another\"]",
    "line 41, parameters.steps.source: found 2 sources, expected one, or one for each of 1 rows"
)]
#[case::source_that_is_no_text(
    "en = \"Steps\" }\nsource = \"ill: a sample\"",
    "en = \"Steps\" }\nsource = [1]",
    "line 41: found the number 1, expected a text such as \"pub: …\""
)]
#[case::payers_of_unknown_choices(
    "[clauses.big-enough]",
    "[registry]\nawards = [\"parties\"]\npayers = \"city\"\n[clauses.big-enough]",
    "line 45, registry.payers: found choices \"city\", expected one of: size"
)]
#[case::payers_of_nothing(
    "[clauses.big-enough]",
    "[registry]\npayers = \"size\"\n[clauses.big-enough]",
    "line 44, registry.payers: found who pays awards, but the policy reads none"
)]
#[case::default_of_another_type(
    "default = \"3%\"",
    "default = \"three\"",
    "line 23, parameters.least.default: found the text \"three\", expected a percentage in a \
     text, such as \"3.1%\""
)]
#[case::default_without_its_percent_sign(
    "default = \"3%\"",
    "default = \"3\"",
    "line 23, parameters.least.default: found the text \"3\", expected a percentage in a \
     text, such as \"3.1%\""
)]
#[case::default_that_is_no_option(
    "default = [\"small\"]",
    "default = [\"small\", \"tiny\"]",
    "line 31, parameters.sizes.default[1]: found \"tiny\", expected one of: small, large"
)]
#[case::default_with_a_value_missing(
    "{ up_to = 1, rate = \"5%\" }",
    "{ up_to = 1 }",
    "line 39, parameters.steps.default[0]: found a row with a value missing, expected every value"
)]
#[case::default_with_an_unknown_column(
    "{ up_to = 1, rate = \"5%\" }",
    "{ up_to = 1, rate = \"5%\", from = 0 }",
    "line 39, parameters.steps.default[0].from: found the key \"from\", expected one of \
     up_to, rate"
)]
fn a_value_that_is_declared_wrongly_is_said_to_be_so(
    #[case] from: &str,
    #[case] to: &str,
    #[case] said: &str,
) {
    assert_eq!(mistakes(from, to), said);
}
