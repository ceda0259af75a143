//! Rules of the Beijing–Hong Kong youth contest: which entries may be judged, and their marks.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let entry = case.entry();
    let judges = || entry.marks().count();

    ruling.clause(Clause::FromEitherCity, entry.city().one_of([City::Beijing, City::HongKong]));
    ruling.clause(Clause::FieldOfContest, entry.field().one_of(p.fields()));
    let age = calendar::age(entry.leader_born(), case.as_of());
    ruling.clause(Clause::LeaderAge, age.between(p.min_age(), p.max_age()));
    ruling.clause(Clause::RightsUndisputed, !entry.rights_disputed().holds());
    // A mark that is given is from 0 to 100: the host sees to that. One that is missing leaves it open.
    let given = |mark: Fact<Decimal>| mark.test(|_| true);
    let complete = entry.marks().every(|judge| {
        let [innovation, business] = [given(judge.innovation()), given(judge.business_value())];
        innovation & business & given(judge.team()) & given(judge.performance())
    });
    ruling.clause(Clause::PanelComplete, judges().at_least(p.min_judges()) & complete);

    // The mean over the judges, cut down to two decimals. A mark that is missing leaves it open.
    let mean = |sum: Maybe<Decimal>| {
        let both = sum.get().zip(judges().get());
        Maybe(both.map(|(sum, judges)| (sum / Decimal::from(judges)).trunc_with_scale(2)))
    };
    let marks = || entry.marks();
    ruling.score(Criterion::Innovation, mean(marks().sum(|judge| judge.innovation())));
    ruling.score(Criterion::BusinessValue, mean(marks().sum(|judge| judge.business_value())));
    ruling.score(Criterion::Team, mean(marks().sum(|judge| judge.team())));
    ruling.score(Criterion::Performance, mean(marks().sum(|judge| judge.performance())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::testing::*;

    fn marked(marks: &[&str]) -> Reported {
        let row = |mark: &&str| (decimal(mark), decimal("70"), decimal("80"), decimal("90"));
        let rows = marks.iter().map(row).collect();
        Case::on(2026, 11, 1).entry(|entry| entry.marks(rows)).decide()
    }

    #[test]
    fn a_criterion_is_marked_by_the_mean_over_the_judges_cut_to_two_decimals() {
        // 92 + 88.5 + 90 = 270.5, and a third of it is 90.1666…
        let ruling = marked(&["92", "88.5", "90"]);
        assert_eq!(ruling.score(Criterion::Innovation), Some(decimal("90.16")));
        assert_eq!(ruling.score(Criterion::BusinessValue), Some(decimal("70")));
        assert_eq!(ruling.score(Criterion::Team), Some(decimal("80")));
        assert_eq!(ruling.score(Criterion::Performance), Some(decimal("90")));
        assert_eq!(marked(&["0.01", "0", "0"]).score(Criterion::Innovation), Some(decimal("0")));
    }

    #[test]
    fn nobody_who_marks_is_left_out_and_no_panel_is_no_mark() {
        assert_eq!(marked(&["90", "90"]).truth(Clause::PanelComplete), Truth::Unmet);
        assert_eq!(marked(&["90", "90", "90"]).truth(Clause::PanelComplete), Truth::Met);
        assert_eq!(marked(&[]).score(Criterion::Innovation), None);
        let unknown = Case::on(2026, 11, 1).entry(|entry| entry.city(City::HongKong)).decide();
        assert_eq!(unknown.truth(Clause::PanelComplete), Truth::Undetermined);
        assert_eq!(unknown.score(Criterion::Team), None);
    }

    #[test]
    fn a_leader_is_of_age_and_thirty_nine_until_the_day_before_turning_forty() {
        let born = |day| {
            let case = Case::on(2026, 11, 1).entry(|entry| entry.leader_born(day));
            case.decide().truth(Clause::LeaderAge)
        };
        assert_eq!(born(date(1986, 11, 1)), Truth::Unmet);
        assert_eq!(born(date(1986, 11, 2)), Truth::Met);
        assert_eq!(born(date(2008, 11, 1)), Truth::Met);
        assert_eq!(born(date(2008, 11, 2)), Truth::Unmet);
    }
}
