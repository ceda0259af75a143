//! Promises that are declared wrongly.

use concord_contract::manifest::{Manifest, Property};
use rstest::rstest;

use super::MANIFEST;

const TEXT: &str = "text = { zh-Hans = \"诺\", zh-Hant = \"諾\", en = \"It holds\" }\n";

/// What is found wrong with the manifest when it has this promise too, or what is promised.
fn promise(keys: &str) -> Result<Vec<Property>, String> {
    let text = format!("{MANIFEST}\n[promises.sample]\n{keys}");
    match Manifest::parse(&text) {
        Ok(manifest) => Ok(manifest.promises.into_iter().map(|one| one.property).collect()),
        Err(mistakes) => {
            Err(mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
    }
}

#[rstest]
#[case::more("more = \"parties.sales\"", Property::More(1))]
#[case::less("less = \"parties.sales\"", Property::Less(1))]
#[case::swap("swap = [\"small\", \"large\"]", Property::Swap("small".into(), "large".into()))]
#[case::unaffected("unaffected_by = \"parties.size\"", Property::UnaffectedBy(0))]
fn a_promise_of_every_kind_is_read(#[case] keys: &str, #[case] property: Property) {
    assert_eq!(promise(&format!("{keys}\n{TEXT}")), Ok(vec![property]));
}

#[rstest]
#[case::single("amount", "unit = \"CNY\"", "{ amount = \"1.00\", currency = \"CNY\" }", "cap", 0)]
#[case::list("list", "of = \"amount\"\nunit = \"CNY\"", "[]", "cap", 0)]
#[case::table(
    "table",
    "columns = { from = { type = \"integer\" }, most = { type = \"amount\" } }",
    "[]",
    "cap.most",
    1
)]
fn a_limit_is_an_amount_a_list_or_the_column_of_a_table(
    #[case] ty: &str,
    #[case] keys: &str,
    #[case] default: &str,
    #[case] name: &str,
    #[case] column: usize,
) {
    let text = format!(
        "at_most = \"{name}\"\n{TEXT}\n[parameters.cap]\ntype = \"{ty}\"\n{keys}\n\
         default = {default}\nsource = \"ill: a sample\"\n\
         label = {{ zh-Hans = \"限\", zh-Hant = \"限\", en = \"Cap\" }}\n"
    );
    assert_eq!(promise(&text), Ok(vec![Property::AtMost { parameter: 3, column }]));
}

#[rstest]
#[case::none(
    "",
    "line 51, promises.sample: found none, expected one of more, less, swap, at_most or unaffected_by"
)]
#[case::two(
    "more = \"parties.sales\"\nat_most = \"least\"\n",
    "line 51, promises.sample: found more and at_most, expected one of more, less, swap, at_most or unaffected_by"
)]
#[case::unknown_kind(
    "never = \"parties.sales\"\n",
    "line 52: unknown field `never`, expected one of `more`, `less`, `swap`, `at_most`, `unaffected_by`, `text`"
)]
#[case::unknown_fact(
    "more = \"parties.turnover\"\n",
    "line 52, promises.sample.more: found the fact \"parties.turnover\", expected one of: parties.size, parties.sales"
)]
#[case::fact_without_subject(
    "unaffected_by = \"sales\"\n",
    "line 52, promises.sample.unaffected_by: found the fact \"sales\", expected one of: parties.size, parties.sales"
)]
#[case::fact_that_there_is_no_more_of(
    "less = \"parties.size\"\n",
    "line 52, promises.sample.less: found the fact \"parties.size\", expected an integer, a decimal, an amount or a date"
)]
#[case::option_that_nobody_has(
    "swap = [\"small\", \"medium\"]\n",
    "line 52, promises.sample.swap: found \"small\" and \"medium\", expected two options of one fact"
)]
#[case::option_for_itself(
    "swap = [\"small\", \"small\"]\n",
    "line 52, promises.sample.swap: found \"small\" and \"small\", expected two options of one fact"
)]
#[case::three_options(
    "swap = [\"small\", \"large\", \"small\"]\n",
    "line 52, promises.sample.swap: found 3 options, expected two of one fact"
)]
#[case::limit_that_is_no_amount(
    "at_most = \"least\"\n",
    "line 52, promises.sample.at_most: found the parameter \"least\", expected an amount: no parameter is one"
)]
#[case::limit_that_is_not_declared(
    "at_most = \"cap\"\n",
    "line 52, promises.sample.at_most: found the parameter \"cap\", expected an amount: no parameter is one"
)]
fn a_promise_that_is_declared_wrongly_is_said_to_be_so(#[case] keys: &str, #[case] said: &str) {
    assert_eq!(promise(&format!("{keys}{TEXT}")), Err(said.to_owned()));
}

#[test]
fn a_limit_that_names_a_table_is_told_its_columns() {
    let text = MANIFEST.replace("up_to = { type = \"integer\" }", "up_to = { type = \"amount\" }");
    let text = text.replace("up_to = 1,", "up_to = { amount = \"1.00\", currency = \"CNY\" },");
    let text = format!("{text}\n[promises.sample]\nat_most = \"steps\"\n{TEXT}");
    assert_eq!(
        Manifest::parse(&text).unwrap_err()[0].to_string(),
        "line 52, promises.sample.at_most: found the parameter \"steps\", expected an amount: steps.up_to"
    );
}

#[test]
fn a_promise_of_a_contest_limits_marks() {
    let text = MANIFEST.replace("kind = \"funding\"", "kind = \"selection\"");
    let with = |name: &str| {
        Manifest::parse(&format!("{text}\n[promises.sample]\nat_most = \"{name}\"\n{TEXT}"))
    };
    let promised = with("least").unwrap().promises.remove(0).property;
    assert_eq!(promised, Property::AtMost { parameter: 0, column: 0 });
    assert_eq!(
        with("sizes").unwrap_err()[0].to_string(),
        "line 52, promises.sample.at_most: found the parameter \"sizes\", expected a decimal: least, steps.rate"
    );
}

#[test]
fn the_id_of_an_entity_is_no_fact_to_promise_about() {
    let text = MANIFEST.replace(
        "[facts.parties.sales]\ntype = \"amount\"\nunit = \"CNY\"",
        "[facts.parties.id]\ntype = \"text\"",
    );
    let text = format!("{text}\n[promises.sample]\nunaffected_by = \"parties.id\"\n{TEXT}");
    assert_eq!(
        Manifest::parse(&text).unwrap_err()[0].to_string(),
        "line 51, promises.sample.unaffected_by: found the fact \"parties.id\", expected one of: parties.size"
    );
}

#[test]
fn a_promise_without_its_text_is_refused() {
    let said = promise("more = \"parties.sales\"\n").unwrap_err();
    assert_eq!(said, "line 51: missing field `text`");
    let said = promise(&format!("more = \"parties.sales\"\n{}", TEXT.replace("It holds", "")));
    assert_eq!(
        said.unwrap_err(),
        "line 53, promises.sample.text.en: found nothing, expected a text"
    );
}
