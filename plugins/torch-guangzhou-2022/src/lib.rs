//! Screening rules of the Torch express of 2022 in Guangzhou: what goes into the project library.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let entry = case.entry();

    ruling.clause(Clause::ArtificialIntelligence, entry.artificial_intelligence().holds());
    ruling.clause(Clause::TrackOfFour, entry.track().one_of(p.tracks()));
    ruling.clause(Clause::MatureEnough, entry.trl().at_least(p.min_trl()));
    let claims_much = entry.trl().at_least(p.tested_from());
    ruling.clause(Clause::MaturityShown, claims_much.implies_that(|| entry.tested().holds()));
    ruling.clause(Clause::RightsHeld, entry.rights_held().holds());
    ruling.clause(Clause::NotInLibrary, !entry.in_library().holds());

    let mark = |part| match part {
        Part::Market => entry.market(),
        Part::Need => entry.need(),
        Part::Landing => entry.landing(),
    };
    // The weighted mean, cut down to two decimals, whatever the weights come to.
    let all: Decimal = p.prospect_weights().map(|row| row.weight()).sum();
    let weighted = |row: ParamsProspectWeightsRow| mark(row.part()).map(|mark| mark * row.weight());
    let prospects = || {
        let nothing = Maybe::from(Decimal::ZERO);
        let sum = p.prospect_weights().fold(nothing, |sum, row| sum.plus(weighted(row)));
        sum.map(|sum| (sum / all).trunc_with_scale(2))
    };
    ruling.clause(Clause::PromisingEnough, prospects().at_least(p.min_prospects()));
    ruling.clause(Clause::ScenarioNamed, entry.scenario_named().holds());

    let reached = |trl| p.maturity_marks().filter(move |row| trl >= row.from_trl());
    let highest = |trl| reached(trl).map(|row| row.mark()).max().unwrap_or(Decimal::ZERO);
    ruling.score(Criterion::TechnicalMaturity, entry.trl().map(highest));
    ruling.score(Criterion::IndustrialProspects, prospects());
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn marked(market: &str, need: &str, landing: &str) -> Reported {
        let (market, need, landing) = (decimal(market), decimal(need), decimal(landing));
        let case = Case::on(2022, 8, 1);
        case.entry(|entry| entry.market(market).need(need).landing(landing)).decide()
    }

    #[test]
    fn prospects_are_the_weighted_mean_cut_to_two_decimals() {
        // 0.4 × 81 + 0.35 × 75.5 + 0.25 × 68.25 = 32.4 + 26.425 + 17.0625 = 75.8875
        let ruling = marked("81", "75.5", "68.25");
        assert_eq!(ruling.score(Criterion::IndustrialProspects), Some(decimal("75.88")));
        // 0.4 × 59.99 + 0.35 × 60 + 0.25 × 60 = 59.996, which is cut and not rounded up.
        assert_eq!(marked("60", "60", "60").truth(Clause::PromisingEnough), Truth::Met);
        assert_eq!(marked("59.99", "60", "60").truth(Clause::PromisingEnough), Truth::Unmet);
    }

    #[test]
    fn a_part_that_is_not_marked_leaves_the_prospects_open() {
        let case = Case::on(2022, 8, 1);
        let ruling = case.entry(|entry| entry.market(decimal("90")).need(decimal("90"))).decide();
        assert_eq!(ruling.truth(Clause::PromisingEnough), Truth::Undetermined);
        assert_eq!(ruling.score(Criterion::IndustrialProspects), None);
    }

    #[test]
    fn maturity_is_marked_by_its_level() {
        for (trl, mark) in [(3, "0"), (4, "50"), (5, "60"), (8, "90"), (9, "100")] {
            let ruling = Case::on(2022, 8, 1).entry(|entry| entry.trl(trl)).decide();
            assert_eq!(ruling.score(Criterion::TechnicalMaturity), Some(decimal(mark)));
        }
    }

    #[test]
    fn only_a_high_level_must_be_shown_by_a_test() {
        let untested = |trl: i64| {
            let case = Case::on(2022, 8, 1).entry(|entry| entry.trl(trl).tested(false));
            case.decide().truth(Clause::MaturityShown)
        };
        assert_eq!(untested(5), Truth::Met);
        assert_eq!(untested(6), Truth::Unmet);
        let unknown = Case::on(2022, 8, 1).entry(|entry| entry.trl(6)).decide();
        assert_eq!(unknown.truth(Clause::MaturityShown), Truth::Undetermined);
    }
}
