//! Hong Kong's rules for bringing university research to market (RAISe+).

concord_policy::policy!("policy.toml");

fn decide(case: &Case, p: &Params, ruling: &mut Ruling) {
    let project = case.project();
    let leads = |party: Party| party.role().is(Role::Lead);
    let both_stages = || project.stages().is(Stages::OneAndTwo);

    ruling.clause(Clause::OneLead, case.one_party(leads));
    let of_lead = |meets: &dyn Fn(Party) -> Truth| {
        case.every_party(|party| leads(party).implies_that(|| meets(party)))
    };
    let university = |party: Party| party.kind().is(PartyKind::University);
    let public = |party: Party| university(party).and_then(|| party.ugc_funded().holds());
    ruling.clause(Clause::PubliclyFunded, of_lead(&public));
    let few = |party: Party| party.applications_this_round().at_most(p.max_applications());
    ruling.clause(Clause::ApplicationsPerRound, of_lead(&few));
    ruling.clause(Clause::TeamBenefit, project.team_benefit().at_least(p.min_team_benefit()));
    let within = |most| project.months().between(1, most);
    let within_both = || within(p.max_months()).and_then(both_stages);
    ruling.clause(Clause::Term, within(p.max_months_two()).or_else(within_both));

    let asked =
        || in_all(project, || project.requested_one().into(), project.requested_two().into());
    // What the scheme has awarded the project, by the record, counts towards the cap.
    let cap_left = || registry::left_by_record(p.cap(), &project, |award| award.same_program);
    let in_range = asked().at_least(p.least()) & asked().at_most(cap_left());
    ruling.clause(Clause::AmountInRange, in_range);
    // In kind counts up to its share of all that counts: at a half, as much as the cash.
    let most_in_kind = || project.cash_one().and_then(|cash| in_kind_beside(cash, p.max_in_kind()));
    let counted = || project.cash_one().plus(project.in_kind_one().min(most_in_kind()));
    let stage_one = || project.requested_one().min(counted().times(p.matching_one()));
    let stage_two = || project.requested_two().min(project.invested_two().times(p.matching_two()));
    let matched = || in_all(project, stage_one, stage_two());
    ruling.clause(Clause::MatchedEnough, matched().at_least(p.least()));
    let all_in_kind = || project.in_kind_one().at_most(most_in_kind());
    ruling.clause(Clause::InKindCounts, both_stages().implies_that(all_in_kind));
    ruling.clause(Clause::MatchedInFull, matched().at_least(asked()));

    ruling.award(matched().min(cap_left()).min(registry::available(Fund::Scheme)));
}

/// Both stages together; the second where it is applied for alone.
fn in_all(of: Project, one: impl FnOnce() -> Maybe<Money>, two: Maybe<Money>) -> Maybe<Money> {
    match of.stages().get() {
        Some(Stages::OneAndTwo) => one().plus(two),
        Some(Stages::TwoAlone) => two,
        None => Maybe(None),
    }
}

/// The most in kind that is no more than this share of itself and the cash, cut to the cent.
fn in_kind_beside(cash: Money, share: Decimal) -> Maybe<Money> {
    let of_cash = Decimal::from(cash.minor).checked_mul(share);
    let in_kind = of_cash.and_then(|of_cash| of_cash.checked_div(Decimal::ONE - share));
    let minor = in_kind.and_then(|in_kind| i64::try_from(in_kind.floor()).ok());
    Maybe(minor.map(|minor| Money::new(minor, cash.currency)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use concord_policy::registry::Award;
    use concord_policy::testing::*;

    fn stage_one(cash: &str, in_kind: &str) -> case_builder::CaseBuilder {
        Case::on(2026, 11, 1).fund(Fund::Scheme, hkd("10000000000.00")).project(|project| {
            let project = project.stages(Stages::OneAndTwo).cash_one(hkd(cash));
            let project = project.in_kind_one(hkd(in_kind)).requested_one(hkd("90000000.00"));
            project.invested_two(hkd("0.00")).requested_two(hkd("0.00"))
        })
    }

    #[test]
    fn in_kind_counts_for_at_most_half_of_stage_one() {
        let of = |cash, in_kind| stage_one(cash, in_kind).decide().amount();
        // 2 × (8 m + 5 m), 2 × (8 m + 8 m), 2 × (0 + 0)
        assert_eq!(of("8000000.00", "5000000.00"), Some(hkd("26000000.00")));
        assert_eq!(of("8000000.00", "9000000.00"), Some(hkd("32000000.00")));
        assert_eq!(of("0.00", "9000000.00"), Some(hkd("0.00")));
    }

    #[test]
    fn another_share_in_kind_is_worked_out_exactly_and_cut_down() {
        let of = |cash, share| {
            let case = stage_one(cash, "9000000.00");
            case.with(|p| p.max_in_kind(decimal(share))).decide().amount()
        };
        // A quarter: a third of the cash. 2 × (3.00 + 1.00), 2 × (1.00 + 0.33)
        assert_eq!(of("3.00", "25%"), Some(hkd("8.00")));
        assert_eq!(of("1.00", "25%"), Some(hkd("2.66")));
        assert_eq!(of("1.00", "100%"), None);
    }

    #[test]
    fn stage_two_alone_asks_nothing_of_stage_one() {
        let case = Case::on(2026, 11, 1).fund(Fund::Scheme, hkd("10000000000.00"));
        let ruling = case
            .project(|project| {
                let project = project.stages(Stages::TwoAlone).invested_two(hkd("12000000.00"));
                project.requested_two(hkd("15000000.00"))
            })
            .decide();
        assert_eq!(ruling.amount(), Some(hkd("12000000.00")));
        assert_eq!(ruling.truth(Clause::InKindCounts), Truth::Met);
        assert_eq!(ruling.truth(Clause::MatchedInFull), Truth::Unmet);
    }

    #[test]
    fn three_years_suit_any_project_and_five_only_both_stages() {
        let of = |stages: Option<Stages>, months| {
            let case = Case::on(2026, 11, 1).project(|project| {
                let project = project.months(months);
                match stages {
                    Some(stages) => project.stages(stages),
                    None => project,
                }
            });
            case.decide().truth(Clause::Term)
        };
        assert_eq!(of(Some(Stages::OneAndTwo), 60), Truth::Met);
        assert_eq!(of(Some(Stages::OneAndTwo), 61), Truth::Unmet);
        assert_eq!(of(Some(Stages::TwoAlone), 36), Truth::Met);
        assert_eq!(of(Some(Stages::TwoAlone), 37), Truth::Unmet);
        assert_eq!(of(None, 36), Truth::Met);
        assert_eq!(of(None, 37), Truth::Undetermined);
        assert_eq!(of(None, 61), Truth::Unmet);
        assert_eq!(of(Some(Stages::OneAndTwo), 1), Truth::Met);
        assert_eq!(of(Some(Stages::OneAndTwo), 0), Truth::Unmet);
        assert_eq!(of(Some(Stages::TwoAlone), 0), Truth::Unmet);
    }

    #[test]
    fn what_the_scheme_awarded_the_project_counts_towards_the_cap() {
        let of = |asked, before, same_program| {
            let (amount, on) = (hkd(before), date(2025, 1, 15));
            let award = Award { amount, on, same_program, payer: None };
            let case = Case::on(2026, 11, 1).fund(Fund::Scheme, hkd("10000000000.00"));
            let case = case.project(|project| {
                let project = project.stages(Stages::TwoAlone).invested_two(hkd(asked));
                project.requested_two(hkd(asked)).awarded(vec![award])
            });
            let ruling = case.decide();
            (ruling.truth(Clause::AmountInRange), ruling.amount())
        };
        let forty = Some(hkd("40000000.00"));
        assert_eq!(of("40000000.00", "60000000.00", true), (Truth::Met, forty));
        assert_eq!(of("40000000.01", "60000000.00", true), (Truth::Unmet, forty));
        assert_eq!(of("40000000.00", "100000000.00", true).0, Truth::Unmet);
        assert_eq!(of("40000000.00", "100000000.00", false), (Truth::Met, forty));
    }
}
