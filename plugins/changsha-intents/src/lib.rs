//! Matching rules of the Changsha roadshow: what joins projects from abroad and local demands.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (supply, demand) = (case.supply(), case.demand());
    let ready = |deal: Fact<Deal>| supply.deals().any(|mine| mine.same_as(deal));
    let offered = |help: Fact<Help>| demand.help_offered().any(|theirs| theirs.same_as(help));
    let short = || demand.trl().minus(supply.trl());

    ruling.clause(Clause::FieldOfRoadshow, demand.field().one_of(p.fields()));
    ruling.clause(Clause::SameField, supply.field().same_as(demand.field()));
    let takes = |party: Party| party.role().one_of([Role::Firm, Role::Investor]);
    let local = |party: Party| party.city().is(City::Changsha);
    let local_taker = case.any_party(|party| takes(party).and_then(|| local(party)));
    ruling.clause(Clause::LocalTaker, local_taker);

    ruling.clause(Clause::CanBeDeveloped, short().at_most(p.slack()));
    ruling.clause(Clause::CanBeTransferred, supply.rights().one_of(p.transferable_rights()));
    // What is not on record may have been agreed on anywhere: that cannot be said.
    ruling.clause(Clause::StillFree, !registry::agreed(&supply));
    ruling.clause(Clause::CanBeTraded, demand.deals().any(ready));
    let class = |class| supply.import_class().is(class);
    let may_enter = || {
        (!class(ImportClass::Prohibited)).and_then(|| {
            class(ImportClass::Restricted).implies_that(|| supply.import_licence().holds())
        })
    };
    ruling.clause(Clause::CanCrossBorders, supply.exit_allowed().holds().and_then(may_enter));
    // What needs no help can land without any.
    let helped =
        || supply.help_needed().count().is(0).or_else(|| supply.help_needed().any(offered));
    ruling.clause(Clause::CanLandHere, supply.landing_city().is(City::Changsha).and_then(helped));

    let fit = |part, weight| match part {
        Part::Help => {
            let common = supply.help_needed().count_where(offered);
            weigh::share(weight, common, supply.help_needed().count())
        }
        Part::Deals => {
            let common = demand.deals().count_where(ready);
            weigh::share(weight, common, demand.deals().count())
        }
        Part::Maturity => weigh::less_for_each(weight, p.loss_per_level(), short()),
    };
    let all: Decimal = p.weights().map(|row| row.weight()).sum();
    let affinity = || {
        let parts = p.weights().map(|row| fit(row.part(), row.weight()));
        weigh::of_hundred(parts, all)
    };
    ruling.clause(Clause::CloseEnough, affinity().at_least(p.min_affinity()));

    ruling.affinity(affinity());
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    const ALL: [Help; 3] = [Help::Capital, Help::Site, Help::Trial];

    fn case(needed: &[Help], offered: &[Help], trl: i64, deals: &[Deal]) -> Reported {
        Case::on(2026, 11, 1)
            .supply(|supply| {
                supply.help_needed(needed.to_vec()).trl(trl).deals(vec![Deal::Licence])
            })
            .demand(|demand| demand.help_offered(offered.to_vec()).trl(7).deals(deals.to_vec()))
            .decide()
    }

    #[test]
    fn the_affinity_is_made_of_the_three_weights() {
        let both = [Deal::Licence, Deal::Equity];
        // 40 × 2/3 + 30 × 0.75 + 30 × 1/2 = 26.666… + 22.5 + 15
        let ruling = case(&ALL, &[Help::Capital, Help::Site], 6, &both);
        assert_eq!(ruling.affinity(), Some(decimal("64.16")));
        // Whatever is offered beside what is needed, and a higher level than is looked for, add nothing.
        let ruling = case(&[Help::Site], &ALL, 9, &[Deal::Licence]);
        assert_eq!(ruling.affinity(), Some(decimal("100")));
        // Five levels short: nothing of the weight is left, and no less than nothing.
        let ruling = case(&[Help::Site], &[], 2, &[Deal::Licence]);
        assert_eq!(ruling.affinity(), Some(decimal("30")));
    }

    #[test]
    fn a_project_that_needs_no_help_can_land_without_any() {
        let lands = |needed: &[Help], city| {
            let case = Case::on(2026, 11, 1);
            let case = case
                .supply(|supply| supply.help_needed(needed.to_vec()).landing_city(city))
                .demand(|demand| demand.help_offered(vec![Help::Trial]));
            case.decide().truth(Clause::CanLandHere)
        };
        assert_eq!(lands(&[], City::Changsha), Truth::Met);
        assert_eq!(lands(&[Help::Capital, Help::Trial], City::Changsha), Truth::Met);
        assert_eq!(lands(&[Help::Capital], City::Changsha), Truth::Unmet);
        assert_eq!(lands(&[], City::Other), Truth::Unmet);
    }

    #[test]
    fn two_deals_that_nobody_listed_cannot_be_told_apart() {
        let ruling = Case::on(2026, 11, 1)
            .supply(|supply| supply.deals(vec![Deal::Other]))
            .demand(|demand| demand.deals(vec![Deal::Other]))
            .decide();
        assert_eq!(ruling.truth(Clause::CanBeTraded), Truth::Undetermined);
        assert_eq!(ruling.affinity(), None);
    }

    #[test]
    fn a_licence_is_asked_for_only_where_import_is_restricted() {
        let of = |class, licence| {
            let case = Case::on(2026, 11, 1).supply(|supply| {
                supply.exit_allowed(true).import_class(class).import_licence(licence)
            });
            case.decide().truth(Clause::CanCrossBorders)
        };
        assert_eq!(of(ImportClass::Free, false), Truth::Met);
        assert_eq!(of(ImportClass::Restricted, false), Truth::Unmet);
        assert_eq!(of(ImportClass::Restricted, true), Truth::Met);
        assert_eq!(of(ImportClass::Prohibited, true), Truth::Unmet);
    }

    #[test]
    fn a_local_firm_or_investor_takes_and_the_citys_name_alone_is_not_enough() {
        let with = |role, city| {
            let case = Case::on(2026, 11, 1).party(|party| party.role(role).city(city));
            case.decide().truth(Clause::LocalTaker)
        };
        assert_eq!(with(Role::Firm, City::Changsha), Truth::Met);
        assert_eq!(with(Role::Investor, City::Changsha), Truth::Met);
        assert_eq!(with(Role::Government, City::Changsha), Truth::Unmet);
        assert_eq!(with(Role::Firm, City::Other), Truth::Unmet);
    }

    #[test]
    fn what_is_signed_is_no_longer_free() {
        let agreed = |agreed| {
            let case = Case::on(2026, 11, 1).supply(|supply| supply.has_agreed(agreed));
            case.decide().truth(Clause::StillFree)
        };
        assert_eq!((agreed(false), agreed(true)), (Truth::Met, Truth::Unmet));
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::StillFree), Truth::Undetermined);
    }
}
