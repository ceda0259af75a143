//! Rules for financial products along the life of a firm of Guangzhou or Foshan.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let leads = |party: Party| party.role().is(Role::Lead);

    ruling.clause(Clause::OneLead, case.one_party(leads));
    for party in case.parties() {
        let of_city = || party.city().one_of(p.cities());
        let firm = || party.kind().is(PartyKind::Enterprise).and_then(of_city);
        ruling.clause_for(Clause::FirmOfEitherCity, &party, leads(party).implies_that(firm));
    }

    let firm = |meets: &dyn Fn(Party) -> Truth| {
        case.any_party(|party| leads(party).and_then(|| meets(party)))
    };
    let stages = |product| p.offers().filter(move |offer| offer.product() == product);
    let at_stage =
        |party: Party, product| party.stage().one_of(stages(product).map(|offer| offer.stage()));
    // A product that is not sought asks for nothing.
    let sought = |product| project.products().any(|sought| sought.is(product));
    let open = |product| sought(product).and_then(|| firm(&|party| at_stage(party, product)));

    let contest = open(Product::Contest);
    ruling.clause(Clause::Contest, contest);
    ruling.entitle(Entitlement::Contest, contest);
    let in_business =
        |party: Party| party.registered().at_most(case.years_ago(p.min_years_market()));
    let market = open(Product::CapitalMarket).and_then(|| firm(&in_business));
    ruling.clause(Clause::CapitalMarket, market);
    ruling.entitle(Entitlement::CapitalMarket, market);

    let lead = || Maybe(case.parties().find(|party| leads(*party) == Truth::Met));

    let valuation = || lead().and_then(|firm| firm.valuation());
    let limit = || valuation().times(p.fund_max_share()).min(p.fund_cap());
    let amount = || project.investment_sought().min(limit());
    let invested = open(Product::VentureCapital).and_then(|| amount().more_than_nought());
    ruling.clause(Clause::VentureCapital, invested);
    match invested {
        Truth::Met => {
            let amount = amount().min(registry::available(Fund::Venture));
            ruling.entitle_to(Entitlement::VentureCapital, amount);
        }
        other => ruling.entitle(Entitlement::VentureCapital, other),
    }
    let within = || project.investment_sought().at_most(limit());
    ruling.clause(Clause::WithinFundLimits, sought(Product::VentureCapital).implies_that(within));

    let sound = |party: Party| {
        let low = party.debt_ratio().at_most(p.max_debt_ratio());
        low.and_then(|| !party.in_default().holds())
    };
    let sales = || lead().and_then(|firm| firm.sales());
    let limit = || sales().times(p.bank_max_share()).min(p.bank_cap());
    let amount = || project.loan_sought().min(limit());
    let lent =
        open(Product::Credit).and_then(|| firm(&sound)).and_then(|| amount().more_than_nought());
    ruling.clause(Clause::Credit, lent);
    match lent {
        Truth::Met => ruling.entitle_to(Entitlement::Credit, amount()),
        other => ruling.entitle(Entitlement::Credit, other),
    }
    let within = || project.loan_sought().at_most(limit());
    ruling.clause(Clause::WithinBankLimits, sought(Product::Credit).implies_that(within));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn firm(stage: Stage, sought: &[Product]) -> case_builder::CaseBuilder {
        let case = Case::on(2026, 11, 1).fund(Fund::Venture, cny("4000000.00"));
        let case = case.project(|project| {
            let project = project.products(sought.to_vec());
            project.investment_sought(cny("9000000.00")).loan_sought(cny("20000000.00"))
        });
        case.party(|party| party.role(Role::Lead).stage(stage))
    }

    #[test]
    fn the_stage_of_the_firm_gives_the_products() {
        let contest = |stage| firm(stage, &[Product::Contest]).decide().due(Entitlement::Contest);
        assert_eq!(contest(Stage::Seed), Truth::Met);
        assert_eq!(contest(Stage::StartUp), Truth::Met);
        assert_eq!(contest(Stage::Growth), Truth::Unmet);
        let invested = |stage| {
            let ruling = firm(stage, &[Product::VentureCapital]).decide();
            ruling.truth(Clause::VentureCapital)
        };
        // The valuation is not known.
        assert_eq!(invested(Stage::Seed), Truth::Unmet);
        assert_eq!(invested(Stage::StartUp), Truth::Undetermined);
        assert_eq!(invested(Stage::Mature), Truth::Unmet);
    }

    #[test]
    fn the_fund_invests_the_least_of_what_is_sought_its_limits_and_what_it_has() {
        let of = |valuation, fund| {
            let case = Case::on(2026, 11, 1).fund(Fund::Venture, cny(fund));
            let case = case.project(|project| {
                let project = project.products(vec![Product::VentureCapital]);
                project.investment_sought(cny("4500000.00"))
            });
            let case = case.party(|party| {
                party.role(Role::Lead).stage(Stage::Growth).valuation(cny(valuation))
            });
            let ruling = case.decide();
            let amount = ruling.entitled_to(Entitlement::VentureCapital);
            (ruling.truth(Clause::WithinFundLimits), amount.expect("it is due"))
        };
        // A fifth of 22,500,000.00 is 4,500,000.00, and of 22,222,222.22 it is 4,444,444.444.
        assert_eq!(of("22500000.00", "90000000.00"), (Truth::Met, cny("4500000.00")));
        assert_eq!(of("22222222.22", "90000000.00"), (Truth::Unmet, cny("4444444.44")));
        assert_eq!(of("22500000.00", "3000000.00"), (Truth::Met, cny("3000000.00")));
    }

    #[test]
    fn the_bank_lends_by_sales_up_to_its_cap_whatever_the_fund_has() {
        let of = |sales| {
            let case = Case::on(2026, 11, 1).fund(Fund::Venture, cny("0.00"));
            let case = case.project(|project| {
                project.products(vec![Product::Credit]).loan_sought(cny("20000000.00"))
            });
            let case = case.party(|party| {
                let party = party.role(Role::Lead).stage(Stage::Mature).sales(cny(sales));
                party.debt_ratio(decimal("70%")).in_default(false)
            });
            case.decide().entitled_to(Entitlement::Credit).expect("it is due")
        };
        // Three tenths of 12,345,678.99 are 3,703,703.697.
        assert_eq!(of("12345678.99"), cny("3703703.69"));
        assert_eq!(of("33333333.34"), cny("10000000.00"));
    }

    #[test]
    fn a_product_that_is_not_sought_asks_for_nothing() {
        let ruling = firm(Stage::StartUp, &[Product::Contest]).decide();
        assert_eq!(ruling.due(Entitlement::VentureCapital), Truth::Unmet);
        assert_eq!(ruling.due(Entitlement::Credit), Truth::Unmet);
        assert_eq!(ruling.truth(Clause::WithinFundLimits), Truth::Met);
        assert_eq!(ruling.truth(Clause::WithinBankLimits), Truth::Met);
    }

    #[test]
    fn three_years_in_business_open_the_capital_market() {
        let since = |day| {
            let case = Case::on(2026, 11, 1);
            let case = case.project(|project| project.products(vec![Product::CapitalMarket]));
            let case =
                case.party(|party| party.role(Role::Lead).stage(Stage::Mature).registered(day));
            case.decide().due(Entitlement::CapitalMarket)
        };
        assert_eq!(since(date(2023, 11, 1)), Truth::Met);
        assert_eq!(since(date(2023, 11, 2)), Truth::Unmet);
    }
}
