//! NAME: what it rules, and for whom.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    ruling.clause(Clause::WithinCap, project.requested().at_most(p.cap()));
    ruling.award(project.requested().min(p.cap()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn no_more_than_the_cap_may_be_asked_for() {
        let asking = |amount| Case::on(2026, 1, 1).project(|project| project.requested(cny(amount))).decide();
        assert_eq!(asking("1000000.00").truth(Clause::WithinCap), Truth::Met);
        assert_eq!(asking("1000000.01").truth(Clause::WithinCap), Truth::Unmet);
        assert_eq!(asking("250000.00").amount(), Some(cny("250000.00")));
        assert_eq!(Case::on(2026, 1, 1).decide().truth(Clause::WithinCap), Truth::Undetermined);
    }
}
