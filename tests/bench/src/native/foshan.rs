//! Foshan's rule.

use concord_contract::{Decimal, Truth};

use super::case::{Case, Kind, Percent, Yuan};
use super::read::Name;
use super::rule::{self, Thresholds, Watch, fact, test};

/// The parameters.
pub struct Params {
    sectors: [&'static str; 4],
    thresholds: Thresholds,
}

impl Default for Params {
    fn default() -> Params {
        let percent = |number| Percent(Decimal::new(number, 2));
        Params {
            sectors: [
                "advanced-equipment",
                "automobiles",
                "new-generation-it",
                "biomedicine-health",
            ],
            thresholds: Thresholds {
                min_years_registered: 1,
                rd_brackets: [
                    (Yuan(5_000_000_000), percent(5)),
                    (Yuan(20_000_000_000), percent(4)),
                ],
                min_rd_intensity: percent(3),
                min_rd_in_china: percent(60),
                min_science_staff: percent(10),
                min_trl: 4,
                max_trl: 8,
                cap: Yuan(200_000_000),
            },
        }
    }
}

/// Judges a case, and gives the award. A project of which no record is kept goes by what is declared.
pub(super) fn rule<'a>(
    case: &'a Case,
    p: &Params,
    available: Option<Yuan>,
    watch: &mut impl Watch<'a>,
) -> Option<Yuan> {
    let Params { sectors, thresholds: p } = p;
    let truth = rule::both_cities(case, watch);
    watch.clause(0, None, truth);
    let truth = rule::field_on_list(case, sectors, watch);
    watch.clause(1, None, truth);
    let advanced = case.project.advanced_manufacturing;
    let advanced = fact(watch, "project/advanced_manufacturing", advanced);
    watch.clause(2, None, advanced.into());
    let truth = rule::maturity(case, p, watch);
    watch.clause(3, None, truth);
    let truth = rule::one_lead(case, watch);
    watch.clause(4, None, truth);
    let truth = rule::lead_registered(case, p, watch);
    watch.clause(5, None, truth);
    rule::of_parties(case, p, 6, watch);
    let truth = rule::not_funded_elsewhere(case, watch);
    watch.clause(9, None, truth);
    let truth = rule::amount_requested(case, watch);
    watch.clause(10, None, truth);
    let truth = rule::within_cap(case, p, watch);
    watch.clause(11, None, truth);
    let truth = research_partner(case, watch);
    watch.clause(12, None, truth);
    rule::award(case, p, available, watch)
}

fn research_partner<'a>(case: &'a Case, watch: &mut impl Watch<'a>) -> Truth {
    let does_research = |kind| matches!(kind, Kind::University | Kind::Institute);
    Truth::some(
        rule::parties(case, watch).map(|(at, party)| {
            test(fact(watch, Name::Party(at, "kind"), party.kind), does_research)
        }),
    )
}

/// All clauses must be met, but that one of the two about the field is enough, and the last is advice.
pub(super) fn fold(clauses: &[Truth]) -> Truth {
    let (&[both_cities, on_list, advanced, ..], Some(rest)) = (clauses, clauses.get(3..12)) else {
        return Truth::Undetermined;
    };
    both_cities & (on_list | advanced) & Truth::every(rest.iter().copied())
}
