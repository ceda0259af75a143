//! What is wrong with a program's file by itself, before any policy is looked at.

use concord_contract::{Date, Kind, path};

use crate::domain::fault::Fault;
use crate::domain::ids::CityId;
use crate::domain::program::{AwardRule, Binding, Program, RulingsRule};
use crate::domain::progress::Counted;

/// How long the id of a program may be.
const ID_LENGTH: usize = 48;

/// All that is wrong with the cities, dates and bindings of a program.
pub(super) fn check(program: &Program) -> Vec<Fault> {
    let mut faults = Vec::new();
    if program.bindings.is_empty() {
        faults.push(Fault::new(path!["bindings"], "found none, expected at least one"));
    }
    let length = program.id.as_str().len();
    if length > ID_LENGTH {
        let message = format!(
            "found {length} characters, expected at most {ID_LENGTH}: applications are named after it"
        );
        faults.push(Fault::new(path!["id"], message));
    }
    faults.extend(check_each(program));
    if program.combine.payer.is_some() {
        let mut wrong = |key: &str, message: &str| {
            faults.push(Fault::new(path!["combine", key], message));
        };
        if !program.combine.shares.is_empty() {
            wrong("shares", "found shares of what one city pays whole");
        }
        if program.fund.is_none() {
            wrong("payer", "found who pays, but the program has no fund");
        }
    }
    if program.kind == Kind::Matching && program.matching.is_some() {
        let message = "found a matching step, but the program itself matches";
        faults.push(Fault::new(path!["matching"], message));
    }
    faults.extend(check_targets(program));
    let awards = matches!(program.kind, Kind::Funding | Kind::Voucher);
    if !awards && !program.combine.shares.is_empty() {
        let kind = program.kind.as_str();
        let message = format!("found shares, but a {kind} program awards nothing to share");
        faults.push(Fault::new(path!["combine", "shares"], message));
    }
    let mut of_program = |city: &CityId, at| {
        if !program.cities.contains(city) {
            let message = format!("found \"{city}\", which is not among the program's cities");
            faults.push(Fault::new(at, message));
        }
    };
    for city in program.combine.shares.keys() {
        of_program(city, path!["combine", "shares", city.as_str()]);
    }
    for (position, binding) in program.bindings.iter().enumerate() {
        if let Some(city) = &binding.city {
            of_program(city, path!["bindings", position, "city"]);
        }
    }
    if program.cities.is_empty() {
        faults.push(Fault::new(path!["cities"], "found none, expected at least one"));
    }
    // A city that nobody asks would agree to everything.
    let whole = program.bindings.iter().any(|binding| binding.city.is_none());
    for (position, city) in program.cities.iter().enumerate() {
        if !whole && !program.bindings.iter().any(|binding| binding.city.as_ref() == Some(city)) {
            let message = format!("found \"{city}\", which has no binding; every city needs one");
            faults.push(Fault::new(path!["cities", position], message));
        }
    }
    if let (Some(from), Some(until)) = (program.from, program.until)
        && until < from
    {
        let message = format!("found {until}, before the first day {from}");
        faults.push(Fault::new(path!["until"], message));
    }
    let seats = seats(program).len();
    if let RulingsRule::AtLeast(least) = program.combine.rulings
        && least > seats
    {
        let message = format!("found at-least = {least}; only {seats} policies rule");
        faults.push(Fault::new(path!["combine", "rulings"], message));
    }
    for (position, binding) in program.bindings.iter().enumerate() {
        let same = |other: &Binding| other.city == binding.city && other.from == binding.from;
        if program.bindings.iter().take(position).any(same) {
            let message =
                format!("another binding for the same city begins on {} too", binding.from);
            faults.push(Fault::new(path!["bindings", position, "from"], message));
        }
    }
    faults
}

/// Where each city pays its own, there is nothing to share and no fund of all.
fn check_each(program: &Program) -> Vec<Fault> {
    let mut faults = Vec::new();
    if program.combine.award != AwardRule::Each {
        return faults;
    }
    if !program.combine.shares.is_empty() {
        let message = "found shares of awards that each city pays whole";
        faults.push(Fault::new(path!["combine", "shares"], message));
    }
    if program.fund.is_some() {
        let message = "found a fund of all, where each city pays from the fund of its binding";
        faults.push(Fault::new(path!["fund"], message));
    }
    for (position, binding) in program.bindings.iter().enumerate() {
        if binding.city.is_none() {
            let message = "found no city, where each city pays what its own policy awards";
            faults.push(Fault::new(path!["bindings", position], message));
        }
        if binding.funds.is_empty() {
            let message = "found no fund, where each city pays from the fund of its binding";
            faults.push(Fault::new(path!["bindings", position, "funds"], message));
        }
    }
    faults
}

/// A target counts things up to a number, or money up to an amount.
fn check_targets(program: &Program) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (position, target) in program.targets.iter().enumerate() {
        let mut wrong = |key: Option<&str>, message: &str| {
            let mut at = path!["targets", position];
            at.extend(key.map(Into::into));
            faults.push(Fault::new(at, message));
        };
        if program.targets.iter().take(position).any(|before| before.id == target.id) {
            wrong(Some("id"), "found the id of a target before it");
        }
        if target.goal.is_some() == target.amount.is_some() {
            wrong(None, "found both or neither of goal and amount, expected one");
        }
        if target.goal == Some(0) || target.amount.is_some_and(|amount| amount.minor == 0) {
            wrong(None, "found a goal of nought");
        }
        if target.amount.is_some() && target.count != Counted::Projects {
            wrong(Some("amount"), "found an amount; only projects are counted by it");
        }
        let by_kind = matches!(target.count, Counted::Organisations | Counted::Resources);
        if target.kind.is_some() && !by_kind {
            wrong(Some("kind"), "found a kind; only organisations and resources have one");
        }
        if target.fact.is_some() && !by_kind {
            wrong(
                Some("fact"),
                "found a fact; only organisations and resources are counted by one",
            );
        }
        if target.state.is_some() && target.count != Counted::Agreements {
            wrong(Some("state"), "found a state; only agreements have one");
        }
    }
    faults
}

/// The cities that have bindings, in the order of the file; `None` is the program as a whole.
pub(super) fn seats(program: &Program) -> Vec<Option<&CityId>> {
    let mut seats = Vec::new();
    for binding in &program.bindings {
        if !seats.contains(&binding.city.as_ref()) {
            seats.push(binding.city.as_ref());
        }
    }
    seats
}

/// The binding of a seat that is in force on a date, with its position in the file.
pub(super) fn in_force<'a>(
    program: &'a Program,
    seat: Option<&CityId>,
    on: Date,
) -> Option<(usize, &'a Binding)> {
    let of_seat = program.bindings.iter().enumerate();
    let of_seat =
        of_seat.filter(|(_, binding)| binding.city.as_ref() == seat && binding.from <= on);
    of_seat.max_by_key(|(_, binding)| binding.from)
}
