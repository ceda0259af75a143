//! NAME: what it rules, and for whom.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let entry = case.entry();
    ruling.clause(Clause::MatureEnough, entry.maturity().at_least(p.min_maturity()));
    ruling.score(Criterion::Maturity, entry.maturity().map(Decimal::from));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn an_entry_must_be_mature_enough() {
        let at = |level: i64| Case::on(2026, 1, 1).entry(|entry| entry.maturity(level)).decide();
        assert_eq!(at(3).truth(Clause::MatureEnough), Truth::Met);
        assert_eq!(at(2).truth(Clause::MatureEnough), Truth::Unmet);
        assert_eq!(at(5).score(Criterion::Maturity), Some(decimal("5")));
    }
}
