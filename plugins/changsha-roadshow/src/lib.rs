//! Screening rules of the Changsha roadshow of international projects: the six "can"s and novelty.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let entry = case.entry();

    ruling.clause(Clause::FromAbroad, !entry.country().is(Country::China));
    ruling.clause(Clause::FieldOfRoadshow, entry.field().one_of(p.fields()));

    ruling.clause(Clause::CanTakePart, entry.presenter().holds());
    ruling.clause(Clause::CanBeDeveloped, entry.trl().at_least(p.min_trl()));
    ruling.clause(Clause::CanBeTransferred, entry.rights().one_of(p.transferable_rights()));
    ruling.clause(Clause::CanBeTraded, entry.deals().any(|deal| deal.one_of(p.deals())));
    let class = |class| entry.import_class().is(class);
    let may_enter = || {
        (!class(ImportClass::Prohibited)).and_then(|| {
            class(ImportClass::Restricted).implies_that(|| entry.import_licence().holds())
        })
    };
    ruling.clause(Clause::CanCrossBorders, entry.exit_allowed().holds().and_then(may_enter));
    let in_time = || entry.months_to_land().at_most(p.max_months_to_land());
    ruling.clause(Clause::CanLandHere, entry.landing_city().is(City::Changsha).and_then(in_time));

    let asked_in = |round| Maybe(p.novelty_by_round().find(|row| row.round() == round));
    let asked = entry.round().and_then(asked_in).map(|row| row.min_novelty());
    ruling.clause(Clause::NovelEnough, entry.novelty().at_least(asked));
    let marks = [entry.novelty(), entry.market(), entry.local_fit()];
    let given = marks.map(|mark| mark.more_than(Decimal::ZERO));
    ruling.clause(Clause::MarkedOnAll, Truth::every(given));

    ruling.score(Criterion::TechnicalNovelty, entry.novelty());
    ruling.score(Criterion::Market, entry.market());
    ruling.score(Criterion::LocalFit, entry.local_fit());
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    #[test]
    fn a_licence_is_asked_for_only_where_import_is_restricted() {
        let of = |class, licence| {
            let case = Case::on(2026, 11, 1).entry(|entry| {
                entry.exit_allowed(true).import_class(class).import_licence(licence)
            });
            case.decide().truth(Clause::CanCrossBorders)
        };
        assert_eq!(of(ImportClass::Free, false), Truth::Met);
        assert_eq!(of(ImportClass::Restricted, false), Truth::Unmet);
        assert_eq!(of(ImportClass::Restricted, true), Truth::Met);
        assert_eq!(of(ImportClass::Prohibited, true), Truth::Unmet);
        let unknown = Case::on(2026, 11, 1)
            .entry(|entry| entry.exit_allowed(true).import_class(ImportClass::Restricted));
        assert_eq!(unknown.decide().truth(Clause::CanCrossBorders), Truth::Undetermined);
    }

    #[test]
    fn nothing_leaves_a_country_that_does_not_let_it_go() {
        let case = Case::on(2026, 11, 1).entry(|entry| entry.exit_allowed(false));
        assert_eq!(case.decide().truth(Clause::CanCrossBorders), Truth::Unmet);
    }

    #[test]
    fn every_round_asks_for_more_novelty() {
        for (round, enough, less) in [
            (Round::First, "60", "59.99"),
            (Round::Second, "75", "74.99"),
            (Round::Third, "85", "84.99"),
        ] {
            let of = |mark| {
                let case = Case::on(2026, 11, 1);
                let case = case.entry(|entry| entry.round(round).novelty(decimal(mark)));
                case.decide().truth(Clause::NovelEnough)
            };
            assert_eq!((of(enough), of(less)), (Truth::Met, Truth::Unmet));
        }
    }

    #[test]
    fn one_deal_that_counts_is_enough() {
        let ready_for = |deals| {
            let case = Case::on(2026, 11, 1).entry(|entry| entry.deals(deals));
            case.decide().truth(Clause::CanBeTraded)
        };
        assert_eq!(ready_for(vec![Deal::Other, Deal::Licence]), Truth::Met);
        assert_eq!(ready_for(vec![Deal::Other]), Truth::Unmet);
        assert_eq!(ready_for(vec![]), Truth::Unmet);
    }

    #[test]
    fn the_marks_are_given_on_as_they_are() {
        let case = Case::on(2026, 11, 1)
            .entry(|entry| entry.novelty(decimal("88.25")).market(decimal("70")));
        let ruling = case.decide();
        assert_eq!(ruling.score(Criterion::TechnicalNovelty), Some(decimal("88.25")));
        assert_eq!(ruling.score(Criterion::Market), Some(decimal("70")));
        assert_eq!(ruling.score(Criterion::LocalFit), None);
        assert_eq!(ruling.truth(Clause::MarkedOnAll), Truth::Undetermined);
    }
}
