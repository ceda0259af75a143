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
    let received = || talent.received_for_year();
    ruling.clause(Clause::CapLeft, received().less_than(p.yearly_cap()));

    let above_rate = talent.tax_paid().minus(talent.tax_paid().min(borne()));
    let cap_left = Maybe::from(p.yearly_cap()).minus(received().min(p.yearly_cap()));
    let subsidy = above_rate.min(cap_left).min(registry::available(Fund::Subsidy));
    ruling.entitle_to(Entitlement::TaxSubsidy, subsidy);
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(ruling.truth(Clause::CapLeft), Truth::Unmet);
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
