//! NAME: what it rules, and for whom.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (supply, demand) = (case.supply(), case.demand());
    let short = || demand.maturity().minus(supply.maturity());
    ruling.clause(Clause::MatureEnough, short().at_most(p.slack()));
    ruling.affinity(short().map(|short| -Decimal::from(short)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn what_is_offered_may_fall_a_little_short() {
        let with = |level: i64| {
            let case = Case::on(2026, 1, 1).demand(|demand| demand.maturity(6));
            case.supply(|supply| supply.maturity(level)).decide()
        };
        assert_eq!(with(5).truth(Clause::MatureEnough), Truth::Met);
        assert_eq!(with(4).truth(Clause::MatureEnough), Truth::Unmet);
        assert_eq!(with(5).affinity(), Some(decimal("-1")));
    }
}
