//! Rules of Hong Kong's Technology Voucher Programme.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let applies = |party: Party| party.role().is(Role::Applicant);
    let ours = |award: &registry::Award| award.same_program;
    // By the record and by the declaration: what leaves less counts.
    let funding_left = |party: Party| {
        let declared = Maybe::from(p.ceiling()).minus(party.received().min(p.ceiling()));
        smaller(registry::left_of(p.ceiling(), &party, ours), declared)
    };
    let projects_left = |party: Party| {
        let approved = registry::awards(&party).map(|all| all.into_iter().filter(ours));
        let left = |used| Maybe::from(p.max_projects()).minus(used);
        smaller(left(approved.map(|all| all.map(|_| 1).sum())), left(party.projects().into()))
    };

    ruling.clause(Clause::OneApplicant, case.one_party(applies));
    for party in case.parties() {
        let mut ask = |clause, holds: &dyn Fn() -> Truth| {
            ruling.clause_for(clause, &party, applies(party).implies_that(holds));
        };
        ask(Clause::RegisteredInHongKong, &|| party.city().is(City::HongKong));
        ask(Clause::RealBusiness, &|| party.local_business().holds());
        ask(Clause::NotStockListed, &|| !party.stock_listed().holds());
        ask(Clause::NotPubliclyFunded, &|| !party.publicly_funded().holds());
        ask(Clause::OneAtATime, &|| !party.project_running().holds());
        ask(Clause::ProjectsLeft, &|| projects_left(party).at_least(1));
        ask(Clause::FundingLeft, &|| funding_left(party).more_than_nought());
    }
    let matched = || case.order().cost().times_ratio(p.matching(), p.matching() + 1);
    ruling.clause(Clause::ProjectCost, matched().more_than_nought());

    let applicant = Maybe(case.parties().find(|party| applies(*party) == Truth::Met));
    let left = applicant.and_then(funding_left);
    ruling.clause(Clause::CeilingSuffices, left.at_least(matched()));

    ruling.cover(matched().min(left));
}

/// The smaller of record and declaration; the one that is known where the other is not.
fn smaller<T: PartialOrd + Copy>(record: Maybe<T>, declared: Maybe<T>) -> Maybe<T> {
    Maybe(record.0.or(declared.0)).min(Maybe(declared.0.or(record.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn case(received: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1)
            .party(|party| party.role(Role::Applicant).received(hkd(received)).projects(2))
    }

    fn cover(received: &str, cost: &str) -> Option<Money> {
        case(received).order(|order| order.cost(hkd(cost))).decide().amount()
    }

    fn old_cover(received: &str, cost: &str) -> Option<Money> {
        let case = case(received).order(|order| order.cost(hkd(cost)));
        case.with(|p| p.matching(2).ceiling(hkd("400000.00")).max_projects(4)).decide().amount()
    }

    fn award(amount: &str, same_program: bool) -> Award {
        Award { amount: hkd(amount), on: date(2021, 6, 1), same_program, payer: None }
    }

    #[test]
    fn three_parts_in_four_or_two_in_three_cut_down_to_the_cent() {
        assert_eq!(cover("0.00", "200000.00"), Some(hkd("150000.00")));
        assert_eq!(old_cover("0.00", "300000.00"), Some(hkd("200000.00")));
        // 200,000 × 2 ÷ 3 is 133,333.33 and a third of a cent; 200,000.01 × 2 ÷ 3 is 133,333.34.
        assert_eq!(old_cover("0.00", "200000.00"), Some(hkd("133333.33")));
        assert_eq!(old_cover("0.00", "200000.01"), Some(hkd("133333.34")));
        // 0.07 × 3 ÷ 4 is 5 and a quarter cents; 0.05 × 2 ÷ 3 is 3 and a third.
        assert_eq!(cover("0.00", "0.07"), Some(hkd("0.05")));
        assert_eq!(old_cover("0.00", "0.05"), Some(hkd("0.03")));
    }

    #[test]
    fn no_more_is_paid_than_is_left_of_the_ceiling() {
        assert_eq!(cover("0.00", "900000.00"), Some(hkd("600000.00")));
        assert_eq!(cover("450000.00", "200000.00"), Some(hkd("150000.00")));
        assert_eq!(cover("450000.01", "200000.00"), Some(hkd("149999.99")));
        assert_eq!(cover("600000.01", "200000.00"), Some(hkd("0.00")));
        assert_eq!(old_cover("350000.00", "200000.00"), Some(hkd("50000.00")));
    }

    #[test]
    fn whoever_used_up_the_old_ceiling_has_some_of_the_new() {
        let used_up = || {
            Case::on(2026, 11, 1)
                .party(|party| party.role(Role::Applicant).received(hkd("400000.00")).projects(4))
        };
        let truths = |ruling: Reported| {
            (ruling.truth_for(Clause::FundingLeft, 0), ruling.truth_for(Clause::ProjectsLeft, 0))
        };
        let old = used_up().with(|p| p.ceiling(hkd("400000.00")).max_projects(4)).decide();
        assert_eq!(truths(old), (Truth::Unmet, Truth::Unmet));
        assert_eq!(truths(used_up().decide()), (Truth::Met, Truth::Met));
    }

    #[test]
    fn the_larger_of_record_and_declaration_counts() {
        let with = |declared: &str, awards: Vec<Award>| {
            let case = Case::on(2026, 11, 1).order(|order| order.cost(hkd("1000000.00")));
            let case = case
                .party(|party| party.role(Role::Applicant).received(hkd(declared)).awarded(awards));
            case.decide().amount()
        };
        let two = || vec![award("150000.00", true), award("100000.00", true)];
        assert_eq!(with("0.00", two()), Some(hkd("350000.00")));
        assert_eq!(with("260000.00", two()), Some(hkd("340000.00")));
        assert_eq!(with("0.00", vec![award("500000.00", false)]), Some(hkd("600000.00")));
    }

    #[test]
    fn a_record_does_without_a_declaration_and_the_other_way_round() {
        let of = |case: case_builder::CaseBuilder| {
            let ruling = case.decide();
            (ruling.truth_for(Clause::FundingLeft, 0), ruling.truth_for(Clause::ProjectsLeft, 0))
        };
        let party = || Case::on(2026, 11, 1).party(|party| party.role(Role::Applicant));
        let recorded = Case::on(2026, 11, 1)
            .party(|party| party.role(Role::Applicant).awarded(vec![award("600000.00", true)]));
        assert_eq!(of(recorded), (Truth::Unmet, Truth::Met));
        assert_eq!(of(case("0.00")), (Truth::Met, Truth::Met));
        assert_eq!(of(party()), (Truth::Undetermined, Truth::Undetermined));
    }

    #[test]
    fn nothing_is_asked_of_the_provider() {
        let case = case("0.00").party(|party| {
            party.role(Role::Provider).city(City::Other).stock_listed(true).projects(9)
        });
        let ruling = case.decide();
        assert_eq!(ruling.truth_for(Clause::RegisteredInHongKong, 1), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::NotStockListed, 1), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::ProjectsLeft, 1), Truth::Met);
    }
}
