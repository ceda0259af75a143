//! Every way in which an entity file can be wrong.

use rstest::rstest;

use super::sample::{ENTITIES, changed, said_of_entities};

#[rstest]
#[case::unknown_key(
    "bureau = ",
    "office = ",
    "entities/all.toml, line 4, cities[0].office: unknown field `office`, expected one of \
     `id`, `name`, `bureau`, `currency`, `time_zone`"
)]
#[case::unknown_kind_of_entity(
    "[[vouchers]]",
    "[[coupons]]",
    "entities/all.toml, line 36, coupons: unknown field `coupons`, expected one of `cities`, \
     `funds`, `organisations`, `talents`, `projects`, `vouchers`, `resources`, `agreements`, \
     `rates`"
)]
#[case::bad_id(
    "id = \"firm\"",
    "id = \"The firm\"",
    "entities/all.toml, line 23, organisations[0].id: found \"The firm\", expected an id: \
     small letters, digits and hyphens, at most 64, a letter or digit first and last"
)]
#[case::id_given_twice(
    "id = \"there\"",
    "id = \"here\"",
    "entities/all.toml, line 9, cities[1].id: found \"here\" a second \
     time\nentities/all.toml, line 48, resources[0].city: found \"there\", which is not \
     among the cities"
)]
#[case::city_in_no_currency(
    "currency = \"HKD\"",
    "currency = \"dollars\"",
    "entities/all.toml, line 12, cities[1].currency: found \"dollars\", expected a currency \
     of ISO 4217"
)]
#[case::city_in_no_time_zone(
    "\"Asia/Hong_Kong\"",
    "\"Hongkong time\"",
    "entities/all.toml, line 13, cities[1].time_zone: found \"Hongkong time\", expected an \
     IANA time zone"
)]
#[case::organisation_of_an_unknown_city(
    "city = \"here\"\nkind = \"enterprise\"",
    "city = \"nowhere\"\nkind = \"enterprise\"",
    "entities/all.toml, line 25, organisations[0].city: found \"nowhere\", which is not \
     among the cities"
)]
#[case::missing_translation(
    ", zh-Hant = \"廠\"",
    "",
    "entities/all.toml, line 24, organisations[0].name: missing field `zh-Hant`"
)]
#[case::fund_of_an_unknown_city(
    "[{ city = \"here\", amount",
    "[{ city = \"nowhere\", amount",
    "entities/all.toml, line 19, funds[0].contributions[0].city: found \"nowhere\", which is \
     not among the cities"
)]
#[case::fund_that_is_overdrawn(
    "spent = \"4.00\"",
    "spent = \"-10.00\"",
    "entities/all.toml, line 19, funds[0].contributions[0].spent: found \"-10.00\", expected an amount of \
     CNY such as 1500000.00"
)]
#[case::fund_in_parts_of_a_fen(
    "spent = \"4.00\"",
    "spent = \"4.001\"",
    "entities/all.toml, line 19, funds[0].contributions[0].spent: found \"4.001\", expected an amount of \
     CNY such as 1500000.00"
)]
#[case::more_spent_than_put_in(
    "spent = \"4.00\"",
    "spent = \"10.01\"",
    "entities/all.toml, line 19, funds[0].contributions[0].spent: found more than the city put in"
)]
#[case::contribution_that_is_no_amount(
    "amount = \"10.00\",",
    "amount = \"ten\",",
    "entities/all.toml, line 19, funds[0].contributions[0].amount: found \"ten\", expected \
     an amount of CNY such as 1500000.00"
)]
#[case::amount_as_a_number(
    "amount = { amount = \"1.00\", currency",
    "amount = { amount = 1.00, currency",
    "entities/all.toml, line 27, organisations[0].awards[0].amount: found the number 1.0, \
     expected an amount in a text, such as \"1500000.00\""
)]
#[case::project_of_an_unknown_party(
    "parties = [\"firm\"]\n\n[[vouchers]]",
    "parties = [\"farm\"]\n\n[[vouchers]]",
    "entities/all.toml, line 34, projects[0].parties[0]: found \"farm\", which is not among \
     the organisations"
)]
#[case::voucher_of_an_unknown_holder(
    "holder = \"firm\"",
    "holder = \"farm\"",
    "entities/all.toml, line 40, vouchers[0].holder: found \"farm\", which is not among the \
     organisations"
)]
#[case::voucher_that_expires_before_it_is_issued(
    "expires = 2025-12-31",
    "expires = 2024-12-31",
    "entities/all.toml, line 42, vouchers[0].expires: found 2024-12-31, before the day of \
     issue 2025-01-01"
)]
#[case::date_that_is_none(
    "issued = 2025-01-01",
    "issued = \"soon\"",
    "entities/all.toml, line 41, vouchers[0].issued: found the text \"soon\", expected a \
     date such as 2026-11-01"
)]
#[case::resource_of_an_unknown_provider(
    "provider = \"firm\"",
    "provider = \"farm\"",
    "entities/all.toml, line 50, resources[0].provider: found \"farm\", which is not among \
     the organisations"
)]
#[case::agreement_on_an_unknown_project(
    "project = \"work\"",
    "project = \"wonk\"",
    "entities/all.toml, line 56, agreements[0].project: found \"wonk\", which is not among \
     the projects"
)]
#[case::agreement_without_a_step(
    "signed = 2025-01-01\nuntil = 2026-01-01",
    "",
    "entities/all.toml, line 52, agreements[0]: found none of intended, agreed and signed, expected the day \
     of one"
)]
#[case::agreement_signed_before_it_was_intended(
    "signed = 2025-01-01",
    "intended = 2025-01-02\nsigned = 2025-01-01",
    "entities/all.toml, line 58, agreements[0].signed: found a day before that of the step before it"
)]
#[case::agreement_that_ends_before_it_is_signed(
    "until = 2026-01-01",
    "until = 2024-01-01",
    "entities/all.toml, line 58, agreements[0].until: found a date before the day of signing"
)]
#[case::fact_that_stands_as_a_field_already(
    "rd_intensity = \"3.1%\"",
    "kind = \"institute\"",
    "entities/all.toml, line 29, organisations[0].facts.kind: the fact \"kind\" stands \
     beside the facts already, as a field"
)]
#[case::fact_that_may_lose_digits(
    "rd_intensity = \"3.1%\"",
    "rd_intensity = 3.1",
    "entities/all.toml, line 29, organisations[0].facts.rd_intensity: found a number that \
     may lose digits, expected a decimal in a text"
)]
fn an_entity_file_that_is_wrong_says_so(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    assert_eq!(said_of_entities(&changed(ENTITIES, from, to)), said);
}
