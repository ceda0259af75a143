//! Rules for technology brokers whom Guangzhou and Foshan train together.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let talent = case.talent();
    let offered = || p.levels().map(|row| row.level());
    let row_of = |level| Maybe(p.levels().find(|row| row.level() == level));
    let row = || talent.level().and_then(row_of);

    ruling.clause(Clause::LevelOffered, talent.level().one_of(offered()));
    ruling.clause(Clause::EmployerInCities, talent.city().one_of(p.cities()));
    // The courses of either city count in both.
    ruling.clause(Clause::TrainedInCities, talent.trained_in().one_of(p.cities()));
    ruling.clause(Clause::HoursDone, talent.hours().at_least(row().map(|row| row.min_hours())));
    ruling.clause(Clause::ExamPassed, talent.exam_score().at_least(p.pass_mark()));

    // An award on record does not say its level: each is for one of the lower levels that are declared.
    let had = |level| talent.levels_before().any(|before| before.is(level)) == Truth::Met;
    let lower = || p.levels().take_while(|row| talent.level().is(row.level()) != Truth::Met);
    let levels_had = || lower().filter(|row| had(row.level())).count();
    let on_record = registry::awards(&talent).or(Vec::new());
    let on_record = on_record.iter().filter(|award| award.same_program).count();
    let all_declared = || talent.levels_before().count().test(|_| levels_had() >= on_record);
    let had_this = talent.levels_before().any(|before| before.same_as(talent.level()));
    ruling.clause(Clause::FirstAtLevel, (!had_this).and_then(all_declared));

    let tier_of = |level| match level {
        Level::Junior => Maybe(Some(Tier::Junior)),
        Level::Intermediate => Maybe(Some(Tier::Intermediate)),
        Level::Senior => Maybe(Some(Tier::Senior)),
        Level::Other => Maybe(None),
    };
    ruling.tier(talent.level().and_then(tier_of));
    let allowance =
        talent.fee().times(p.allowance_rate()).min(row().map(|row| row.allowance_cap()));
    match allowance.more_than_nought() {
        Truth::Unmet => ruling.entitle(Entitlement::TrainingAllowance, Truth::Unmet),
        _ => ruling.entitle_to(
            Entitlement::TrainingAllowance,
            allowance.min(registry::available(Fund::Training)),
        ),
    }
    // An exchange leads from one of the cities to another.
    let away = || !talent.posted_to().same_as(talent.city());
    ruling.entitle(Entitlement::ExchangePost, talent.posted_to().one_of(p.cities()).and_then(away));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn case(level: Level) -> case_builder::CaseBuilder {
        let case = Case::on(2026, 11, 1).fund(Fund::Training, cny("900000.00"));
        case.talent(|talent| talent.level(level))
    }

    #[test]
    fn each_level_has_its_hours_and_its_tier() {
        for (level, hours, tier) in [
            (Level::Junior, 40, Tier::Junior),
            (Level::Intermediate, 80, Tier::Intermediate),
            (Level::Senior, 120, Tier::Senior),
        ] {
            let with = |hours: i64| case(level).talent(|talent| talent.hours(hours)).decide();
            assert!(with(hours).is_tier(tier));
            assert_eq!(with(hours).truth(Clause::HoursDone), Truth::Met);
            assert_eq!(with(hours - 1).truth(Clause::HoursDone), Truth::Unmet);
        }
    }

    #[test]
    fn a_level_that_nobody_trains_for_is_refused_and_has_no_tier() {
        let ruling = case(Level::Other).talent(|talent| talent.hours(500)).decide();
        assert_eq!(ruling.truth(Clause::LevelOffered), Truth::Unmet);
        for tier in [Tier::Junior, Tier::Intermediate, Tier::Senior] {
            assert!(!ruling.is_tier(tier));
        }
    }

    #[test]
    fn the_two_cities_are_interchangeable() {
        for (city, trained_in) in [
            (City::Guangzhou, City::Guangzhou),
            (City::Guangzhou, City::Foshan),
            (City::Foshan, City::Guangzhou),
            (City::Foshan, City::Foshan),
        ] {
            let case = case(Level::Junior).talent(|t| t.city(city).trained_in(trained_in));
            let ruling = case.decide();
            assert_eq!(ruling.truth(Clause::EmployerInCities), Truth::Met);
            assert_eq!(ruling.truth(Clause::TrainedInCities), Truth::Met);
        }
    }

    #[test]
    fn the_allowance_is_half_the_fee_cut_to_the_fen_and_stops_at_the_levels_cap() {
        let of = |level, fee| {
            let ruling = case(level).talent(|talent| talent.fee(cny(fee))).decide();
            ruling.entitled_to(Entitlement::TrainingAllowance)
        };
        assert_eq!(of(Level::Junior, "2380.55"), Some(cny("1190.27")));
        assert_eq!(of(Level::Junior, "3000.02"), Some(cny("1500.00")));
        assert_eq!(of(Level::Intermediate, "3000.02"), Some(cny("1500.01")));
        assert_eq!(of(Level::Other, "3000.02"), None);
    }

    #[test]
    fn an_exchange_leads_to_the_other_city_and_not_home_or_elsewhere() {
        let to = |posted_to| {
            let case = case(Level::Junior).talent(|t| t.city(City::Foshan).posted_to(posted_to));
            case.decide().due(Entitlement::ExchangePost)
        };
        assert_eq!(to(City::Guangzhou), Truth::Met);
        assert_eq!(to(City::Foshan), Truth::Unmet);
        assert_eq!(to(City::Other), Truth::Unmet);
    }

    #[test]
    fn each_level_has_one_allowance_and_each_one_on_record_is_declared() {
        let of = |before: Option<&[Level]>, on_record: &[bool]| {
            let award = |same_program: &bool| {
                let (amount, on) = (cny("900.00"), date(2025, 3, 20));
                Award { amount, on, same_program: *same_program, payer: None }
            };
            let awards = on_record.iter().map(award).collect();
            let case = case(Level::Senior).talent(|talent| {
                let talent = talent.awarded(awards);
                match before {
                    Some(levels) => talent.levels_before(levels.to_vec()),
                    None => talent,
                }
            });
            case.decide().truth(Clause::FirstAtLevel)
        };
        assert_eq!(of(Some(&[]), &[]), Truth::Met);
        assert_eq!(of(Some(&[]), &[false]), Truth::Met);
        assert_eq!(of(Some(&[]), &[true]), Truth::Unmet);
        assert_eq!(of(Some(&[Level::Junior]), &[true]), Truth::Met);
        assert_eq!(of(Some(&[Level::Junior, Level::Junior]), &[true, true]), Truth::Unmet);
        assert_eq!(of(Some(&[Level::Junior, Level::Intermediate]), &[true, true]), Truth::Met);
        assert_eq!(of(Some(&[Level::Senior]), &[]), Truth::Unmet);
        assert_eq!(of(Some(&[Level::Other]), &[true]), Truth::Unmet);
        assert_eq!(of(None, &[]), Truth::Undetermined);
    }

    #[test]
    fn an_allowance_of_nothing_is_none() {
        let of = |fee| {
            let ruling = case(Level::Junior).talent(|talent| talent.fee(cny(fee))).decide();
            let allowance = Entitlement::TrainingAllowance;
            (ruling.due(allowance), ruling.entitled_to(allowance))
        };
        assert_eq!(of("0.01"), (Truth::Unmet, None));
        assert_eq!(of("0.02"), (Truth::Undetermined, Some(cny("0.01"))));
    }
}
