//! Rules for the income-tax subsidy for overseas talent in the Greater Bay Area.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let talent = case.talent();
    let returnee = || talent.status().is(Status::Returnee);
    let recognised = [TalentClass::HighEnd, TalentClass::InShortSupply];

    ruling.clause(Clause::WorksInNineCities, talent.city().one_of(p.cities()));
    ruling.clause(Clause::OverseasStatus, talent.status().one_of(p.statuses()));
    let settled = || talent.residence_abroad().holds();
    ruling.clause(Clause::SettledReturnee, returnee().and_then(settled));
    ruling.clause(Clause::Recognised, talent.talent_class().one_of(recognised));
    let in_term = talent.tax_year().between(p.first_tax_year(), p.last_tax_year());
    ruling.clause(Clause::YearInTerm, in_term);
    let this_year = i64::from(case.as_of().year());
    ruling.clause(Clause::YearOver, talent.tax_year().less_than(this_year));
    let income = || talent.taxable_income();
    let above_floor = |floor: ParamsIncomeFloorsRow| {
        let here = talent.city().is(floor.city());
        here.implies_that(|| income().more_than(floor.above()))
    };
    ruling.clause(Clause::IncomeFloor, Truth::every(p.income_floors().map(above_floor)));

    // What the person keeps of the income is cut down, so that the tax to be borne, which is the
    // rest, is never too low by a part of a fen, and the subsidy never too high.
    let kept = || Maybe::from(Decimal::ONE).minus(p.tax_rate());
    let borne = || income().minus(income().times(kept()));
    ruling.clause(Clause::TaxAboveRate, talent.tax_paid().more_than(borne()));

    let above_rate = || talent.tax_paid().minus(talent.tax_paid().min(borne()));
    let due = || above_rate().min(p.yearly_cap());
    // What is on record is to be declared too, so the two are not added up: what leaves less counts. An award
    // on record does not say its tax year. Years are claimed in their order, each when it is over, so
    // whatever the program has awarded since then is taken to be for this one: who claims out of order
    // may get too little that way, but nobody gets anything twice.
    let since_then = |award: &registry::Award| {
        let later = || talent.tax_year().less_than(i64::from(award.on.year()));
        Truth::from(award.same_program).and_then(later)
    };
    let left_by_record = |due| registry::left_by_record(due, &talent, since_then);
    let left_by_word = |due| Maybe::from(due).minus(talent.received_for_year().min(due));
    let left = || due().and_then(left_by_record).min(due().and_then(left_by_word));
    ruling.clause(Clause::SubsidyLeft, left().more_than_nought());

    ruling.entitle_to(Entitlement::TaxSubsidy, left().min(registry::available(Fund::Subsidy)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn taxed(income: &str, tax: &str, received: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1).fund(Fund::Subsidy, cny("9000000.00")).talent(|talent| {
            let talent = talent.taxable_income(cny(income)).tax_paid(cny(tax));
            talent.received_for_year(cny(received))
        })
    }

    fn subsidy(income: &str, tax: &str, received: &str) -> Option<Money> {
        taxed(income, tax, received).decide().entitled_to(Entitlement::TaxSubsidy)
    }

    #[test]
    fn what_was_paid_above_fifteen_percent_is_paid_back() {
        // 15 % of 1,200,000 is 180,000.
        assert_eq!(subsidy("1200000.00", "358080.00", "0.00"), Some(cny("178080.00")));
        assert_eq!(subsidy("1200000.00", "180000.00", "0.00"), Some(cny("0.00")));
        assert_eq!(subsidy("1200000.00", "90000.00", "0.00"), Some(cny("0.00")));
    }

    #[test]
    fn part_of_a_fen_is_cut_from_the_subsidy_and_never_added_to_it() {
        // 15 % of 333,333.33 is 49,999.9995: 10,000.0005 of 60,000 is above it.
        assert_eq!(subsidy("333333.33", "60000.00", "0.00"), Some(cny("10000.00")));
        // 15 % of 333,333.30 is 49,999.995: 10,000.005 is above it.
        assert_eq!(subsidy("333333.30", "60000.00", "0.00"), Some(cny("10000.00")));
        // 15 % of 333,333.20 is 49,999.98 to the fen.
        assert_eq!(subsidy("333333.20", "60000.00", "0.00"), Some(cny("10000.02")));
    }

    #[test]
    fn five_million_a_person_and_year_whoever_paid_the_first_part() {
        // 15 % of 20,000,000 is 3,000,000.
        assert_eq!(subsidy("20000000.00", "8818080.00", "0.00"), Some(cny("5000000.00")));
        assert_eq!(subsidy("20000000.00", "8818080.00", "4000000.00"), Some(cny("1000000.00")));
        assert_eq!(subsidy("20000000.00", "8818080.00", "5000000.01"), Some(cny("0.00")));
        let ruling = taxed("20000000.00", "8818080.00", "5000000.00").decide();
        assert_eq!(ruling.truth(Clause::SubsidyLeft), Truth::Unmet);
    }

    #[test]
    fn the_difference_is_paid_back_once() {
        assert_eq!(subsidy("1200000.00", "358080.00", "178079.99"), Some(cny("0.01")));
        let ruling = taxed("1200000.00", "358080.00", "178080.00").decide();
        assert_eq!(ruling.truth(Clause::SubsidyLeft), Truth::Unmet);
    }

    #[test]
    fn what_is_on_record_since_the_tax_year_counts_as_much_as_what_is_declared() {
        let with = |received, before: &[(&str, i16, bool)]| {
            let award = |(amount, year, same_program): &(&str, i16, bool)| {
                let (amount, on) = (cny(amount), date(*year, 5, 20));
                Award { amount, on, same_program: *same_program, payer: None }
            };
            let awards = before.iter().map(award).collect();
            let case = taxed("1200000.00", "358080.00", received);
            let ruling = case.talent(|talent| talent.tax_year(2025).awarded(awards)).decide();
            (ruling.truth(Clause::SubsidyLeft), ruling.entitled_to(Entitlement::TaxSubsidy))
        };
        let left = |amount| (Truth::Met, Some(cny(amount)));
        assert_eq!(with("0.00", &[]), left("178080.00"));
        assert_eq!(with("0.00", &[("100000.00", 2026, true)]), left("78080.00"));
        assert_eq!(with("100000.00", &[("100000.00", 2026, true)]), left("78080.00"));
        assert_eq!(with("100000.01", &[("100000.00", 2026, true)]), left("78079.99"));
        assert_eq!(with("0.00", &[("178080.00", 2026, true)]).0, Truth::Unmet);
        // That was for the tax of 2024, or for something else.
        assert_eq!(with("0.00", &[("178080.00", 2025, true)]), left("178080.00"));
        assert_eq!(with("0.00", &[("178080.00", 2026, false)]), left("178080.00"));
    }

    #[test]
    fn an_award_on_record_may_or_may_not_count_where_the_tax_year_is_not_known() {
        let award = |same_program| {
            let (amount, on) = (cny("178080.00"), date(2026, 5, 20));
            Award { amount, on, same_program, payer: None }
        };
        let with = |award| {
            let case = taxed("1200000.00", "358080.00", "0.00");
            let case = case.talent(|talent| talent.awarded(vec![award]));
            case.decide().truth(Clause::SubsidyLeft)
        };
        assert_eq!(with(award(true)), Truth::Undetermined);
        assert_eq!(with(award(false)), Truth::Met);
    }

    #[test]
    fn only_a_city_with_a_floor_asks_for_the_income() {
        let floor = |city, income: &str| {
            let case = taxed(income, "90000.00", "0.00").talent(|talent| talent.city(city));
            case.decide().truth(Clause::IncomeFloor)
        };
        assert_eq!(floor(City::Guangzhou, "300000.01"), Truth::Met);
        assert_eq!(floor(City::Guangzhou, "300000.00"), Truth::Unmet);
        assert_eq!(floor(City::Zhaoqing, "300000.00"), Truth::Met);
        let silent = Case::on(2026, 11, 1).talent(|talent| talent.city(City::Zhaoqing)).decide();
        assert_eq!(silent.truth(Clause::IncomeFloor), Truth::Met);
        assert_eq!(silent.truth(Clause::TaxAboveRate), Truth::Undetermined);
    }

    #[test]
    fn long_residence_is_asked_of_returnees_alone() {
        let of = |status| {
            let ruling = Case::on(2026, 11, 1).talent(|talent| talent.status(status)).decide();
            (ruling.truth(Clause::OverseasStatus), ruling.truth(Clause::SettledReturnee))
        };
        assert_eq!(of(Status::HongKong), (Truth::Met, Truth::Unmet));
        assert_eq!(of(Status::Returnee), (Truth::Unmet, Truth::Undetermined));
        assert_eq!(of(Status::Other), (Truth::Unmet, Truth::Unmet));
    }

    #[test]
    fn a_year_is_claimed_when_it_is_over() {
        let on = |year| {
            let case = Case::on(year, 1, 1).talent(|talent| talent.tax_year(2027));
            let ruling = case.decide();
            (ruling.truth(Clause::YearInTerm), ruling.truth(Clause::YearOver))
        };
        assert_eq!(on(2027), (Truth::Met, Truth::Unmet));
        assert_eq!(on(2028), (Truth::Met, Truth::Met));
    }
}
