//! Guangzhou's rule.

use concord_contract::{Decimal, Truth};

use super::case::{Case, Percent, Yuan};
use super::rule::{self, Thresholds, Watch};

/// The parameters.
pub struct Params {
    sectors: [&'static str; 7],
    thresholds: Thresholds,
}

impl Default for Params {
    fn default() -> Params {
        let percent = |number| Percent(Decimal::new(number, 2));
        Params {
            sectors: [
                "new-generation-it",
                "artificial-intelligence",
                "biomedicine-health",
                "new-energy",
                "new-materials",
                "advanced-equipment",
                "automobiles",
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
    let truth = rule::one_lead(case, watch);
    watch.clause(1, None, truth);
    let truth = rule::lead_registered(case, p, watch);
    watch.clause(2, None, truth);
    rule::of_parties(case, p, 3, watch);
    let truth = rule::maturity(case, p, watch);
    watch.clause(6, None, truth);
    let truth = rule::field_on_list(case, sectors, watch);
    watch.clause(7, None, truth);
    let truth = rule::not_funded_elsewhere(case, watch);
    watch.clause(8, None, truth);
    let truth = rule::amount_requested(case, watch);
    watch.clause(9, None, truth);
    let truth = rule::within_cap(case, p, watch);
    watch.clause(10, None, truth);
    rule::award(case, p, available, watch)
}

/// All clauses must be met.
pub(super) fn fold(clauses: &[Truth]) -> Truth {
    Truth::every(clauses.iter().copied())
}
