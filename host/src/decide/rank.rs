//! The order of entries in a round, and who goes on. Pure; the order in which entries come changes nothing.
//!
//! What is not known stays open: an entry goes on only if it does so however the undetermined ones turn out.

use std::cmp::Ordering;
use std::collections::HashSet;

use concord_contract::{Decimal, Truth};

use crate::domain::outcome::Outcome;
use crate::domain::round::{Equals, Panel, Round};

/// An entry as it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What it is called; no two entries have the same.
    pub name: String,
    /// What the program says of it.
    pub outcome: Outcome,
    /// Its value by each criterion, in the order of the round's weights.
    pub scores: Vec<Option<Decimal>>,
}

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its position among the entries that came in.
    pub entry: usize,
    /// Whether it goes on.
    pub goes_on: Truth,
    /// Why that cannot be said, if it cannot.
    pub open: Option<Open>,
    /// Its place among the eligible entries, from 1; equal ones share the best.
    pub place: Option<usize>,
    /// The weighted mean of its scores.
    pub total: Option<Decimal>,
}

/// Why it cannot be said whether an entry goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Open {
    /// The entry itself is undetermined, or a score of it is not known.
    Undetermined,
    /// It depends on entries that are undetermined.
    Others,
    /// It is equal to others at the edge, and not all of them can go on.
    Tied,
}

/// The order of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The entries: by place, then those without one by name.
    pub placed: Vec<Placed>,
    /// How many can go on; none where a threshold decides.
    pub seats: Option<usize>,
}

/// What decides between two entries: the weighted sum, then the criteria that break ties.
struct Standing<'a> {
    entry: usize,
    name: &'a str,
    sum: Decimal,
    ties: Vec<Decimal>,
}

impl Standing<'_> {
    /// The better one first.
    fn order(&self, other: &Self) -> Ordering {
        other.sum.cmp(&self.sum).then_with(|| other.ties.cmp(&self.ties))
    }
}

/// Ranks the entries of a round.
#[must_use]
pub fn rank(round: &Round, judged: &[Judged]) -> Ranking {
    let mut standings: Vec<_> = judged
        .iter()
        .enumerate()
        .filter(|(_, one)| one.outcome == Outcome::Eligible)
        .filter_map(|(entry, one)| standing(round, entry, one))
        .collect();
    standings.sort_by(|one, other| one.order(other).then_with(|| one.name.cmp(other.name)));
    let ranked: HashSet<_> = standings.iter().map(|standing| standing.entry).collect();
    let mut rest: Vec<_> =
        judged.iter().enumerate().filter(|(entry, _)| !ranked.contains(entry)).collect();
    rest.sort_by_key(|(_, one)| &one.name);
    let open = rest.iter().filter(|(_, one)| one.outcome != Outcome::Ineligible).count();

    let seats = seats(round, judged.len());
    let mut placed = Vec::with_capacity(judged.len());
    let mut above = 0;
    for equals in standings.chunk_by(|one, other| one.order(other).is_eq()) {
        let group = Group { above, size: equals.len(), open };
        for standing in equals {
            let (goes_on, open) = match seats {
                Some(seats) => group.within(seats, round.equals),
                None => (reaches(round, standing.sum), None),
            };
            let (place, total) = (Some(above + 1), mean(round, standing.sum));
            placed.push(Placed { entry: standing.entry, goes_on, open, place, total });
        }
        above += equals.len();
    }
    placed.extend(rest.into_iter().map(|(entry, one)| {
        let (goes_on, open) = match one.outcome {
            Outcome::Ineligible => (Truth::Unmet, None),
            _ => (Truth::Undetermined, Some(Open::Undetermined)),
        };
        Placed { entry, goes_on, open, place: None, total: None }
    }));
    Ranking { placed, seats }
}

/// The value of a criterion that people mark: the mean, rounded half to even to six places; not known while
/// there are too few marks.
#[must_use]
pub fn mean_of_marks(panel: &Panel, marks: &[Decimal]) -> Option<Decimal> {
    if marks.is_empty() || marks.len() < panel.marks {
        return None;
    }
    let sum = marks.iter().try_fold(Decimal::ZERO, |sum, mark| sum.checked_add(*mark))?;
    Some(sum.checked_div(Decimal::from(marks.len()))?.round_dp(PLACES).normalize())
}

/// Digits behind the point of what is divided.
const PLACES: u32 = 6;

/// Entries that nothing tells apart.
struct Group {
    /// How many stand above them.
    above: usize,
    size: usize,
    /// How many entries may yet come to stand above them.
    open: usize,
}

impl Group {
    /// Whether they go on where there are so many seats.
    fn within(&self, seats: usize, equals: Equals) -> (Truth, Option<Open>) {
        let last = self.above + self.size;
        // The place that decides for all of them, if the edge goes through their midst.
        let decisive = match equals {
            Equals::All => self.above + 1,
            Equals::None | Equals::Open => last,
        };
        if decisive + self.open <= seats {
            return (Truth::Met, None);
        }
        let split = self.above < seats && seats < last;
        match equals {
            Equals::Open if split => (Truth::Undetermined, Some(Open::Tied)),
            Equals::None if split => (Truth::Unmet, None),
            _ if self.above >= seats => (Truth::Unmet, None),
            _ => (Truth::Undetermined, Some(Open::Others)),
        }
    }
}

fn standing<'a>(round: &Round, entry: usize, judged: &'a Judged) -> Option<Standing<'a>> {
    let scores: Vec<_> = judged.scores.iter().copied().collect::<Option<_>>()?;
    let weighted = round.weights.values().zip(&scores);
    let sum = weighted.into_iter().try_fold(Decimal::ZERO, |sum, (weight, score)| {
        sum.checked_add(score.checked_mul(Decimal::from(*weight))?)
    })?;
    let of = |criterion: &String| scores.get(round.weights.get_index_of(criterion)?).copied();
    let ties = round.ties.iter().filter_map(of).collect();
    Some(Standing { entry, name: &judged.name, sum, ties })
}

/// How many can go on, of so many entries.
fn seats(round: &Round, entries: usize) -> Option<usize> {
    if let Some(quota) = round.quota {
        return Some(usize::try_from(quota).unwrap_or(usize::MAX));
    }
    let share = round.share?.0.checked_mul(Decimal::from(entries))?;
    usize::try_from(share.trunc().mantissa() / 10_i128.pow(share.trunc().scale())).ok()
}

fn weight(round: &Round) -> Decimal {
    round.weights.values().map(|weight| Decimal::from(*weight)).sum()
}

fn reaches(round: &Round, sum: Decimal) -> Truth {
    let least = round.threshold.and_then(|least| least.0.checked_mul(weight(round)));
    least.map(|least| sum >= least).into()
}

fn mean(round: &Round, sum: Decimal) -> Option<Decimal> {
    Some(sum.checked_div(weight(round))?.round_dp(PLACES).normalize())
}
