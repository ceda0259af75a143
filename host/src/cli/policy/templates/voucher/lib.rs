//! NAME: what it rules, and for whom.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (voucher, order) = (case.voucher(), case.order());
    let pays = || order.contract().times(p.rate());
    ruling.clause(Clause::BalanceSuffices, voucher.balance().at_least(pays()));
    ruling.cover(pays());
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn the_voucher_must_have_enough_left() {
        let with = |balance| {
            let case = Case::on(2026, 1, 1).order(|order| order.contract(cny("100000.00")));
            case.voucher(|voucher| voucher.balance(cny(balance))).decide()
        };
        assert_eq!(with("30000.00").truth(Clause::BalanceSuffices), Truth::Met);
        assert_eq!(with("29999.99").truth(Clause::BalanceSuffices), Truth::Unmet);
        assert_eq!(with("30000.00").amount(), Some(cny("30000.00")));
    }
}
