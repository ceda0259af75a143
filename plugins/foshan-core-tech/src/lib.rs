//! Foshan's rules for the Guangzhou–Foshan core technology fund.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let party_in = |city| case.any_party(|party| party.city().is(city));
    let leads = |party: Party| party.role().is(Role::Lead);
    // What this program has awarded the project, by the record, counts towards the cap.
    let cap_left = || registry::left_by_record(p.cap(), &project, |award| award.same_program);

    ruling.clause(Clause::BothCities, party_in(City::Guangzhou) & party_in(City::Foshan));
    ruling.clause(Clause::FieldOnList, project.sector().one_of(p.sectors()));
    ruling.clause(Clause::AdvancedManufacturing, project.advanced_manufacturing().holds());
    ruling.clause(Clause::Maturity, project.trl().between(p.min_trl(), p.max_trl()));
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
    // A project that no record is kept of goes by what is declared.
    let funded = registry::awarded_elsewhere(&project) | project.funded_elsewhere().holds();
    ruling.clause(Clause::NotFundedElsewhere, !funded);
    ruling.clause(Clause::AmountRequested, project.requested().more_than_nought());
    ruling.clause(Clause::WithinCap, project.requested().at_most(cap_left()));
    let does_research =
        |party: Party| party.kind().one_of([PartyKind::University, PartyKind::Institute]);
    ruling.clause(Clause::ResearchPartner, case.any_party(does_research));

    ruling.award(project.requested().min(cap_left()).min(registry::available(Fund::Joint)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn awarded(same_program: bool) -> Vec<Award> {
        vec![Award { amount: cny("300000.00"), on: date(2025, 6, 1), same_program, payer: None }]
    }

    #[test]
    fn the_two_cities_are_interchangeable() {
        let of = |lead, partner| {
            Case::on(2026, 11, 1)
                .party(|party| party.role(Role::Lead).city(lead).registered(date(2019, 5, 6)))
                .party(|party| party.role(Role::Partner).city(partner))
                .decide()
        };
        for (lead, partner) in [(City::Foshan, City::Guangzhou), (City::Guangzhou, City::Foshan)] {
            let ruling = of(lead, partner);
            assert_eq!(ruling.truth(Clause::BothCities), Truth::Met);
            assert_eq!(ruling.truth(Clause::LeadRegistered), Truth::Met);
        }
        assert_eq!(of(City::Foshan, City::Foshan).truth(Clause::BothCities), Truth::Unmet);
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
    fn a_field_off_the_list_may_still_serve_advanced_manufacturing() {
        let case = Case::on(2026, 11, 1);
        let case = case.project(|p| p.sector(Sector::NewMaterials).advanced_manufacturing(true));
        let ruling = case.decide();
        assert_eq!(ruling.truth(Clause::FieldOnList), Truth::Unmet);
        assert_eq!(ruling.truth(Clause::AdvancedManufacturing), Truth::Met);
    }

    #[test]
    fn a_record_of_other_money_outweighs_the_declaration() {
        let with = |awards| {
            let case = Case::on(2026, 11, 1);
            let case = case.project(|p| p.funded_elsewhere(false).awarded(awards));
            case.decide().truth(Clause::NotFundedElsewhere)
        };
        assert_eq!(with(awarded(false)), Truth::Unmet);
        assert_eq!(with(awarded(true)), Truth::Met);
        let undeclared = Case::on(2026, 11, 1).project(|p| p.awarded(vec![]));
        let undeclared = undeclared.decide();
        assert_eq!(undeclared.truth(Clause::NotFundedElsewhere), Truth::Undetermined);
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
