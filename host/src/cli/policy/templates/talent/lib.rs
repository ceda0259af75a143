//! NAME: what it rules, and for whom.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let talent = case.talent();
    let limit = calendar::years_before(case.as_of(), p.max_age() + 1);
    ruling.clause(Clause::WithinAge, talent.born().more_than(limit));
    ruling.tier(talent.doctorate().map(|doctor| if doctor { Tier::Doctor } else { Tier::General }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn the_day_before_the_next_birthday_is_the_last() {
        let born = |day| Case::on(2026, 6, 1).talent(|talent| talent.born(day).doctorate(true)).decide();
        assert_eq!(born(date(1980, 6, 2)).truth(Clause::WithinAge), Truth::Met);
        assert_eq!(born(date(1980, 6, 1)).truth(Clause::WithinAge), Truth::Unmet);
        assert!(born(date(1980, 6, 2)).is_tier(Tier::Doctor));
    }
}
