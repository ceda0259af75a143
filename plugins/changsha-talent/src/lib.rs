//! Changsha's rules for its three talent plans.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let talent = case.talent();
    let applies_as = |plan| talent.plan().is(plan);

    ruling.clause(Clause::WorksInChangsha, talent.city().is(City::Changsha));
    ruling.clause(Clause::ContractLength, talent.contract_years().at_least(p.min_contract_years()));
    // A person of whom no record is kept goes by what is declared.
    let supported = registry::awarded_here(&talent) | talent.supported_before().holds();
    ruling.clause(Clause::NotSupportedBefore, !supported);

    ruling.clause(
        Clause::LeadingFounder,
        applies_as(Plan::LeadingFounder)
            & talent.share_held().at_least(p.min_share_held())
            & talent.firm_founded().between(case.years_ago(p.max_firm_age()), case.as_of()),
    );
    ruling.clause(
        Clause::YoungInnovator,
        applies_as(Plan::YoungInnovator)
            & talent.degree().is(Degree::Doctorate)
            & calendar::age(talent.born(), case.as_of()).between(0, p.max_age()),
    );
    ruling.clause(
        Clause::OverseasExpert,
        applies_as(Plan::OverseasExpert) & talent.years_abroad().at_least(p.min_years_abroad()),
    );

    let reached = |score| p.tiers().filter(move |tier| score >= tier.min_score());
    ruling.clause(Clause::PanelScore, talent.score().test(|score| reached(score).next().is_some()));

    let highest = |score| Maybe(reached(score).max_by_key(|tier| tier.min_score()));
    let placed = talent.score().and_then(highest);
    ruling.tier(placed.map(|tier| match tier.grade() {
        Grade::A => Tier::A,
        Grade::B => Tier::B,
        Grade::C => Tier::C,
        Grade::D => Tier::D,
    }));
    let support = placed.map(|tier| tier.support()).min(registry::available(Fund::Talent));
    ruling.entitle_to(Entitlement::StartUpSupport, support);
    ruling.entitle(Entitlement::Schooling, talent.school_age_children().at_least(1));
    ruling.entitle(Entitlement::SpouseMove, talent.spouse_moves().holds());
    let returnee = talent.years_abroad().at_least(p.min_years_returnee());
    ruling.entitle(Entitlement::GreenChannel, returnee);
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn scored(score: &str) -> Reported {
        let case = Case::on(2026, 11, 1).fund(Fund::Talent, cny("9000000.00"));
        case.talent(|talent| talent.score(decimal(score))).decide()
    }

    #[test]
    fn the_score_decides_tier_and_support() {
        for (score, tier, support) in [
            ("100", Tier::A, "2000000.00"),
            ("90", Tier::A, "2000000.00"),
            ("89.99", Tier::B, "1500000.00"),
            ("79.99", Tier::C, "1000000.00"),
            ("69.99", Tier::D, "500000.00"),
            ("60", Tier::D, "500000.00"),
        ] {
            let ruling = scored(score);
            assert!(ruling.is_tier(tier), "{score} points");
            assert_eq!(ruling.entitled_to(Entitlement::StartUpSupport), Some(cny(support)));
        }
        assert_eq!(scored("59.99").truth(Clause::PanelScore), Truth::Unmet);
        assert_eq!(scored("59.99").entitled_to(Entitlement::StartUpSupport), None);
    }

    #[test]
    fn support_stops_at_what_the_fund_still_has() {
        let case = Case::on(2026, 11, 1).fund(Fund::Talent, cny("700000.00"));
        let ruling = case.talent(|talent| talent.score(decimal("95"))).decide();
        assert_eq!(ruling.entitled_to(Entitlement::StartUpSupport), Some(cny("700000.00")));
    }

    #[test]
    fn a_young_innovator_is_forty_until_the_day_before_turning_forty_one() {
        let born = |day| {
            let case = Case::on(2026, 11, 1).talent(|talent| {
                talent.plan(Plan::YoungInnovator).degree(Degree::Doctorate).born(day)
            });
            case.decide().truth(Clause::YoungInnovator)
        };
        assert_eq!(born(date(1985, 11, 2)), Truth::Met);
        assert_eq!(born(date(1985, 11, 1)), Truth::Unmet);
    }

    #[test]
    fn no_firm_is_founded_and_nobody_is_born_after_the_day_of_the_case() {
        let on = |day| {
            let of = |plan, clause| {
                let case = Case::on(2026, 11, 1).talent(|talent| {
                    let founder = talent.plan(plan).share_held(decimal("45%")).firm_founded(day);
                    founder.degree(Degree::Doctorate).born(day)
                });
                case.decide().truth(clause)
            };
            (
                of(Plan::LeadingFounder, Clause::LeadingFounder),
                of(Plan::YoungInnovator, Clause::YoungInnovator),
            )
        };
        assert_eq!(on(date(2026, 11, 1)), (Truth::Met, Truth::Met));
        assert_eq!(on(date(2026, 11, 2)), (Truth::Unmet, Truth::Unmet));
    }

    #[test]
    fn a_plan_that_is_not_applied_for_asks_for_nothing() {
        let case = Case::on(2026, 11, 1).talent(|talent| talent.plan(Plan::OverseasExpert));
        let ruling = case.decide();
        assert_eq!(ruling.truth(Clause::LeadingFounder), Truth::Unmet);
        assert_eq!(ruling.truth(Clause::YoungInnovator), Truth::Unmet);
        assert_eq!(ruling.truth(Clause::OverseasExpert), Truth::Undetermined);
    }

    #[test]
    fn help_follows_the_family_and_the_years_abroad() {
        let case = Case::on(2026, 11, 1)
            .talent(|talent| talent.school_age_children(0).spouse_moves(true).years_abroad(1));
        let ruling = case.decide();
        assert_eq!(ruling.due(Entitlement::Schooling), Truth::Unmet);
        assert_eq!(ruling.due(Entitlement::SpouseMove), Truth::Met);
        assert_eq!(ruling.due(Entitlement::GreenChannel), Truth::Met);
    }

    #[test]
    fn a_record_of_support_outweighs_the_declaration() {
        let of = |same_program| {
            let (amount, on) = (cny("1000000.00"), date(2025, 8, 1));
            let award = Award { amount, on, same_program, payer: None };
            let case = Case::on(2026, 11, 1);
            let case = case.talent(|talent| talent.supported_before(false).awarded(vec![award]));
            case.decide().truth(Clause::NotSupportedBefore)
        };
        assert_eq!(of(true), Truth::Unmet);
        assert_eq!(of(false), Truth::Met);
        let undeclared = Case::on(2026, 11, 1).talent(|talent| talent.awarded(vec![])).decide();
        assert_eq!(undeclared.truth(Clause::NotSupportedBefore), Truth::Undetermined);
    }
}
