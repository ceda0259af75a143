//! Rules for pilot policies carried over to members of the Guangzhou–Foshan cooperation zone.

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let leads = |party: Party| party.role().is(Role::Lead);

    ruling.clause(Clause::OneLead, case.one_party(leads));
    for party in case.parties() {
        let member = || party.zone_member().holds();
        ruling.clause_for(Clause::ZoneMember, &party, leads(party).implies_that(member));
    }

    let open = |area| {
        let pilots = || p.pilots().filter(move |pilot| pilot.area() == area);
        let suits = |party: Party, pilot: ParamsPilotsRow| {
            party.kind().is(pilot.kind()).and_then(|| project.sector().is(pilot.sector()))
        };
        let one_suits = |party| Truth::some(pilots().map(|pilot| suits(party, pilot)));
        case.any_party(|party| leads(party).and_then(|| one_suits(party)))
    };
    // A measure that is not asked for asks for nothing.
    let asked = |measure, area| project.measure().is(measure).and_then(|| open(area));
    let mut give = |clause, what, due| {
        ruling.clause(clause, due);
        ruling.entitle(what, due);
    };
    let nansha = asked(Measure::NanshaPilots, Area::Nansha);
    give(Clause::NanshaPilots, Entitlement::NanshaPilots, nansha);
    let hengqin = asked(Measure::HengqinPilots, Area::Hengqin);
    give(Clause::HengqinPilots, Entitlement::HengqinPilots, hengqin);
    let team = |party: Party| party.hk_macao_team().at_least(p.min_hk_macao_team());
    let space = asked(Measure::SpacePriority, Area::Qianhai)
        .and_then(|| case.any_party(|party| leads(party).and_then(|| team(party))));
    give(Clause::SpacePriority, Entitlement::SpacePriority, space);

    let lead = || Maybe(case.parties().find(|party| leads(*party) == Truth::Met));
    let left = || lead().and_then(|body| left_of_cap(body, p));
    let whole = |rate: Decimal, cap: Money| project.patent_price().times(rate).min(cap);
    let mut pay = |clause, what, measure, rate: Decimal, cap: Money| {
        let share = || whole(rate, cap).min(left());
        let due = asked(measure, Area::Qianhai)
            .and_then(|| project.patent_from().one_of([Origin::HongKong, Origin::Macao]))
            .and_then(|| share().more_than_nought());
        ruling.clause(clause, due);
        match due {
            Truth::Met => ruling.entitle_to(what, share().min(registry::available(Fund::Zone))),
            other => ruling.entitle(what, other),
        }
    };
    let (clause, what) = (Clause::PatentPurchase, Entitlement::PatentPurchase);
    pay(clause, what, Measure::PatentPurchase, p.patent_rate(), p.patent_cap());
    let (clause, what) = (Clause::PatentLicence, Entitlement::PatentLicence);
    pay(clause, what, Measure::PatentLicence, p.licence_rate(), p.licence_cap());
    let suffices = |measure, rate, cap| {
        project.measure().is(measure).implies_that(|| left().at_least(whole(rate, cap)))
    };
    let for_purchase = suffices(Measure::PatentPurchase, p.patent_rate(), p.patent_cap());
    let for_licence = suffices(Measure::PatentLicence, p.licence_rate(), p.licence_cap());
    ruling.clause(Clause::BodyCapSuffices, for_purchase & for_licence);
}

/// What is left of the cap of a body: by the record, or where none is kept, by its own word.
fn left_of_cap(body: Party, p: &Params) -> Maybe<Money> {
    let cap = Maybe::from(p.body_cap());
    let by_record = registry::left_of(p.body_cap(), &body, |award| award.same_program);
    let by_word = || cap.minus(body.zone_support_received().min(cap));
    Maybe(by_record.get().or_else(|| by_word().get()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    /// A firm that Qianhai's measures are open to asks for one of them.
    fn asking(measure: Measure, price: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1).project(|project| {
            let project = project.measure(measure).sector(Sector::BiomedicineHealth);
            project.patent_from(Origin::HongKong).patent_price(cny(price))
        })
    }

    fn firm(party: case_builder::PartyBuilder<'_>) -> case_builder::PartyBuilder<'_> {
        party.role(Role::Lead).kind(PartyKind::Enterprise)
    }

    fn awarded(amount: &str, same_program: bool) -> Award {
        Award { amount: cny(amount), on: date(2026, 3, 1), same_program, payer: None }
    }

    /// What is paid of a patent of CNY 500,000.
    fn paid(awards: Vec<Award>, fund: &str) -> Option<Money> {
        let case = asking(Measure::PatentPurchase, "500000.00").fund(Fund::Zone, cny(fund));
        let ruling = case.party(|party| firm(party).awarded(awards)).decide();
        ruling.entitled_to(Entitlement::PatentPurchase)
    }

    #[test]
    fn a_fifth_is_paid_up_to_the_cap_cut_to_the_fen() {
        let of = |measure, entitlement, price| {
            let case = asking(measure, price).fund(Fund::Zone, cny("9000000.00"));
            let ruling = case.party(|party| firm(party).awarded(vec![])).decide();
            ruling.entitled_to(entitlement).expect("it is due")
        };
        let price = |price| of(Measure::PatentPurchase, Entitlement::PatentPurchase, price);
        assert_eq!(price("400000.00"), cny("80000.00"));
        assert_eq!(price("499999.99"), cny("99999.99"));
        assert_eq!(price("500000.05"), cny("100000.00"));
        let fee = |fee| of(Measure::PatentLicence, Entitlement::PatentLicence, fee);
        assert_eq!(fee("100000.00"), cny("20000.00"));
        assert_eq!(fee("249999.99"), cny("49999.99"));
        assert_eq!(fee("250000.05"), cny("50000.00"));
    }

    #[test]
    fn what_the_program_gave_before_counts_towards_the_cap_of_the_body() {
        let of = |awards| paid(awards, "9000000.00");
        // 500,000 − 300,000 − 120,000 = 80,000 is left.
        let twice = || vec![awarded("300000.00", true), awarded("120000.00", true)];
        assert_eq!(of(twice()), Some(cny("80000.00")));
        let another = vec![awarded("300000.00", true), awarded("120000.00", false)];
        assert_eq!(of(another), Some(cny("100000.00")));
        assert_eq!(of(vec![awarded("499999.99", true)]), Some(cny("0.01")));
        assert_eq!(of(vec![awarded("500000.00", true)]), None);
        assert_eq!(paid(twice(), "60000.00"), Some(cny("60000.00")));
    }

    #[test]
    fn a_body_that_no_record_is_kept_of_says_itself_what_it_received() {
        let case = || asking(Measure::PatentPurchase, "500000.00");
        let declared = |amount| {
            let case = case().party(|party| firm(party).zone_support_received(cny(amount)));
            case.decide().truth(Clause::PatentPurchase)
        };
        assert_eq!(declared("499999.99"), Truth::Met);
        assert_eq!(declared("500000.00"), Truth::Unmet);
        let silent = case().party(firm).decide();
        assert_eq!(silent.truth(Clause::PatentPurchase), Truth::Undetermined);
        assert_eq!(silent.due(Entitlement::PatentPurchase), Truth::Undetermined);
    }

    #[test]
    fn where_the_cap_of_the_body_cuts_it_is_said() {
        let of = |measure, price, before| {
            let case = asking(measure, price);
            let case = case.party(|party| firm(party).zone_support_received(cny(before)));
            case.decide().truth(Clause::BodyCapSuffices)
        };
        let (purchase, licence) = (Measure::PatentPurchase, Measure::PatentLicence);
        assert_eq!(of(purchase, "500000.00", "400000.00"), Truth::Met);
        assert_eq!(of(purchase, "500000.00", "400000.01"), Truth::Unmet);
        assert_eq!(of(licence, "500000.00", "450000.00"), Truth::Met);
        assert_eq!(of(licence, "500000.00", "450000.01"), Truth::Unmet);
        assert_eq!(of(Measure::SpacePriority, "500000.00", "500000.00"), Truth::Met);
    }

    #[test]
    fn a_measure_that_is_not_asked_for_asks_for_nothing() {
        let case = Case::on(2026, 11, 1).project(|project| {
            project.measure(Measure::NanshaPilots).sector(Sector::BiomedicineHealth)
        });
        let ruling = case.party(firm).decide();
        assert_eq!(ruling.due(Entitlement::NanshaPilots), Truth::Met);
        assert_eq!(ruling.due(Entitlement::HengqinPilots), Truth::Unmet);
        assert_eq!(ruling.due(Entitlement::PatentPurchase), Truth::Unmet);
        assert_eq!(ruling.due(Entitlement::PatentLicence), Truth::Unmet);
        assert_eq!(ruling.due(Entitlement::SpacePriority), Truth::Unmet);
    }

    #[test]
    fn seven_in_ten_of_the_team_give_priority_for_space() {
        let of = |share| {
            let case = asking(Measure::SpacePriority, "0.00");
            let case = case.party(|party| firm(party).hk_macao_team(decimal(share)));
            case.decide().due(Entitlement::SpacePriority)
        };
        assert_eq!(of("70%"), Truth::Met);
        assert_eq!(of("69.99%"), Truth::Unmet);
    }
}
