//! Guangzhou's rules for supporting the firms on its list of hard-tech firms.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let firms = || case.every_party(|party| party.kind().is(PartyKind::Enterprise));
    ruling.clause(Clause::OneFirm, case.count_parties().is(1).and_then(firms));

    let here = |firm: Party| firm.city().is(City::Guangzhou);
    let settles = |firm: Party| firm.settles_in_guangzhou().holds();
    for firm in case.parties() {
        ruling.clause_for(Clause::OnList, &firm, firm.hard_tech_listed().holds());
        ruling.clause_for(Clause::Seat, &firm, here(firm).or_else(|| settles(firm)));
        let fits = firm.sector().one_of(p.sectors());
        ruling.clause_for(Clause::NationalDirection, &firm, fits);
        let grasp = firm.industry_grasp().at_least(p.min_industry_grasp());
        ruling.clause_for(Clause::IndustryGrasp, &firm, grasp);
        let depth = firm.technical_depth().at_least(p.min_technical_depth());
        ruling.clause_for(Clause::TechnicalDepth, &firm, depth);
        let skill = firm.market_skill().at_least(p.min_market_skill());
        ruling.clause_for(Clause::MarketSkill, &firm, skill);
        ruling.clause_for(Clause::Fulcrum, &firm, firm.fulcrum().holds());
        ruling.clause_for(Clause::RealNeed, &firm, firm.real_need().holds());
        let on_offer = firm.finance_sought().every(|sought| sought.one_of(p.finance_on_offer()));
        ruling.clause_for(Clause::FinanceOnOffer, &firm, on_offer);
    }

    // Whoever is on the list has policy and services; the others are for those who can use them.
    let listed = || case.any_party(|firm| firm.hard_tech_listed().holds());
    ruling.entitle(Entitlement::Policy, listed());
    ruling.entitle(Entitlement::Services, listed());
    let some_on_offer =
        |firm: Party| firm.finance_sought().any(|sought| sought.one_of(p.finance_on_offer()));
    ruling.entitle(Entitlement::Finance, listed().and_then(|| case.any_party(some_on_offer)));
    let named = |firm: Party| firm.may_be_named().holds();
    ruling.entitle(Entitlement::Publicity, listed().and_then(|| case.any_party(named)));
    let moves = |firm: Party| (!here(firm)).and_then(|| settles(firm));
    ruling.entitle(Entitlement::SettlingIn, listed().and_then(|| case.any_party(moves)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn listed(party: case_builder::PartyBuilder<'_>) -> case_builder::PartyBuilder<'_> {
        party.kind(PartyKind::Enterprise).hard_tech_listed(true)
    }

    #[test]
    fn one_firm_applies_and_nobody_else() {
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
        assert_eq!(of(&[PartyKind::Enterprise, PartyKind::Enterprise]), Truth::Unmet);
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::OneFirm), Truth::Undetermined);
    }

    #[test]
    fn the_five_supports_go_to_those_listed_who_can_use_them() {
        let due = |is_listed: bool| {
            let case = Case::on(2026, 11, 1).party(|party| {
                let party = listed(party).hard_tech_listed(is_listed).may_be_named(true);
                let party = party.city(City::Other).settles_in_guangzhou(true);
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
    fn a_firm_from_elsewhere_settles_in_and_one_from_here_need_not() {
        let of = |city: Option<City>| {
            let case = Case::on(2026, 11, 1).party(|party| {
                let party = listed(party).settles_in_guangzhou(true);
                match city {
                    Some(city) => party.city(city),
                    None => party,
                }
            });
            let ruling = case.decide();
            (ruling.truth_for(Clause::Seat, 0), ruling.due(Entitlement::SettlingIn))
        };
        assert_eq!(of(Some(City::Guangzhou)), (Truth::Met, Truth::Unmet));
        assert_eq!(of(Some(City::Other)), (Truth::Met, Truth::Met));
        assert_eq!(of(None), (Truth::Met, Truth::Undetermined));
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
