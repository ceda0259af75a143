//! Rules for innovation vouchers that Guangzhou or Foshan issues and both accept.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (voucher, order) = (case.voucher(), case.order());
    let cities = || p.terms().map(|terms| terms.city());
    // The issuing city's terms apply. Nothing is asked of the city where the provider sits.
    let terms_of = |issuer| Maybe(p.terms().find(|terms| terms.city() == issuer));
    let terms = || voucher.city().and_then(terms_of);
    let share = || order.contract().times(terms().map(|terms| terms.rate()));
    // What the issuing city has paid the holder this year, by the record, counts towards its cap. Nothing is
    // asked for in place of a record: a voucher is presented by a holder that is on record, or not at all.
    let counts = |award: &registry::Award| {
        let this_year = award.same_program && award.on.year() == case.as_of().year();
        Truth::from(this_year).and_then(|| award.payer::<City>().same_as(voucher.city()))
    };
    let cap_left = |party: Party| {
        terms().and_then(|terms| registry::left_of(terms.yearly_cap(), &party, counts))
    };
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
        let within_cap = || cap_left(party).more_than_nought();
        ruling.clause_for(Clause::CapLeft, &party, holder().implies_that(within_cap));
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
    let something = order.contract().more_than_nought().and_then(|| share().more_than_nought());
    ruling.clause(Clause::ContractAmount, something);
    ruling.clause(Clause::BalanceLeft, voucher.balance().more_than_nought());

    let holder = Maybe(case.parties().find(|party| is_holder(*party) == Truth::Met));
    let due = share().min(holder.and_then(cap_left));
    ruling.clause(Clause::BalanceSuffices, voucher.balance().at_least(due));

    ruling.cover(due.min(voucher.balance()));
    if order.city().same_as(voucher.city()) == Truth::Unmet {
        ruling.note(Note::AcrossCities);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    /// A redemption by the holder.
    fn paid(amount: &str, year: i16, city: City) -> Award {
        unknown_payer(amount, year).paid_by(city)
    }

    fn unknown_payer(amount: &str, year: i16) -> Award {
        Award { amount: cny(amount), on: date(year, 2, 3), same_program: true, payer: None }
    }

    fn case(issuer: City, redeemed: Vec<Award>, balance: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1)
            .voucher(|v| v.city(issuer).issued(date(2025, 3, 10)).balance(cny(balance)))
            .party(|p| p.role(Role::Holder).awarded(redeemed))
    }

    fn ruling(issuer: City, contract: &str, redeemed: Vec<Award>, balance: &str) -> Reported {
        case(issuer, redeemed, balance).order(|order| order.contract(cny(contract))).decide()
    }

    fn cover(issuer: City, contract: &str, redeemed: Vec<Award>, balance: &str) -> Option<Money> {
        ruling(issuer, contract, redeemed, balance).amount()
    }

    #[test]
    fn the_issuing_citys_rate_and_cap_apply() {
        let of = |issuer| {
            let redeemed =
                [City::Guangzhou, City::Foshan].map(|city| paid("200000.00", 2026, city));
            cover(issuer, "400000.00", redeemed.into(), "900000.00")
        };
        // 30 % of 400,000. 50 % would be 200,000, of which Foshan has 300,000 − 200,000 left.
        assert_eq!(of(City::Guangzhou), Some(cny("120000.00")));
        assert_eq!(of(City::Foshan), Some(cny("100000.00")));
        assert_eq!(of(City::Other), None);
    }

    #[test]
    fn the_voucher_pays_the_least_of_share_cap_and_balance_cut_to_the_fen() {
        let of = |redeemed: &[&str], balance| {
            let redeemed = redeemed.iter().map(|amount| paid(amount, 2026, City::Guangzhou));
            cover(City::Guangzhou, "333333.33", redeemed.collect(), balance)
        };
        // 30 % of 333,333.33 is 99,999.999.
        assert_eq!(of(&[], "900000.00"), Some(cny("99999.99")));
        assert_eq!(of(&[], "80000.00"), Some(cny("80000.00")));
        // 3,000,000.00 − 1,500,000.00 − 1,433,333.34 = 66,666.66
        assert_eq!(of(&["1500000.00", "1433333.34"], "900000.00"), Some(cny("66666.66")));
        assert_eq!(of(&["2999999.99"], "900000.00"), Some(cny("0.01")));
        assert_eq!(of(&["3000000.00"], "900000.00"), Some(cny("0.00")));
        assert_eq!(of(&["3000000.01"], "900000.00"), Some(cny("0.00")));
    }

    #[test]
    fn only_what_the_issuing_city_paid_this_year_in_this_program_counts() {
        let left = |award| {
            let ruling = ruling(City::Foshan, "100000.00", vec![award], "900000.00");
            (ruling.truth_for(Clause::CapLeft, 0), ruling.amount())
        };
        let whole = (Truth::Met, Some(cny("50000.00")));
        let all = || paid("300000.00", 2026, City::Foshan);
        assert_eq!(left(all()), (Truth::Unmet, Some(cny("0.00"))));
        assert_eq!(left(paid("300000.00", 2026, City::Guangzhou)), whole);
        assert_eq!(left(paid("300000.00", 2025, City::Foshan)), whole);
        assert_eq!(left(Award { same_program: false, ..all() }), whole);
    }

    #[test]
    fn a_redemption_that_nobody_knows_the_payer_of_leaves_the_cap_open() {
        let left = |redeemed| {
            let ruling = ruling(City::Foshan, "100000.00", redeemed, "900000.00");
            (ruling.truth_for(Clause::CapLeft, 0), ruling.amount())
        };
        let open = (Truth::Undetermined, None);
        assert_eq!(left(vec![unknown_payer("0.01", 2026)]), open);
        assert_eq!(left(vec![unknown_payer("0.01", 2025)]), (Truth::Met, Some(cny("50000.00"))));
        // What is known has used up the cap.
        let used_up = vec![unknown_payer("0.01", 2026), paid("300000.00", 2026, City::Foshan)];
        assert_eq!(left(used_up), (Truth::Unmet, Some(cny("0.00"))));
    }

    #[test]
    fn without_a_record_of_the_holder_nobody_knows_what_is_left() {
        let case = Case::on(2026, 11, 1).voucher(|voucher| voucher.city(City::Foshan));
        let ruling = case.party(|party| party.role(Role::Holder)).decide();
        assert_eq!(ruling.truth_for(Clause::CapLeft, 0), Truth::Undetermined);
    }

    #[test]
    fn a_voucher_lapses_two_years_after_its_issue() {
        let on = |day| {
            let case = case(City::Foshan, vec![], "1.00").order(|order| order.signed(day));
            case.decide().truth(Clause::WithinValidity)
        };
        assert_eq!(on(date(2027, 3, 10)), Truth::Met);
        assert_eq!(on(date(2027, 3, 11)), Truth::Unmet);
    }

    #[test]
    fn a_contract_is_signed_before_it_is_paid_for() {
        let on = |day| {
            let case = case(City::Foshan, vec![], "1.00").voucher(|v| v.expires(date(2027, 3, 10)));
            case.order(|order| order.signed(day)).decide().truth(Clause::SignedInDates)
        };
        assert_eq!(on(date(2026, 11, 1)), Truth::Met);
        assert_eq!(on(date(2026, 11, 2)), Truth::Unmet);
    }

    #[test]
    fn a_firm_is_related_to_itself_whatever_it_declares() {
        let case = || {
            case(City::Foshan, vec![], "1.00")
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
                case(City::Foshan, vec![], "1.00").voucher(|voucher| voucher.holder("fs-one"));
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
