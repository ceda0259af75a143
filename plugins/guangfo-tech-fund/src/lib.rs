//! Rules of the Guangzhou–Foshan science fund, the same whichever city the lead is from.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let (project, person) = (case.project(), case.talent());
    let leads = |party: Party| party.role().is(Role::Lead);
    let in_cities = |party: Party| party.city().one_of(p.cities());

    ruling.clause(Clause::OneLead, case.one_party(leads));
    ruling.clause(
        Clause::LeadInCities,
        case.every_party(|party| leads(party).implies_that(|| in_cities(party))),
    );
    let applications = person.joint_applications();
    ruling.clause(Clause::OneApplication, applications.at_most(p.max_applications()));

    let on_youth_line = || project.line().is(Line::Youth);
    // Who turns so old in the year of the application is young enough all year.
    let earliest = |age| case.years_ago(age).first_of_year();
    let young = |age| person.born().between(earliest(age), case.as_of());
    let woman = || person.sex().is(Sex::Female);
    let young_enough = || young(p.max_age()).or_else(|| young(p.max_age_women()).and_then(woman));
    ruling.clause(Clause::YoungEnough, on_youth_line().implies_that(young_enough));
    let titled = || person.title().one_of([Title::AssociateSenior, Title::Senior]);
    let qualified = || person.degree().is(Degree::Doctorate).or_else(titled);
    ruling.clause(Clause::Qualified, on_youth_line().implies_that(qualified));
    let first_to_lead = || !person.led_before().holds();
    ruling.clause(Clause::FirstToLead, on_youth_line().implies_that(first_to_lead));
    let not_awarded = || !registry::awarded_here(&person);
    ruling.clause(Clause::OneAward, on_youth_line().implies_that(not_awarded));

    ruling.clause(Clause::Term, project.years().between(p.min_years(), p.max_years()));
    ruling.clause(Clause::AmountRequested, project.requested().more_than_nought());
    let cap = |line| match line {
        Line::Youth => p.youth_cap(),
        Line::General => p.general_cap(),
    };
    // What the fund has awarded the project, by the record, counts towards the cap.
    let left_of = |cap| registry::left_by_record(cap, &project, |award| award.same_program);
    let cap_left = || project.line().map(cap).and_then(left_of);
    ruling.clause(Clause::WithinCap, project.requested().at_most(cap_left()));

    ruling.award(project.requested().min(cap_left()).min(registry::available(Fund::Joint)));
    if person.city().one_of(p.cities()) == Truth::Unmet {
        ruling.note(Note::PersonElsewhere);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn awarded(amount: &str, same_program: bool) -> Vec<Award> {
        vec![Award { amount: cny(amount), on: date(2025, 6, 1), same_program, payer: None }]
    }

    #[test]
    fn the_leads_city_matters_only_for_being_one_of_the_two() {
        let from = |city| {
            let case = Case::on(2026, 11, 1).fund(Fund::Joint, cny("9000000.00"));
            let case = case.party(|party| party.role(Role::Lead).city(city));
            let case = case.project(|p| p.line(Line::General).requested(cny("200000.00")));
            let ruling = case.decide();
            (ruling.truth(Clause::LeadInCities), ruling.amount())
        };
        assert_eq!(from(City::Guangzhou), (Truth::Met, Some(cny("200000.00"))));
        assert_eq!(from(City::Guangzhou), from(City::Foshan));
        assert_eq!(from(City::Other).0, Truth::Unmet);
    }

    #[test]
    fn ages_are_those_reached_in_the_year_of_the_application() {
        let of = |sex, born| {
            let case = Case::on(2026, 11, 1).project(|p| p.line(Line::Youth));
            case.talent(|person| person.sex(sex).born(born)).decide().truth(Clause::YoungEnough)
        };
        // 2026 − 35 = 1991, and for women 2026 − 38 = 1988.
        assert_eq!(of(Sex::Male, date(1991, 1, 1)), Truth::Met);
        assert_eq!(of(Sex::Male, date(1990, 12, 31)), Truth::Unmet);
        assert_eq!(of(Sex::Female, date(1990, 12, 31)), Truth::Met);
        assert_eq!(of(Sex::Female, date(1988, 1, 1)), Truth::Met);
        assert_eq!(of(Sex::Female, date(1987, 12, 31)), Truth::Unmet);
        assert_eq!(of(Sex::Female, date(2026, 11, 2)), Truth::Unmet);
    }

    #[test]
    fn the_sex_is_asked_for_only_where_it_matters() {
        let born = |day| {
            let case = Case::on(2026, 11, 1).project(|p| p.line(Line::Youth));
            case.talent(|person| person.born(day)).decide().truth(Clause::YoungEnough)
        };
        assert_eq!(born(date(1995, 5, 5)), Truth::Met);
        assert_eq!(born(date(1989, 5, 5)), Truth::Undetermined);
        assert_eq!(born(date(1980, 5, 5)), Truth::Unmet);
    }

    #[test]
    fn the_general_line_asks_nothing_about_youth() {
        let case = Case::on(2026, 11, 1).project(|p| p.line(Line::General));
        let ruling = case.decide();
        assert_eq!(ruling.truth(Clause::YoungEnough), Truth::Met);
        assert_eq!(ruling.truth(Clause::Qualified), Truth::Met);
        assert_eq!(ruling.truth(Clause::FirstToLead), Truth::Met);
        let unknown = Case::on(2026, 11, 1).decide();
        assert_eq!(unknown.truth(Clause::Qualified), Truth::Undetermined);
    }

    #[test]
    fn the_award_is_what_is_asked_for_within_cap_and_fund() {
        let of = |line, asked, available| {
            let case = Case::on(2026, 11, 1).project(|p| p.line(line).requested(cny(asked)));
            case.fund(Fund::Joint, cny(available)).decide().amount()
        };
        assert_eq!(of(Line::Youth, "99999.99", "9000000.00"), Some(cny("99999.99")));
        assert_eq!(of(Line::Youth, "100000.01", "9000000.00"), Some(cny("100000.00")));
        assert_eq!(of(Line::General, "300000.00", "9000000.00"), Some(cny("300000.00")));
        assert_eq!(of(Line::General, "300000.00", "250000.37"), Some(cny("250000.37")));
    }

    #[test]
    fn a_person_is_awarded_once_on_the_youth_line() {
        let of = |line, same_program| {
            let case = Case::on(2026, 11, 1).project(|p| p.line(line));
            let case = case.talent(|person| person.awarded(awarded("80000.00", same_program)));
            case.decide().truth(Clause::OneAward)
        };
        assert_eq!(of(Line::Youth, true), Truth::Unmet);
        assert_eq!(of(Line::Youth, false), Truth::Met);
        assert_eq!(of(Line::General, true), Truth::Met);
        let no_record = Case::on(2026, 11, 1).project(|p| p.line(Line::Youth)).decide();
        assert_eq!(no_record.truth(Clause::OneAward), Truth::Met);
        let case = Case::on(2026, 11, 1);
        let no_line = case.talent(|person| person.awarded(awarded("80000.00", true)));
        assert_eq!(no_line.decide().truth(Clause::OneAward), Truth::Undetermined);
    }

    #[test]
    fn what_the_fund_awarded_the_project_counts_towards_the_cap_of_its_line() {
        let of = |line, asked, before| {
            let case = Case::on(2026, 11, 1).fund(Fund::Joint, cny("9000000.00"));
            let case =
                case.project(|p| p.line(line).requested(cny(asked)).awarded(awarded(before, true)));
            let ruling = case.decide();
            (ruling.truth(Clause::WithinCap), ruling.amount())
        };
        let met = |amount| (Truth::Met, Some(cny(amount)));
        assert_eq!(of(Line::General, "50000.00", "250000.00"), met("50000.00"));
        assert_eq!(of(Line::General, "50000.01", "250000.00").0, Truth::Unmet);
        assert_eq!(of(Line::Youth, "0.01", "99999.99"), met("0.01"));
        assert_eq!(of(Line::Youth, "0.01", "100000.00").0, Truth::Unmet);
    }
}
