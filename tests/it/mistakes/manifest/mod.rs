//! Every way in which a `policy.toml` can be wrong.

mod clauses;
mod promises;
mod values;

use concord_contract::manifest::Manifest;
use rstest::rstest;

use crate::support::guests;

const MANIFEST: &str = r#"id = "sample"
version = "1.0.0"
kind = "funding"
name = { zh-Hans = "样", zh-Hant = "樣", en = "Sample" }

[choices.size]
options.small = { zh-Hans = "小", zh-Hant = "小", en = "small" }
options.large = { zh-Hans = "大", zh-Hant = "大", en = "large" }

[facts.parties.size]
type = "choice"
choices = "size"
label = { zh-Hans = "规模", zh-Hant = "規模", en = "Size" }

[facts.parties.sales]
type = "amount"
unit = "CNY"
label = { zh-Hans = "销售", zh-Hant = "銷售", en = "Sales" }

[parameters.least]
type = "decimal"
unit = "%"
default = "3%"
label = { zh-Hans = "下限", zh-Hant = "下限", en = "Least" }
source = "ill: a sample"

[parameters.sizes]
type = "list"
of = "choice"
choices = "size"
default = ["small"]
label = { zh-Hans = "规模", zh-Hant = "規模", en = "Sizes" }
source = "ill: a sample"

[parameters.steps]
type = "table"
columns.up_to = { type = "integer" }
columns.rate = { type = "decimal", unit = "%" }
default = [{ up_to = 1, rate = "5%" }]
label = { zh-Hans = "档次", zh-Hant = "檔次", en = "Steps" }
source = "ill: a sample"

[clauses.big-enough]
group = "all"
each = "parties"
citation = "§ 1"
source = "ill: a sample"
title = { zh-Hans = "够大", zh-Hant = "夠大", en = "It is big enough" }
unmet = { zh-Hans = "不够大", zh-Hant = "不夠大", en = "It is not big enough" }
"#;

/// The manifest with a piece replaced, and what is found wrong with it.
fn mistakes(from: &str, to: &str) -> String {
    assert!(MANIFEST.contains(from), "{from}");
    let text = MANIFEST.replacen(from, to, 1);
    let mistakes = Manifest::parse(&text).map(|_| ()).unwrap_err();
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_samples_are_right_before_they_are_made_wrong() {
    assert!(Manifest::parse(MANIFEST).is_ok());
    assert!(Manifest::parse(&guests::OBEDIENT.manifest()).is_ok());
}

#[test]
fn all_mistakes_are_found_at_once() {
    let text = MANIFEST.replace("ill: a sample", "a sample").replace("1.0.0", "1");
    assert_eq!(Manifest::parse(&text).unwrap_err().len(), 5);
}

#[rstest]
#[case::not_toml(
    "id = \"sample\"",
    "id = sample\"",
    "line 1: missing opening quote, expected `\"`"
)]
#[case::unknown_key(
    "kind = \"funding\"",
    "kind = \"funding\"\nbudget = 5",
    "line 4: unknown field `budget`, expected one of `id`, `version`, `kind`, `name`, \
     `choices`, `facts`, `parameters`, `registry`, `clauses`, `promises`, `notes`, `entitlements`, \
     `tiers`, `criteria`"
)]
#[case::unknown_key_of_a_fact(
    "label = { zh-Hans = \"规模\"",
    "lable = \"x\"\nlabel = { zh-Hans = \"规模\"",
    "line 13: unknown field `lable`, expected one of `type`, `of`, `unit`, `choices`, \
     `min`, `max`, `columns`, `label`"
)]
#[case::missing_key("version = \"1.0.0\"\n", "", "line 1: missing field `version`")]
#[case::unknown_kind(
    "kind = \"funding\"",
    "kind = \"loan\"",
    "line 3: unknown variant `loan`, expected one of `funding`, `voucher`, `talent`, \
     `selection`, `matching`"
)]
#[case::bad_id(
    "id = \"sample\"",
    "id = \"Sample policy\"",
    "line 1, id: found \"Sample policy\", expected small letters, digits and hyphens"
)]
#[case::bad_version(
    "\"1.0.0\"",
    "\"1.0\"",
    "line 2, version: found \"1.0\", expected a version such as 1.0.0"
)]
#[case::missing_translation(", zh-Hant = \"樣\"", "", "line 4: missing field `zh-Hant`")]
#[case::empty_translation(
    "zh-Hant = \"樣\"",
    "zh-Hant = \" \"",
    "line 4, name.zh-Hant: found nothing, expected a text"
)]
#[case::further_language(
    "en = \"Sample\" }",
    "en = \"Sample\", fr = \"Exemple\" }",
    "line 4: unknown field `fr`, expected one of `zh-Hans`, `zh-Hant`, `en`"
)]
#[case::unknown_subject(
    "[facts.parties.sales]",
    "[facts.partners.sales]",
    "line 15: unknown variant `partners`, expected one of `project`, `parties`, `talent`, \
     `voucher`, `order`, `entry`, `supply`, `demand`"
)]
#[case::bad_type(
    "type = \"amount\"",
    "type = \"money\"",
    "line 16: unknown variant `money`, expected one of `flag`, `integer`, `decimal`, `text`, \
     `choice`, `date`, `amount`, `list`, `table`"
)]
#[case::bad_name_of_a_fact(
    "[facts.parties.sales]",
    "[facts.parties.Sales]",
    "line 15, facts.parties.Sales: found \"Sales\", expected small letters, digits and underscores"
)]
#[case::taken_name_of_a_fact(
    "[facts.parties.sales]",
    "[facts.parties.id]",
    "line 15, facts.parties.id: the fact \"id\" is the id of the entity that is named: a text"
)]
fn a_manifest_that_is_wrong_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(mistakes(from, to), said);
}
