//! Rules for innovation vouchers that Guangzhou or Foshan issues and both accept.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (voucher, order) = (case.voucher(), case.order());
    let cities = || p.terms().map(|terms| terms.city());
    // The issuing city's terms apply. Nothing is asked of the city where the provider sits.
    let terms_of = |issuer| p.terms().find(|terms| terms.city() == issuer);
    let terms = || Maybe(voucher.city().get().and_then(terms_of));
    let yearly_cap = || terms().map(|terms| terms.yearly_cap());
    let is_holder = |party: Party| party.role().is(Role::Holder);
    let is_provider =
        |party: Party| party.role().is(Role::Provider) & party.id().same_as(order.provider());

    ruling.clause(Clause::Issuer, voucher.city().one_of(cities()));
    ruling.clause(Clause::OneHolder, case.one_party(is_holder));
    for party in case.parties() {
        let holder = || is_holder(party);
        ruling.clause_for(
            Clause::PresentedByHolder,
            &party,
            holder().implies(party.id().same_as(voucher.holder())),
        );
        ruling.clause_for(
            Clause::HolderInCities,
            &party,
            holder().implies(party.city().one_of(cities())),
        );
        let sme = party.staff().at_most(p.max_staff())
            & party.sales().at_most(p.max_sales())
            & party.assets().at_most(p.max_assets());
        ruling.clause_for(Clause::ScienceSme, &party, holder().implies(sme));
        ruling.clause_for(
            Clause::CapLeft,
            &party,
            holder().implies(party.redeemed_this_year().less_than(yearly_cap())),
        );
    }
    let on_list = case.any_party(|party| is_provider(party) & registry::listed(&party));
    ruling.clause(Clause::ProviderListed, on_list | registry::listed(&order));
    ruling.clause(Clause::ServiceAllowed, order.service().one_of(p.services()));
    // Whatever is declared, nobody is unrelated to itself.
    let same = order.provider().same_as(voucher.holder());
    ruling.clause(Clause::NotRelated, !(order.related().holds() | same));
    ruling.clause(
        Clause::SignedInDates,
        order.signed().at_least(voucher.issued())
            & order.signed().at_most(voucher.expires())
            & order.signed().at_most(case.as_of()),
    );
    let last_day = voucher.issued().map(|day| calendar::years_after(day, p.valid_years()));
    ruling.clause(Clause::WithinValidity, order.signed().at_most(last_day));
    let some = |amount: Money| amount.minor > 0;
    ruling.clause(Clause::ContractAmount, order.contract().test(some));
    ruling.clause(Clause::BalanceLeft, voucher.balance().test(some));

    let holder = case.parties().find(|party| is_holder(*party) == Truth::Met);
    let redeemed = Maybe(holder.and_then(|holder| holder.redeemed_this_year().get()));
    let cap_left = yearly_cap().minus(redeemed.min(yearly_cap()));
    let due = order.contract().times(terms().map(|terms| terms.rate())).min(cap_left);
    ruling.clause(Clause::BalanceSuffices, voucher.balance().at_least(due));

    ruling.cover(due.min(voucher.balance()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn case(issuer: City, redeemed: &str, balance: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1)
            .voucher(|v| v.city(issuer).issued(date(2025, 3, 10)).balance(cny(balance)))
            .party(|p| p.role(Role::Holder).redeemed_this_year(cny(redeemed)))
    }

    fn cover(issuer: City, contract: &str, redeemed: &str, balance: &str) -> Option<Money> {
        let case = case(issuer, redeemed, balance).order(|order| order.contract(cny(contract)));
        case.decide().amount()
    }

    #[test]
    fn the_issuing_citys_rate_and_cap_apply() {
        let of = |issuer| cover(issuer, "400000.00", "200000.00", "900000.00");
        assert_eq!(of(City::Guangzhou), Some(cny("120000.00")));
        assert_eq!(of(City::Foshan), Some(cny("100000.00")));
        assert_eq!(of(City::Other), None);
    }

    #[test]
    fn the_voucher_pays_the_least_of_share_cap_and_balance_cut_to_the_fen() {
        let of = |contract, redeemed, balance| {
            cover(City::Guangzhou, contract, redeemed, balance).expect("all is known")
        };
        assert_eq!(of("333333.33", "0.00", "900000.00"), cny("99999.99"));
        assert_eq!(of("333333.33", "2999999.99", "900000.00"), cny("0.01"));
        assert_eq!(of("333333.33", "3000000.01", "900000.00"), cny("0.00"));
        assert_eq!(of("333333.33", "0.00", "80000.00"), cny("80000.00"));
    }

    #[test]
    fn a_voucher_lapses_two_years_after_its_issue() {
        let on = |day| {
            let case = case(City::Foshan, "0.00", "1.00").order(|order| order.signed(day));
            case.decide().truth(Clause::WithinValidity)
        };
        assert_eq!(on(date(2027, 3, 10)), Truth::Met);
        assert_eq!(on(date(2027, 3, 11)), Truth::Unmet);
    }

    #[test]
    fn a_contract_is_signed_before_it_is_paid_for() {
        let on = |day| {
            let case = case(City::Foshan, "0.00", "1.00").voucher(|v| v.expires(date(2027, 3, 10)));
            case.order(|order| order.signed(day)).decide().truth(Clause::SignedInDates)
        };
        assert_eq!(on(date(2026, 11, 1)), Truth::Met);
        assert_eq!(on(date(2026, 11, 2)), Truth::Unmet);
    }

    #[test]
    fn a_firm_is_related_to_itself_whatever_it_declares() {
        let case = || {
            case(City::Foshan, "0.00", "1.00")
                .voucher(|voucher| voucher.holder("fs-one"))
                .order(|order| order.related(false))
        };
        let with = |provider: &str| {
            let case = case().order(|order| order.provider(provider));
            case.decide().truth(Clause::NotRelated)
        };
        assert_eq!(with("fs-two"), Truth::Met);
        assert_eq!(with("fs-one"), Truth::Unmet);
        assert_eq!(case().decide().truth(Clause::NotRelated), Truth::Undetermined);
    }

    #[test]
    fn nobody_uses_the_voucher_of_another() {
        let by = |id: &str| {
            let case =
                case(City::Foshan, "0.00", "1.00").voucher(|voucher| voucher.holder("fs-one"));
            let case = case.party(|party| party.role(Role::Holder).id(id));
            case.decide().truth_for(Clause::PresentedByHolder, 1)
        };
        assert_eq!(by("fs-one"), Truth::Met);
        assert_eq!(by("fs-two"), Truth::Unmet);
    }

    #[test]
    fn there_is_exactly_one_holder() {
        let of = |roles: &[Role]| {
            let mut case = Case::on(2026, 11, 1).no_parties();
            for role in roles {
                case = case.party(|party| party.role(*role));
            }
            case.decide().truth(Clause::OneHolder)
        };
        assert_eq!(of(&[]), Truth::Unmet);
        assert_eq!(of(&[Role::Provider, Role::Holder]), Truth::Met);
        assert_eq!(of(&[Role::Holder, Role::Holder]), Truth::Unmet);
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::OneHolder), Truth::Undetermined);
    }
}
