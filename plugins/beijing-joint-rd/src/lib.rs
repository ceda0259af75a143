//! Beijing's rules for joint research topics with Hong Kong, Macao and Taiwan.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let applies = |party: Party| party.role().one_of([Role::Lead, Role::Partner]);
    let own = |party: Party| party.city().is(City::Beijing).and_then(|| applies(party));
    let partner =
        |party: Party| party.city().one_of(p.partner_places()).and_then(|| applies(party));

    ruling.clause(Clause::OneApplicant, case.one_party(own));
    ruling.clause(Clause::PartnerOutside, case.any_party(partner));
    let has_applied = |party: Party| party.applied().at_most(case.as_of());
    let days_apart = |one: Party, other: Party| {
        let dates = one.applied().get().zip(other.applied().get());
        Maybe(dates.map(|(one, other)| calendar::days_between(one, other)))
    };
    // Industry pays its share of the cost where the request is no more than the rest of it.
    let asked = || project.requested_cny();
    let industry_pays = |share: Decimal, party: Party| {
        let cost = asked().plus(party.industry_cny());
        asked().at_most(cost.times(Decimal::ONE - share))
    };
    for party in case.parties() {
        let mut ask = |clause, holds: &dyn Fn() -> Truth| {
            ruling.clause_for(clause, &party, own(party).implies_that(holds));
        };
        ask(Clause::KindOfApplicant, &|| party.kind().one_of(p.kinds()));
        ask(Clause::DoesResearch, &|| party.does_research().holds());
        let with = |other: Party| {
            has_applied(other).and_then(|| days_apart(party, other).at_most(p.max_days_apart()))
        };
        let with_partners =
            || case.every_party(|other| partner(other).implies_that(|| with(other)));
        ask(Clause::AppliedTogether, &|| has_applied(party).and_then(with_partners));
        ask(Clause::IndustryPays, &|| industry_pays(p.min_industry(), party));
        let pays_to_own = || industry_pays(p.min_industry_to_own(), party);
        let to_industry = || project.rights_to_industry().holds();
        ask(Clause::IndustryMayOwn, &|| to_industry().implies_that(pays_to_own));
    }
    ruling.clause(Clause::Term, project.months().between(1, p.max_months()));
    ruling.clause(Clause::AmountRequested, asked().more_than_nought());
    // What this program has awarded the project in this currency, by the record, counts towards the cap.
    let cap = p.cap();
    let counts =
        |award: &registry::Award| award.same_program && award.amount.currency == cap.currency;
    let cap_left = || registry::left_by_record(cap, &project, counts);
    ruling.clause(Clause::WithinCap, asked().at_most(cap_left()));

    ruling.award(asked().min(cap_left()).min(registry::available(Fund::Topics)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn own(industry: &str, requested: &str, to_industry: bool) -> Reported {
        Case::on(2026, 11, 1)
            .fund(Fund::Topics, cny("1000000.00"))
            .project(|project| {
                project.requested_cny(cny(requested)).rights_to_industry(to_industry)
            })
            .party(|party| party.role(Role::Lead).city(City::Beijing).industry_cny(cny(industry)))
            .decide()
    }

    #[test]
    fn industry_pays_a_tenth_of_the_cost_to_the_last_fen() {
        let pays = |industry, requested| {
            own(industry, requested, false).truth_for(Clause::IndustryPays, 0)
        };
        // 90 % of 900,000 + 100,000 is 900,000; of 900,000.01 + 100,000 it is 900,000.009.
        assert_eq!(pays("100000.00", "900000.00"), Truth::Met);
        assert_eq!(pays("100000.00", "900000.01"), Truth::Unmet);
        // 90 % of 90.04 + 10.00 is 90.036, less than 90.04; of 90.04 + 10.01 it is 90.045.
        assert_eq!(pays("10.00", "90.04"), Truth::Unmet);
        assert_eq!(pays("10.01", "90.04"), Truth::Met);
    }

    #[test]
    fn industry_owns_the_results_only_for_half_of_the_cost() {
        let may = |industry, to_industry| {
            own(industry, "500000.00", to_industry).truth_for(Clause::IndustryMayOwn, 0)
        };
        assert_eq!(may("500000.00", true), Truth::Met);
        assert_eq!(may("499999.99", true), Truth::Unmet);
        assert_eq!(may("0.00", false), Truth::Met);
    }

    #[test]
    fn the_award_is_the_least_of_request_cap_and_fund() {
        assert_eq!(own("0.00", "800000.01", false).amount(), Some(cny("800000.01")));
        assert_eq!(own("0.00", "9000000.00", false).amount(), Some(cny("1000000.00")));
        let capped = Case::on(2026, 11, 1)
            .fund(Fund::Topics, cny("50000000.00"))
            .project(|project| project.requested_cny(cny("9000000.00")));
        assert_eq!(capped.decide().amount(), Some(cny("1500000.00")));
    }

    #[test]
    fn both_sides_have_applied_within_thirty_days_whoever_was_first() {
        let of = |ours, theirs| {
            let case = Case::on(2026, 11, 1);
            let case = case.party(|party| party.role(Role::Lead).city(City::Beijing).applied(ours));
            let case =
                case.party(|party| party.role(Role::Partner).city(City::HongKong).applied(theirs));
            case.decide().truth_for(Clause::AppliedTogether, 0)
        };
        assert_eq!(of(date(2026, 10, 1), date(2026, 10, 31)), Truth::Met);
        assert_eq!(of(date(2026, 9, 30), date(2026, 10, 31)), Truth::Unmet);
        assert_eq!(of(date(2026, 10, 31), date(2026, 9, 30)), Truth::Unmet);
        assert_eq!(of(date(2026, 11, 1), date(2026, 11, 2)), Truth::Unmet);
    }

    #[test]
    fn each_place_rules_on_its_own_applicant() {
        let ruling = Case::on(2026, 11, 1)
            .party(|party| {
                let party = party.role(Role::Partner).city(City::HongKong);
                party.kind(PartyKind::Investor).does_research(false)
            })
            .decide();
        assert_eq!(ruling.truth_for(Clause::KindOfApplicant, 0), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::DoesResearch, 0), Truth::Met);
        assert_eq!(ruling.truth(Clause::PartnerOutside), Truth::Met);
        assert_eq!(ruling.truth(Clause::OneApplicant), Truth::Unmet);
    }
}
