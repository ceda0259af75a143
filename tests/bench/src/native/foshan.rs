//! Foshan's rule.

use concord_contract::{Decimal, Truth};

use super::case::{Case, Kind, Party, Percent, Yuan};
use super::explain::{self, ClauseBody, ItemBody, Name, Policy, Read, RulingBody};
use super::guangzhou::{
    lead_registered, one_lead, party_in, reads_award, reads_both_cities, reads_cap, reads_lead,
    reads_maturity, reads_rd_intensity, reads_roles, reads_sector, reads_share,
};
use super::{award, test};

/// The parameters.
pub struct Params {
    sectors: [&'static str; 4],
    min_trl: i64,
    max_trl: i64,
    min_years_registered: i64,
    rd_brackets: [(Yuan, Percent); 2],
    min_rd_intensity: Percent,
    min_rd_in_china: Percent,
    min_science_staff: Percent,
    cap: Yuan,
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
            min_trl: 5,
            max_trl: 8,
            min_years_registered: 1,
            rd_brackets: [(Yuan(5_000_000_000), percent(5)), (Yuan(20_000_000_000), percent(4))],
            min_rd_intensity: percent(3),
            min_rd_in_china: percent(60),
            min_science_staff: percent(10),
            cap: Yuan(180_000_000),
        }
    }
}

/// The truth of every clause, and the award.
#[derive(Debug)]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub struct Ruling {
    pub both_cities: Truth,
    pub field_on_list: Truth,
    pub advanced_manufacturing: Truth,
    pub maturity: Truth,
    pub one_lead: Truth,
    pub lead_registered: Truth,
    pub parties: Vec<OfParty>,
    pub not_funded_elsewhere: Truth,
    pub amount_requested: Truth,
    pub within_cap: Truth,
    pub research_partner: Truth,
    pub award: Option<Yuan>,
}

/// The truth of the clauses that are asked of each party.
#[derive(Debug)]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub struct OfParty {
    pub rd_intensity: Truth,
    pub rd_in_china: Truth,
    pub science_staff: Truth,
}

/// Judges a case. No project of a case that names no entity has awards on record.
#[must_use]
pub fn rule(case: &Case, p: &Params, available: Option<Yuan>) -> Ruling {
    let project = &case.project;
    let sector = project.sector.as_deref();
    let on_record = Truth::from(false);
    let does_research = |kind| matches!(kind, Kind::University | Kind::Institute);
    let research = case.parties.iter().map(|party| test(party.kind, does_research));
    Ruling {
        both_cities: party_in(case, "guangzhou") & party_in(case, "foshan"),
        field_on_list: test(sector, |sector| p.sectors.contains(&sector)),
        advanced_manufacturing: project.advanced_manufacturing.into(),
        maturity: test(project.trl, |trl| trl >= p.min_trl && trl <= p.max_trl),
        one_lead: one_lead(case),
        lead_registered: lead_registered(case, p.min_years_registered),
        parties: case.parties.iter().map(|party| of_party(party, p)).collect(),
        not_funded_elsewhere: !(Truth::from(project.funded_elsewhere) | on_record),
        amount_requested: test(project.requested, |requested| requested.0 > 0),
        within_cap: test(project.requested, |requested| requested <= p.cap),
        research_partner: Truth::some(research),
        award: award(project.requested, p.cap, available),
    }
}

fn of_party(party: &Party, p: &Params) -> OfParty {
    let firm = test(party.kind, |kind| kind == Kind::Enterprise);
    let least = |value: Option<Percent>, least| test(value, |value| value >= least);
    let bracket_reached = Truth::every(p.rd_brackets.map(|(sales_to, rate)| {
        test(party.sales, |sales| sales > sales_to) | least(party.rd_intensity, rate)
    }));
    OfParty {
        rd_intensity: firm.implies(bracket_reached & least(party.rd_intensity, p.min_rd_intensity)),
        rd_in_china: firm.implies(least(party.rd_in_china, p.min_rd_in_china)),
        science_staff: firm.implies(least(party.science_staff, p.min_science_staff)),
    }
}

/// Writes a ruling out.
pub(super) fn explain<'a>(
    case: &'a Case,
    p: &Params,
    available: Option<Yuan>,
    ruling: &Ruling,
    policy: &'a Policy,
) -> RulingBody<'a> {
    let project = &case.project;
    let mut texts = policy.clauses.iter();
    let mut one = |truth, reads| ClauseBody::of_case(texts.next(), truth, reads);
    let first = [
        one(ruling.both_cities, reads_both_cities(case)),
        one(ruling.field_on_list, reads_sector(case, &p.sectors)),
        one(
            ruling.advanced_manufacturing,
            vec![Read::fact("project/advanced_manufacturing", project.advanced_manufacturing)],
        ),
        one(ruling.maturity, reads_maturity(case, p.min_trl, p.max_trl)),
        one(ruling.one_lead, reads_roles(case)),
        one(ruling.lead_registered, reads_lead(case, p.min_years_registered)),
    ];
    let mut each = |truth: fn(&OfParty) -> Truth,
                    reads: &dyn Fn(usize, &Party) -> Vec<Read<'a>>| {
        let parties = case.parties.iter().zip(&ruling.parties).enumerate();
        let items =
            parties.map(|(at, (party, of))| ItemBody::of_party(at, truth(of), reads(at, party)));
        ClauseBody::of_parties(texts.next(), items.collect())
    };
    let of_parties = [
        each(|of| of.rd_intensity, &|at, party| {
            reads_rd_intensity(case, at, party, &p.rd_brackets, p.min_rd_intensity)
        }),
        each(|of| of.rd_in_china, &|at, party| {
            let least = ("min_rd_in_china", p.min_rd_in_china);
            reads_share(at, party, least, ("rd_in_china", party.rd_in_china))
        }),
        each(|of| of.science_staff, &|at, party| {
            let least = ("min_science_staff", p.min_science_staff);
            reads_share(at, party, least, ("science_staff", party.science_staff))
        }),
    ];
    let mut one = |truth, reads| ClauseBody::of_case(texts.next(), truth, reads);
    let rest = [
        one(ruling.not_funded_elsewhere, reads_funded(case)),
        one(ruling.amount_requested, vec![Read::fact("project/requested", project.requested)]),
        one(ruling.within_cap, reads_cap(case, p.cap)),
        one(ruling.research_partner, reads_research(case)),
    ];
    let clauses: Vec<_> = first.into_iter().chain(of_parties).chain(rest).collect();
    let field = ruling.field_on_list | ruling.advanced_manufacturing;
    // Of the field one clause is enough, and the last two are advisory.
    let counted = clauses.iter().enumerate().filter(|(at, _)| ![1, 2, 11, 12].contains(at));
    let truth = field & Truth::every(counted.map(|(_, clause)| clause.truth));
    explain::ruling(policy, truth, clauses, reads_award(case, p.cap, available), ruling.award)
}

fn reads_funded(case: &Case) -> Vec<Read<'_>> {
    vec![
        Read::unknown_record("awards/project"),
        Read::fact("project/funded_elsewhere", case.project.funded_elsewhere),
    ]
}

fn reads_research(case: &Case) -> Vec<Read<'_>> {
    let count = Read::fact("parties", Some(case.parties.len()));
    let parties = case.parties.iter().enumerate();
    let kinds = parties.map(|(at, party)| Read::fact(Name::Party(at, "kind"), party.kind));
    [count].into_iter().chain(kinds).collect()
}
