//! Matching rules of the Torch express of 2023 in Nanyang: what joins supply and demand.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (supply, demand) = (case.supply(), case.demand());
    let side = |role| case.any_party(|party| party.role().is(role));
    let offered = |topic: Fact<Topic>| supply.topics().any(|mine| mine.same_as(topic));
    let ready = |mode: Fact<Mode>| supply.modes().any(|mine| mine.same_as(mode));
    let short = || demand.trl().minus(supply.trl());

    ruling.clause(Clause::SectorOfExpress, demand.sector().one_of(p.sectors()));
    ruling.clause(Clause::SameSector, supply.sector().same_as(demand.sector()));
    ruling.clause(Clause::ResearchSide, side(Role::Research));
    let takes = |party: Party| party.role().one_of([Role::Firm, Role::Investor]);
    let local = |party: Party| party.city().is(City::Nanyang);
    let local_taker = case.any_party(|party| takes(party).and_then(|| local(party)));
    ruling.clause(Clause::LocalTaker, local_taker);
    let sides = [Role::Government, Role::Research, Role::Firm, Role::Investor, Role::ServiceBody];
    ruling.clause(Clause::FiveSides, Truth::every(sides.map(side)));
    ruling.clause(Clause::RightsClear, supply.rights_clear().holds());
    // What is not on record may have been agreed on anywhere: that cannot be said.
    ruling.clause(Clause::StillFree, !registry::agreed(&supply));
    ruling.clause(Clause::TopicInCommon, demand.topics().any(offered));
    ruling.clause(Clause::MatureEnough, short().at_most(p.slack()));
    let reach = demand.budget().times(Decimal::ONE + p.price_margin());
    ruling.clause(Clause::PriceInReach, supply.price().at_most(reach));
    ruling.clause(Clause::ModeInCommon, demand.modes().any(ready));

    let fit = |part, weight| match part {
        Part::Topics => {
            let common = demand.topics().count_where(offered);
            weigh::share(weight, common, demand.topics().count())
        }
        Part::Modes => {
            let common = demand.modes().count_where(ready);
            weigh::share(weight, common, demand.modes().count())
        }
        Part::Price => {
            let paid = demand.budget().min(supply.price()).map(|paid| paid.minor);
            weigh::share(weight, paid, supply.price().map(|price| price.minor))
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

    const ASKED: [Topic; 3] = [Topic::OpticalElements, Topic::OpticalSensing, Topic::MachineTools];

    fn case(topics: &[Topic], trl: i64, price: &str, modes: &[Mode]) -> Reported {
        Case::on(2023, 9, 25)
            .supply(|supply| {
                let supply = supply.topics(topics.to_vec()).modes(modes.to_vec());
                supply.trl(trl).price(cny(price))
            })
            .demand(|demand| {
                let demand = demand.topics(ASKED.to_vec()).budget(cny("1000000.00")).trl(7);
                demand.modes(vec![Mode::Licence, Mode::Equity, Mode::Assignment])
            })
            .decide()
    }

    #[test]
    fn the_affinity_is_made_of_the_four_weights() {
        let two = [Topic::OpticalElements, Topic::OpticalSensing];
        let licence = [Mode::Licence];
        // 40 × 2/3 + 25 × 0.6 + 20 + 15 × 1/3 = 26.666… + 15 + 20 + 5
        assert_eq!(case(&two, 6, "900000.00", &licence).affinity(), Some(decimal("66.66")));
        // 26.666… + 25 + 20 × 1000/1100 + 5 = 26.666… + 25 + 18.1818… + 5
        assert_eq!(case(&two, 8, "1100000.00", &licence).affinity(), Some(decimal("74.84")));
        // Nothing in common, five levels short and nothing to pay: the price alone fits.
        assert_eq!(case(&[], 2, "0.00", &[]).affinity(), Some(decimal("20")));
    }

    #[test]
    fn thirds_add_up_and_nothing_is_rounded_up() {
        let (one, licence) = ([Topic::MachineTools], [Mode::Licence]);
        // 40 × 1/3 + 25 + 20 × 5/6 + 15 × 1/3 = 13.333… + 25 + 16.666… + 5
        let whole = case(&one, 7, "1200000.00", &licence);
        assert_eq!(whole.affinity(), Some(decimal("60")));
        assert_eq!(whole.truth(Clause::CloseEnough), Truth::Met);
        let less = case(&one, 7, "1200000.01", &licence);
        assert_eq!(less.affinity(), Some(decimal("59.99")));
        assert_eq!(less.truth(Clause::CloseEnough), Truth::Unmet);
    }

    #[test]
    fn everything_in_common_is_a_hundred() {
        let modes = [Mode::Assignment, Mode::Equity, Mode::Licence, Mode::JointDevelopment];
        assert_eq!(case(&ASKED, 9, "1000000.00", &modes).affinity(), Some(decimal("100")));
    }

    #[test]
    fn two_topics_that_nobody_listed_cannot_be_told_apart() {
        let ruling = Case::on(2023, 9, 25)
            .supply(|supply| supply.topics(vec![Topic::Other]))
            .demand(|demand| demand.topics(vec![Topic::Other]))
            .decide();
        assert_eq!(ruling.truth(Clause::TopicInCommon), Truth::Undetermined);
        assert_eq!(ruling.affinity(), None);
    }

    #[test]
    fn a_local_firm_or_investor_takes_and_the_citys_name_alone_is_not_enough() {
        let with = |role, city| {
            let case = Case::on(2023, 9, 25).party(|party| party.role(role).city(city));
            case.decide().truth(Clause::LocalTaker)
        };
        assert_eq!(with(Role::Firm, City::Nanyang), Truth::Met);
        assert_eq!(with(Role::Investor, City::Nanyang), Truth::Met);
        assert_eq!(with(Role::Research, City::Nanyang), Truth::Unmet);
        assert_eq!(with(Role::Firm, City::Other), Truth::Unmet);
    }

    #[test]
    fn what_is_agreed_on_is_no_longer_free() {
        let agreed = |agreed| {
            let case = Case::on(2023, 9, 25).supply(|supply| supply.has_agreed(agreed));
            case.decide().truth(Clause::StillFree)
        };
        assert_eq!((agreed(false), agreed(true)), (Truth::Met, Truth::Unmet));
        let unknown = Case::on(2023, 9, 25).decide();
        assert_eq!(unknown.truth(Clause::StillFree), Truth::Undetermined);
    }
}
