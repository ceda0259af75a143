//! Guangzhou's rules for supporting the firms on its list of hard-tech firms.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let is_firm = |party: Party| party.kind().is(PartyKind::Enterprise);
    let on_offer = |sought: Fact<Finance>| sought.one_of(p.finance_on_offer());

    ruling.clause(Clause::OneFirm, case.one_party(is_firm));
    for party in case.parties() {
        // Of a party that is no firm nothing more is asked.
        let mut ask = |clause, meets: &dyn Fn() -> Truth| {
            ruling.clause_for(clause, &party, is_firm(party).implies_that(meets));
        };
        ask(Clause::OnList, &|| party.hard_tech_listed().holds());
        ask(Clause::RegisteredHere, &|| party.city().is(City::Guangzhou));
        ask(Clause::OperatesHere, &|| party.operates_in().is(City::Guangzhou));
        ask(Clause::NationalDirection, &|| party.sector().one_of(p.sectors()));
        ask(Clause::IndustryGrasp, &|| party.industry_grasp().at_least(p.min_industry_grasp()));
        ask(Clause::TechnicalDepth, &|| party.technical_depth().at_least(p.min_technical_depth()));
        ask(Clause::MarketSkill, &|| party.market_skill().at_least(p.min_market_skill()));
        ask(Clause::Fulcrum, &|| party.fulcrum().holds());
        ask(Clause::RealNeed, &|| party.real_need().holds());
        ask(Clause::FinanceOnOffer, &|| party.finance_sought().every(on_offer));
    }

    // Whoever is on the list has policy, services and settling in; the others are for those who can use them.
    let listed_and = |meets: &dyn Fn(Party) -> Truth| {
        case.any_party(|party| {
            let listed = || party.hard_tech_listed().holds();
            is_firm(party).and_then(listed).and_then(|| meets(party))
        })
    };
    let listed = listed_and(&|_| Truth::Met);
    for support in [Entitlement::Policy, Entitlement::Services, Entitlement::SettlingIn] {
        ruling.entitle(support, listed);
    }
    let finance = listed_and(&|firm| firm.finance_sought().any(on_offer));
    ruling.entitle(Entitlement::Finance, finance);
    ruling.entitle(Entitlement::Publicity, listed_and(&|firm| firm.may_be_named().holds()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn listed(party: case_builder::PartyBuilder<'_>) -> case_builder::PartyBuilder<'_> {
        party.kind(PartyKind::Enterprise).hard_tech_listed(true)
    }

    #[test]
    fn one_of_the_parties_is_a_firm_and_no_more_than_one() {
        let of = |kinds: &[PartyKind]| {
            let mut case = Case::on(2026, 11, 1).no_parties();
            for kind in kinds {
                case = case.party(|party| party.kind(*kind));
            }
            case.decide().truth(Clause::OneFirm)
        };
        assert_eq!(of(&[]), Truth::Unmet);
        assert_eq!(of(&[PartyKind::Enterprise]), Truth::Met);
        assert_eq!(of(&[PartyKind::Institute]), Truth::Unmet);
        assert_eq!(of(&[PartyKind::Institute, PartyKind::Enterprise]), Truth::Met);
        assert_eq!(of(&[PartyKind::Enterprise, PartyKind::Enterprise]), Truth::Unmet);
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::OneFirm), Truth::Undetermined);
    }

    #[test]
    fn of_a_party_that_is_no_firm_nothing_more_is_asked() {
        let case = Case::on(2026, 11, 1).party(|party| {
            party.kind(PartyKind::ServiceBody).city(City::HongKong).hard_tech_listed(true)
        });
        let ruling = case.decide();
        assert_eq!(ruling.truth_for(Clause::RegisteredHere, 0), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::MarketSkill, 0), Truth::Met);
        assert_eq!(ruling.due(Entitlement::Policy), Truth::Unmet);
    }

    #[test]
    fn the_five_supports_go_to_those_listed_who_can_use_them() {
        let due = |is_listed: bool| {
            let case = Case::on(2026, 11, 1).party(|party| {
                let party = listed(party).hard_tech_listed(is_listed).may_be_named(true);
                party.finance_sought(vec![Finance::Other, Finance::Leasing])
            });
            let ruling = case.decide();
            [
                Entitlement::Policy,
                Entitlement::Finance,
                Entitlement::Services,
                Entitlement::Publicity,
                Entitlement::SettlingIn,
            ]
            .map(|support| ruling.due(support))
        };
        assert_eq!(due(true), [Truth::Met; 5]);
        assert_eq!(due(false), [Truth::Unmet; 5]);
    }

    #[test]
    fn finance_that_is_not_on_offer_is_left_out() {
        let of = |sought: &[Finance]| {
            let case = Case::on(2026, 11, 1);
            let ruling = case.party(|party| listed(party).finance_sought(sought.to_vec())).decide();
            (ruling.truth_for(Clause::FinanceOnOffer, 0), ruling.due(Entitlement::Finance))
        };
        assert_eq!(of(&[Finance::Listing, Finance::Guarantees]), (Truth::Met, Truth::Met));
        assert_eq!(of(&[Finance::Listing, Finance::Other]), (Truth::Unmet, Truth::Met));
        assert_eq!(of(&[Finance::Other]), (Truth::Unmet, Truth::Unmet));
        assert_eq!(of(&[]), (Truth::Met, Truth::Unmet));
    }

    #[test]
    fn a_firm_is_registered_in_guangzhou_and_has_its_operations_there() {
        let of = |city, operates_in| {
            let case = Case::on(2026, 11, 1);
            let case = case.party(|party| listed(party).city(city).operates_in(operates_in));
            let ruling = case.decide();
            let truth = |clause| ruling.truth_for(clause, 0);
            (truth(Clause::RegisteredHere), truth(Clause::OperatesHere))
        };
        assert_eq!(of(City::Guangzhou, City::Guangzhou), (Truth::Met, Truth::Met));
        assert_eq!(of(City::Guangzhou, City::HongKong), (Truth::Met, Truth::Unmet));
        assert_eq!(of(City::HongKong, City::Guangzhou), (Truth::Unmet, Truth::Met));
        assert_eq!(of(City::Other, City::Other), (Truth::Unmet, Truth::Unmet));
    }

    #[test]
    fn each_side_of_the_team_has_its_own_least_score() {
        let case = Case::on(2026, 11, 1).party(|party| {
            let party = listed(party).industry_grasp(decimal("60"));
            party.technical_depth(decimal("100")).market_skill(decimal("59.99"))
        });
        let ruling = case.decide();
        assert_eq!(ruling.truth_for(Clause::IndustryGrasp, 0), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::TechnicalDepth, 0), Truth::Met);
        assert_eq!(ruling.truth_for(Clause::MarketSkill, 0), Truth::Unmet);
    }
}
