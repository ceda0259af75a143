//! What the two rules share. A rule asks no further than it needs, and tells a [`Watch`] what it reads.

use std::iter::Zip;
use std::ops::RangeFrom;
use std::slice::Iter;

use concord_contract::{Date, Truth};

use super::case::{Case, Kind, Party, Percent, Role, Yuan};
use super::read::{Name, Read, Shown};

/// Where a rule says what it finds, and on the way what it reads.
pub trait Watch<'a> {
    /// A value is read.
    fn read(&mut self, read: Read<'a>);

    /// A clause is decided, for the case or for one party, by what was read since the clause before.
    fn clause(&mut self, clause: u32, party: Option<u32>, truth: Truth);
}

/// The thresholds that both policies have.
pub struct Thresholds {
    pub(super) min_years_registered: i64,
    pub(super) rd_brackets: [(Yuan, Percent); 2],
    pub(super) min_rd_intensity: Percent,
    pub(super) min_rd_in_china: Percent,
    pub(super) min_science_staff: Percent,
    pub(super) min_trl: i64,
    pub(super) max_trl: i64,
    pub(super) cap: Yuan,
}

/// The rows of the brackets, as they are called.
const BRACKETS: [(&str, &str); 2] = [
    ("rd_brackets/0/sales_to", "rd_brackets/0/rate"),
    ("rd_brackets/1/sales_to", "rd_brackets/1/rate"),
];

/// What is on record of the project, as it is called: in this case nothing.
const RECORD: &str = "awards/project";

/// Whether a value, if it is known, passes.
pub(super) fn test<T>(value: Option<T>, passes: impl FnOnce(T) -> bool) -> Truth {
    value.map(passes).into()
}

/// Reads a fact.
pub(super) fn fact<'a, T: Copy + Into<Shown<'a>>>(
    watch: &mut impl Watch<'a>,
    name: impl Into<Name>,
    value: Option<T>,
) -> Option<T> {
    watch.read(Read::fact(name, value));
    value
}

/// Reads a parameter.
pub(super) fn parameter<'a, T: Copy + Into<Shown<'a>>>(
    watch: &mut impl Watch<'a>,
    name: &'static str,
    value: T,
) -> T {
    watch.read(Read::parameter(name, value));
    value
}

/// The parties, counted.
pub(super) fn parties<'a>(
    case: &'a Case,
    watch: &mut impl Watch<'a>,
) -> Zip<RangeFrom<u32>, Iter<'a, Party>> {
    watch.read(Read::fact("parties", Some(case.parties.len())));
    (0..).zip(case.parties.iter())
}

pub(super) fn both_cities<'a>(case: &'a Case, watch: &mut impl Watch<'a>) -> Truth {
    party_in(case, "guangzhou", watch) & party_in(case, "foshan", watch)
}

fn party_in<'a>(case: &'a Case, city: &str, watch: &mut impl Watch<'a>) -> Truth {
    Truth::some(parties(case, watch).map(|(at, party)| {
        test(fact(watch, Name::Party(at, "city"), party.city.as_deref()), |of| of == city)
    }))
}

fn leads<'a>((at, party): (u32, &Party), watch: &mut impl Watch<'a>) -> Truth {
    test(fact(watch, Name::Party(at, "role"), party.role), |role| role == Role::Lead)
}

pub(super) fn one_lead<'a>(case: &'a Case, watch: &mut impl Watch<'a>) -> Truth {
    Truth::one(parties(case, watch).map(|party| leads(party, watch)))
}

pub(super) fn lead_registered<'a>(
    case: &'a Case,
    p: &Thresholds,
    watch: &mut impl Watch<'a>,
) -> Truth {
    let years = parameter(watch, "min_years_registered", p.min_years_registered);
    fact(watch, "as_of", Some(case.as_of));
    let long_enough = years_before(case.as_of.0, years);
    Truth::every(parties(case, watch).map(|(at, party)| {
        leads((at, party), watch).implies_that(|| {
            let registered = fact(watch, Name::Party(at, "registered"), party.registered);
            test(registered.zip(long_enough), |(registered, least)| registered.0 <= least)
        })
    }))
}

/// The same day so many years before; 28 February where that year has no 29th.
fn years_before(date: Date, years: i64) -> Option<Date> {
    let year = i16::try_from(i64::from(date.year()) - years).ok()?;
    let same = Date::new(year, date.month(), date.day());
    same.or_else(|_| Date::new(year, date.month(), 28)).ok()
}

/// The clauses that are asked of each party, beginning with number `first`.
pub(super) fn of_parties<'a>(
    case: &'a Case,
    p: &Thresholds,
    first: u32,
    watch: &mut impl Watch<'a>,
) {
    for (at, party) in parties(case, watch) {
        let truth = firm(at, party, watch).implies_that(|| spends_enough(at, party, p, watch));
        watch.clause(first, Some(at), truth);
        let truth = firm(at, party, watch).implies_that(|| {
            let least = parameter(watch, "min_rd_in_china", p.min_rd_in_china);
            let share = fact(watch, Name::Party(at, "rd_in_china"), party.rd_in_china);
            test(share, |share| share >= least)
        });
        watch.clause(first + 1, Some(at), truth);
        let truth = firm(at, party, watch).implies_that(|| {
            let least = parameter(watch, "min_science_staff", p.min_science_staff);
            let share = fact(watch, Name::Party(at, "science_staff"), party.science_staff);
            test(share, |share| share >= least)
        });
        watch.clause(first + 2, Some(at), truth);
    }
}

fn firm<'a>(at: u32, party: &Party, watch: &mut impl Watch<'a>) -> Truth {
    test(fact(watch, Name::Party(at, "kind"), party.kind), |kind| kind == Kind::Enterprise)
}

fn spends_enough<'a>(at: u32, party: &Party, p: &Thresholds, watch: &mut impl Watch<'a>) -> Truth {
    let least = parameter(watch, "min_rd_intensity", p.min_rd_intensity);
    rd_of(at, party, least, watch).and_then(|| {
        let brackets = p.rd_brackets.into_iter().zip(BRACKETS);
        Truth::every(brackets.map(|((sales_to, rate), names)| {
            let sales_to = parameter(watch, names.0, sales_to);
            let sales = fact(watch, Name::Party(at, "sales"), party.sales);
            test(sales, |sales| sales > sales_to).or_else(|| {
                let rate = parameter(watch, names.1, rate);
                rd_of(at, party, rate, watch)
            })
        }))
    })
}

fn rd_of<'a>(at: u32, party: &Party, least: Percent, watch: &mut impl Watch<'a>) -> Truth {
    let rd = fact(watch, Name::Party(at, "rd_intensity"), party.rd_intensity);
    test(rd, |rd| rd >= least)
}

pub(super) fn maturity<'a>(case: &Case, p: &Thresholds, watch: &mut impl Watch<'a>) -> Truth {
    let least = parameter(watch, "min_trl", p.min_trl);
    let most = parameter(watch, "max_trl", p.max_trl);
    test(fact(watch, "project/trl", case.project.trl), |trl| trl >= least && trl <= most)
}

/// The list is looked through as far as need be.
pub(super) fn field_on_list<'a>(
    case: &'a Case,
    sectors: &[&'static str],
    watch: &mut impl Watch<'a>,
) -> Truth {
    test(fact(watch, "project/sector", case.project.sector.as_deref()), |sector| {
        (0..).zip(sectors).any(|(row, listed)| {
            watch.read(Read::row("sectors", row, listed));
            *listed == sector
        })
    })
}

pub(super) fn not_funded_elsewhere<'a>(case: &Case, watch: &mut impl Watch<'a>) -> Truth {
    watch.read(Read::unknown_record(RECORD));
    let funded = fact(watch, "project/funded_elsewhere", case.project.funded_elsewhere);
    test(funded, |funded| !funded)
}

pub(super) fn amount_requested<'a>(case: &Case, watch: &mut impl Watch<'a>) -> Truth {
    let requested = fact(watch, "project/requested", case.project.requested);
    test(requested, |requested| requested.0 > 0)
}

/// Of a project of which no record is kept nothing is taken off the cap.
fn cap_left<'a>(p: &Thresholds, watch: &mut impl Watch<'a>) -> Yuan {
    let cap = parameter(watch, "cap", p.cap);
    watch.read(Read::unknown_record(RECORD));
    cap
}

pub(super) fn within_cap<'a>(case: &Case, p: &Thresholds, watch: &mut impl Watch<'a>) -> Truth {
    let left = cap_left(p, watch);
    test(fact(watch, "project/requested", case.project.requested), |requested| requested <= left)
}

/// The least of what is asked for, what is left of the cap, and what the fund has left.
pub(super) fn award<'a>(
    case: &Case,
    p: &Thresholds,
    available: Option<Yuan>,
    watch: &mut impl Watch<'a>,
) -> Option<Yuan> {
    let left = cap_left(p, watch);
    let requested = fact(watch, "project/requested", case.project.requested);
    watch.read(Read::fund("guangfo-core-tech-fund", available));
    Some(requested?.min(left).min(available?))
}
