//! Guangzhou's rule.

use concord_contract::{Decimal, Truth};

use super::case::{Case, Kind, Party, Percent, Role, Yuan};
use super::explain::{self, ClauseBody, ItemBody, Name, Policy, Read, RulingBody, Shown};
use super::{award, test};
use crate::Answer;

/// The parameters.
pub struct Params {
    min_years_registered: i64,
    rd_brackets: [(Yuan, Percent); 2],
    min_rd_intensity: Percent,
    min_rd_in_china: Percent,
    min_science_staff: Percent,
    min_trl: i64,
    max_trl: i64,
    sectors: [&'static str; 7],
    cap: Yuan,
}

impl Default for Params {
    fn default() -> Params {
        let percent = |number| Percent(Decimal::new(number, 2));
        Params {
            min_years_registered: 1,
            rd_brackets: [(Yuan(5_000_000_000), percent(5)), (Yuan(20_000_000_000), percent(4))],
            min_rd_intensity: percent(3),
            min_rd_in_china: percent(60),
            min_science_staff: percent(10),
            min_trl: 4,
            max_trl: 8,
            sectors: [
                "new-generation-it",
                "artificial-intelligence",
                "biomedicine-health",
                "new-energy",
                "new-materials",
                "advanced-equipment",
                "automobiles",
            ],
            cap: Yuan(200_000_000),
        }
    }
}

/// The truth of every clause, and the award.
#[derive(Debug)]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub struct Ruling {
    pub both_cities: Truth,
    pub one_lead: Truth,
    pub lead_registered: Truth,
    pub parties: Vec<OfParty>,
    pub maturity: Truth,
    pub field_on_list: Truth,
    pub not_funded_elsewhere: Truth,
    pub within_cap: Truth,
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

impl Ruling {
    /// In the form for all.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let mut clauses = vec![
            (0, None, self.both_cities),
            (1, None, self.one_lead),
            (2, None, self.lead_registered),
            (6, None, self.maturity),
            (7, None, self.field_on_list),
            (8, None, self.not_funded_elsewhere),
            (9, None, self.within_cap),
        ];
        for (item, party) in (0_u32..).zip(&self.parties) {
            clauses.push((3, Some(item), party.rd_intensity));
            clauses.push((4, Some(item), party.rd_in_china));
            clauses.push((5, Some(item), party.science_staff));
        }
        Answer::new(clauses, self.award.map(|award| award.0))
    }
}

/// Judges a case.
#[must_use]
pub fn rule(case: &Case, p: &Params, available: Option<Yuan>) -> Ruling {
    let project = &case.project;
    let sector = project.sector.as_deref();
    Ruling {
        both_cities: party_in(case, "guangzhou") & party_in(case, "foshan"),
        one_lead: one_lead(case),
        lead_registered: lead_registered(case, p.min_years_registered),
        parties: case.parties.iter().map(|party| of_party(party, p)).collect(),
        maturity: test(project.trl, |trl| trl >= p.min_trl && trl <= p.max_trl),
        field_on_list: test(sector, |sector| p.sectors.contains(&sector)),
        not_funded_elsewhere: test(project.funded_elsewhere, |funded| !funded),
        within_cap: test(project.requested, |requested| requested <= p.cap),
        award: award(project.requested, p.cap, available),
    }
}

pub(super) fn party_in(case: &Case, city: &str) -> Truth {
    Truth::some(case.parties.iter().map(|party| test(party.city.as_deref(), |of| of == city)))
}

fn leads(party: &Party) -> Truth {
    test(party.role, |role| role == Role::Lead)
}

pub(super) fn one_lead(case: &Case) -> Truth {
    let leads = || case.parties.iter().map(leads);
    Truth::some(leads()) & !Truth::at_least(2, leads())
}

pub(super) fn lead_registered(case: &Case, years: i64) -> Truth {
    let long_enough = case.as_of.0.checked_sub(jiff::Span::new().years(years)).ok();
    Truth::every(case.parties.iter().map(|party| {
        let registered = party.registered.zip(long_enough);
        leads(party).implies(test(registered, |(registered, least)| registered.0 <= least))
    }))
}

fn of_party(party: &Party, p: &Params) -> OfParty {
    let firm = test(party.kind, |kind| kind == Kind::Enterprise);
    let least = |value: Option<Percent>, least| test(value, |value| value >= least);
    let spends_enough = Truth::every(p.rd_brackets.map(|(sales_to, rate)| {
        test(party.sales, |sales| sales > sales_to) | least(party.rd_intensity, rate)
    }));
    OfParty {
        rd_intensity: firm.implies(least(party.rd_intensity, p.min_rd_intensity) & spends_enough),
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
        one(ruling.maturity, reads_maturity(case, p.min_trl, p.max_trl)),
        one(ruling.field_on_list, reads_sector(case, &p.sectors)),
        one(
            ruling.not_funded_elsewhere,
            vec![Read::fact("project/funded_elsewhere", project.funded_elsewhere)],
        ),
        one(ruling.within_cap, reads_cap(case, p.cap)),
    ];
    let clauses: Vec<_> = first.into_iter().chain(of_parties).chain(rest).collect();
    let truth = Truth::every(clauses.iter().map(|clause| clause.truth));
    explain::ruling(policy, truth, clauses, reads_award(case, p.cap, available), ruling.award)
}

pub(super) fn reads_both_cities(case: &Case) -> Vec<Read<'_>> {
    let count = Read::fact("parties", Some(case.parties.len()));
    let parties = case.parties.iter().enumerate();
    let cities =
        parties.map(|(at, party)| Read::fact(Name::Party(at, "city"), party.city.as_deref()));
    [count].into_iter().chain(cities).collect()
}

pub(super) fn reads_roles(case: &Case) -> Vec<Read<'_>> {
    let count = Read::fact("parties", Some(case.parties.len()));
    let parties = case.parties.iter().enumerate();
    let roles = parties.map(|(at, party)| Read::fact(Name::Party(at, "role"), party.role));
    [count].into_iter().chain(roles).collect()
}

pub(super) fn reads_lead(case: &Case, years: i64) -> Vec<Read<'_>> {
    let mut reads = Vec::with_capacity(3 + 2 * case.parties.len());
    reads.push(Read::fact("parties", Some(case.parties.len())));
    if !case.parties.is_empty() {
        reads.push(Read::parameter("min_years_registered", years));
        reads.push(Read::fact("as_of", Some(case.as_of)));
    }
    for (at, party) in case.parties.iter().enumerate() {
        reads.push(Read::fact(Name::Party(at, "role"), party.role));
        reads.push(Read::fact(Name::Party(at, "registered"), party.registered));
    }
    reads
}

pub(super) fn reads_rd_intensity<'a>(
    case: &Case,
    at: usize,
    party: &Party,
    brackets: &[(Yuan, Percent); 2],
    least: Percent,
) -> Vec<Read<'a>> {
    let [(sales_to_0, rate_0), (sales_to_1, rate_1)] = *brackets;
    let count = (at == 0).then(|| Read::fact("parties", Some(case.parties.len())));
    let rest = [
        Read::parameter("rd_brackets/0/sales_to", sales_to_0),
        Read::fact(Name::Party(at, "sales"), party.sales),
        Read::parameter("rd_brackets/0/rate", rate_0),
        Read::fact(Name::Party(at, "rd_intensity"), party.rd_intensity),
        Read::parameter("rd_brackets/1/sales_to", sales_to_1),
        Read::parameter("rd_brackets/1/rate", rate_1),
        Read::fact(Name::Party(at, "kind"), party.kind),
        Read::parameter("min_rd_intensity", least),
    ];
    count.into_iter().chain(rest).collect()
}

pub(super) fn reads_share<'a>(
    at: usize,
    party: &Party,
    least: (&'static str, Percent),
    share: (&'static str, Option<Percent>),
) -> Vec<Read<'a>> {
    vec![
        Read::fact(Name::Party(at, "kind"), party.kind),
        Read::parameter(least.0, least.1),
        Read::fact(Name::Party(at, share.0), share.1),
    ]
}

pub(super) fn reads_maturity(case: &Case, least: i64, most: i64) -> Vec<Read<'_>> {
    vec![
        Read::parameter("min_trl", least),
        Read::parameter("max_trl", most),
        Read::fact("project/trl", case.project.trl),
    ]
}

/// The field, and the list as far as it was looked through.
pub(super) fn reads_sector<'a>(case: &'a Case, sectors: &[&'static str]) -> Vec<Read<'a>> {
    let sector = case.project.sector.as_deref();
    let mut reads = Vec::with_capacity(1 + sectors.len());
    reads.push(Read::fact("project/sector", sector));
    for (row, listed) in sectors.iter().enumerate() {
        reads.push(Read::Parameter {
            parameter: Name::Row("sectors", row),
            value: Shown::Text(listed),
        });
        if sector == Some(listed) {
            break;
        }
    }
    reads
}

pub(super) fn reads_cap(case: &Case, cap: Yuan) -> Vec<Read<'_>> {
    vec![Read::parameter("cap", cap), Read::fact("project/requested", case.project.requested)]
}

pub(super) fn reads_award(case: &Case, cap: Yuan, available: Option<Yuan>) -> Vec<Read<'_>> {
    let mut reads = reads_cap(case, cap);
    reads.push(Read::fund("guangfo-core-tech-fund", available));
    reads
}
