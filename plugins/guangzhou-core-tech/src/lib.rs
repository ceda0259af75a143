//! Guangzhou's rules for the Guangzhou–Foshan core technology fund.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let party_in = |city| case.any_party(|party| party.city().is(city));
    let leads = |party: Party| party.role().is(Role::Lead);
    // What this program has awarded the project, by the record, counts towards the cap.
    let cap_left = || registry::left_by_record(p.cap(), &project, |award| award.same_program);

    ruling.clause(Clause::BothCities, party_in(City::Guangzhou) & party_in(City::Foshan));
    ruling.clause(Clause::OneLead, case.one_party(leads));
    let long_enough = case.years_ago(p.min_years_registered());
    let registered = |party: Party| party.registered().at_most(long_enough);
    ruling.clause(
        Clause::LeadRegistered,
        case.every_party(|party| leads(party).implies_that(|| registered(party))),
    );
    for party in case.parties() {
        let firm = || party.kind().is(PartyKind::Enterprise);
        let rd = || party.rd_intensity();
        let reaches = |bracket: ParamsRdBracketsRow| {
            party.sales().more_than(bracket.sales_to()).or_else(|| rd().at_least(bracket.rate()))
        };
        let spends_enough = || {
            rd().at_least(p.min_rd_intensity())
                .and_then(|| Truth::every(p.rd_brackets().map(reaches)))
        };
        ruling.clause_for(Clause::RdIntensity, &party, firm().implies_that(spends_enough));
        ruling.clause_for(
            Clause::RdInChina,
            &party,
            firm().implies_that(|| party.rd_in_china().at_least(p.min_rd_in_china())),
        );
        ruling.clause_for(
            Clause::ScienceStaff,
            &party,
            firm().implies_that(|| party.science_staff().at_least(p.min_science_staff())),
        );
    }
    ruling.clause(Clause::Maturity, project.trl().between(p.min_trl(), p.max_trl()));
    ruling.clause(Clause::FieldOnList, project.sector().one_of(p.sectors()));
    // A project that no record is kept of goes by what is declared.
    let funded = registry::awarded_elsewhere(&project) | project.funded_elsewhere().holds();
    ruling.clause(Clause::NotFundedElsewhere, !funded);
    ruling.clause(Clause::AmountRequested, project.requested().more_than_nought());
    ruling.clause(Clause::WithinCap, project.requested().at_most(cap_left()));

    ruling.award(project.requested().min(cap_left()).min(registry::available(Fund::Joint)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn firm(party: case_builder::PartyBuilder<'_>) -> case_builder::PartyBuilder<'_> {
        party
            .kind(PartyKind::Enterprise)
            .registered(date(2019, 5, 6))
            .sales(cny("120000000.00"))
            .rd_intensity(decimal("4.2%"))
    }

    #[test]
    fn both_cities_must_take_part() {
        let of = |second| {
            Case::on(2026, 11, 1)
                .party(|party| party.role(Role::Lead).city(City::Guangzhou))
                .party(|party| party.role(Role::Partner).city(second))
                .decide()
        };
        assert_eq!(of(City::Foshan).truth(Clause::BothCities), Truth::Met);
        assert_eq!(of(City::Guangzhou).truth(Clause::BothCities), Truth::Unmet);
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::BothCities), Truth::Undetermined);
    }

    #[test]
    fn exactly_one_party_leads_and_no_young_lead_hides_behind_another() {
        let of = |leads: &[Date]| {
            let mut case = Case::on(2026, 11, 1).no_parties();
            for registered in leads {
                case = case.party(|party| party.role(Role::Lead).registered(*registered));
            }
            let ruling = case.decide();
            (ruling.truth(Clause::OneLead), ruling.truth(Clause::LeadRegistered))
        };
        let (old, young) = (date(2019, 5, 6), date(2026, 10, 30));
        assert_eq!(of(&[]), (Truth::Unmet, Truth::Met));
        assert_eq!(of(&[old]), (Truth::Met, Truth::Met));
        assert_eq!(of(&[young]), (Truth::Met, Truth::Unmet));
        assert_eq!(of(&[old, old]), (Truth::Unmet, Truth::Met));
        assert_eq!(of(&[old, young]), (Truth::Unmet, Truth::Unmet));
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::OneLead), Truth::Undetermined);
        assert_eq!(unknown.truth(Clause::LeadRegistered), Truth::Undetermined);
    }

    #[test]
    fn the_smaller_the_sales_the_more_of_them_must_go_into_research() {
        let at = |sales, rate| {
            let case = Case::on(2026, 11, 1);
            let case = case.party(|p| firm(p).sales(cny(sales)).rd_intensity(decimal(rate)));
            case.decide().truth_for(Clause::RdIntensity, 0)
        };
        assert_eq!(at("50000000.00", "4.9%"), Truth::Unmet);
        assert_eq!(at("50000000.00", "5%"), Truth::Met);
        assert_eq!(at("50000000.01", "4%"), Truth::Met);
        assert_eq!(at("200000000.01", "3%"), Truth::Met);
        assert_eq!(at("200000000.01", "2.9%"), Truth::Unmet);
    }

    #[test]
    fn an_institute_need_not_spend_on_research() {
        let case = Case::on(2026, 11, 1).party(|party| party.kind(PartyKind::Institute));
        assert_eq!(case.decide().truth_for(Clause::RdIntensity, 0), Truth::Met);
    }

    #[test]
    fn a_record_of_other_money_outweighs_the_declaration() {
        let of = |same_program| {
            let amount = cny("300000.00");
            let award = Award { amount, on: date(2025, 6, 1), same_program, payer: None };
            let case = Case::on(2026, 11, 1);
            let case = case.project(|p| p.funded_elsewhere(false).awarded(vec![award]));
            case.decide().truth(Clause::NotFundedElsewhere)
        };
        assert_eq!(of(false), Truth::Unmet);
        assert_eq!(of(true), Truth::Met);
        let undeclared = Case::on(2026, 11, 1).project(|p| p.awarded(vec![])).decide();
        assert_eq!(undeclared.truth(Clause::NotFundedElsewhere), Truth::Undetermined);
        let no_record = Case::on(2026, 11, 1).project(|p| p.funded_elsewhere(false)).decide();
        assert_eq!(no_record.truth(Clause::NotFundedElsewhere), Truth::Met);
    }

    #[test]
    fn the_award_is_what_is_asked_for_while_the_fund_lasts() {
        let with = |available| {
            let case = Case::on(2026, 11, 1).project(|p| p.requested(cny("1500000.00")));
            case.fund(Fund::Joint, cny(available)).decide().amount()
        };
        assert_eq!(with("9000000.00"), Some(cny("1500000.00")));
        assert_eq!(with("700000.00"), Some(cny("700000.00")));
    }

    #[test]
    fn what_this_program_awarded_the_project_counts_towards_the_cap() {
        let asking = |amount, before: &[&str]| {
            let award = |amount: &&str| {
                let (amount, on) = (cny(amount), date(2025, 6, 1));
                Award { amount, on, same_program: true, payer: None }
            };
            let awards = before.iter().map(award).collect();
            let case = Case::on(2026, 11, 1).fund(Fund::Joint, cny("9000000.00"));
            let case = case.project(|p| p.requested(cny(amount)).awarded(awards));
            let ruling = case.decide();
            (ruling.truth(Clause::WithinCap), ruling.amount())
        };
        assert_eq!(asking("2000000.00", &[]), (Truth::Met, Some(cny("2000000.00"))));
        assert_eq!(asking("2000000.01", &[]), (Truth::Unmet, Some(cny("2000000.00"))));
        assert_eq!(asking("500000.00", &["1500000.00"]), (Truth::Met, Some(cny("500000.00"))));
        assert_eq!(asking("500000.01", &["1500000.00"]), (Truth::Unmet, Some(cny("500000.00"))));
        assert_eq!(asking("0.01", &["1500000.00", "500000.00"]), (Truth::Unmet, Some(cny("0.00"))));
        let no_record = Case::on(2026, 11, 1).project(|p| p.requested(cny("2000000.00")));
        assert_eq!(no_record.decide().truth(Clause::WithinCap), Truth::Met);
    }
}
