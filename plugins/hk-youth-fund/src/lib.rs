//! Hong Kong's rules for funding young founders' start-ups.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (project, founder) = (case.project(), case.talent());
    let is_body = |party: Party| party.role().is(Role::Partner);
    let is_start_up = |party: Party| party.role().is(Role::Lead);
    let left_of = |limit, party| registry::left_of(limit, &party, |award| award.same_program);
    let ceiling_left = |body: Party| left_of(p.body_ceiling(), body);
    let cap_left = |start_up: Party| left_of(p.start_up_cap(), start_up);
    let matched = || project.body_adds().times(p.matching());

    ruling.clause(Clause::OneBody, case.one_party(is_body));
    ruling.clause(Clause::OneStartUp, case.one_party(is_start_up));
    let age = calendar::age(founder.born(), case.as_of());
    ruling.clause(Clause::FounderAge, age.between(p.min_age(), p.max_age()));
    ruling.clause(Clause::HongKongFounder, founder.permanent_resident().holds());
    for party in case.parties() {
        let (body, start_up) = (|| is_body(party), || is_start_up(party));
        let non_governmental = || party.non_governmental().holds();
        ruling.clause_for(Clause::NonGovernmental, &party, body().implies_that(non_governmental));
        let registered = || party.city().is(City::HongKong);
        ruling.clause_for(
            Clause::RegisteredInHongKong,
            &party,
            start_up().implies_that(registered),
        );
        let operates = || party.operates_in().is(City::HongKong);
        ruling.clause_for(Clause::RealBusiness, &party, start_up().implies_that(operates));
        let few_outsiders = || party.outside_share().at_most(p.max_outside_share());
        ruling.clause_for(Clause::OutsideShare, &party, start_up().implies_that(few_outsiders));
        let under_ceiling = || ceiling_left(party).more_than_nought();
        ruling.clause_for(Clause::BodyCeiling, &party, body().implies_that(under_ceiling));
        let under_cap = || cap_left(party).more_than_nought();
        ruling.clause_for(Clause::StartUpCap, &party, start_up().implies_that(under_cap));
    }
    ruling.clause(Clause::BodyAdds, matched().more_than_nought());

    let body = Maybe(case.parties().find(|party| is_body(*party) == Truth::Met));
    let start_up = Maybe(case.parties().find(|party| is_start_up(*party) == Truth::Met));
    let most = start_up.and_then(cap_left).min(body.and_then(ceiling_left));
    ruling.clause(Clause::MatchedInFull, matched().at_most(most));

    ruling.award(matched().min(most).min(registry::available(Fund::Youth)));
    if founder.city().is(City::HongKong) == Truth::Unmet {
        ruling.note(Note::LivesElsewhere);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn awarded(amounts: &[&str]) -> Vec<Award> {
        let award = |amount: &&str| Award {
            amount: hkd(amount),
            on: date(2025, 6, 1),
            same_program: true,
            payer: None,
        };
        amounts.iter().map(award).collect()
    }

    fn award(adds: &str, body: &[&str], start_up: &[&str], fund: &str) -> Option<Money> {
        Case::on(2026, 11, 1)
            .fund(Fund::Youth, hkd(fund))
            .project(|project| project.body_adds(hkd(adds)))
            .party(|party| party.role(Role::Partner).awarded(awarded(body)))
            .party(|party| party.role(Role::Lead).awarded(awarded(start_up)))
            .decide()
            .amount()
    }

    #[test]
    fn the_award_is_the_least_of_match_cap_ceiling_and_fund() {
        let of = |adds, body: &[&str], start_up: &[&str], fund| {
            award(adds, body, start_up, fund).expect("all is known")
        };
        // 3 × 100,000.01 = 300,000.03
        assert_eq!(of("100000.01", &[], &[], "9000000.00"), hkd("300000.03"));
        // 3 × 150,000.01 = 450,000.03, beyond 450,000 a start-up
        assert_eq!(of("150000.01", &[], &[], "9000000.00"), hkd("450000.00"));
        // 450,000 − 300,000 = 150,000
        assert_eq!(of("150000.00", &[], &["300000.00"], "9000000.00"), hkd("150000.00"));
        // 4,500,000 − 4,050,000 − 200,000.01 = 249,999.99
        let body = ["4050000.00", "200000.01"];
        assert_eq!(of("150000.00", &body, &[], "9000000.00"), hkd("249999.99"));
        assert_eq!(of("150000.00", &body, &[], "1234.56"), hkd("1234.56"));
        assert_eq!(of("150000.00", &["4500000.01"], &[], "9000000.00"), hkd("0.00"));
    }

    #[test]
    fn without_a_record_nobody_knows_what_is_left() {
        let case = Case::on(2026, 11, 1).project(|project| project.body_adds(hkd("100000.00")));
        let case = case.party(|party| party.role(Role::Partner));
        let ruling = case.party(|party| party.role(Role::Lead)).decide();
        assert_eq!(ruling.truth_for(Clause::BodyCeiling, 0), Truth::Undetermined);
        assert_eq!(ruling.truth_for(Clause::StartUpCap, 1), Truth::Undetermined);
        assert_eq!(ruling.truth_for(Clause::BodyCeiling, 1), Truth::Met);
        assert_eq!(ruling.amount(), None);
    }

    #[test]
    fn another_programs_awards_do_not_count() {
        let other = || {
            let award = |award| Award { same_program: false, ..award };
            awarded(&["4500000.00"]).into_iter().map(award).collect()
        };
        let case = Case::on(2026, 11, 1);
        let ruling = case.party(|party| party.role(Role::Partner).awarded(other())).decide();
        assert_eq!(ruling.truth_for(Clause::BodyCeiling, 0), Truth::Met);
    }

    #[test]
    fn a_founder_is_young_from_eighteen_until_the_day_before_forty() {
        let born = |day| {
            let case = Case::on(2026, 11, 1).talent(|founder| founder.born(day));
            case.decide().truth(Clause::FounderAge)
        };
        assert_eq!(born(date(2008, 11, 1)), Truth::Met);
        assert_eq!(born(date(2008, 11, 2)), Truth::Unmet);
        assert_eq!(born(date(1986, 11, 2)), Truth::Met);
        assert_eq!(born(date(1986, 11, 1)), Truth::Unmet);
    }

    #[test]
    fn a_start_up_is_registered_and_does_business_in_hong_kong_wherever_the_body_is() {
        let of = |city, operates_in| {
            let case = Case::on(2026, 11, 1)
                .party(|party| party.role(Role::Lead).city(city).operates_in(operates_in))
                .party(|party| party.role(Role::Partner).city(City::Shenzhen));
            let ruling = case.decide();
            assert_eq!(ruling.truth_for(Clause::RegisteredInHongKong, 1), Truth::Met);
            assert_eq!(ruling.truth_for(Clause::RealBusiness, 1), Truth::Met);
            let registered = ruling.truth_for(Clause::RegisteredInHongKong, 0);
            (registered, ruling.truth_for(Clause::RealBusiness, 0))
        };
        assert_eq!(of(City::HongKong, City::HongKong), (Truth::Met, Truth::Met));
        assert_eq!(of(City::HongKong, City::Guangzhou), (Truth::Met, Truth::Unmet));
        assert_eq!(of(City::Guangzhou, City::HongKong), (Truth::Unmet, Truth::Met));
    }
}
