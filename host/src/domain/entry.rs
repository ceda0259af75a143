//! Cases with a name: the entries of a round, with the marks that people gave them, and the demands and
//! supplies that are to be matched.

use std::collections::HashMap;

use concord_contract::place::Path;
use concord_contract::raw::Raw;
use concord_contract::value::{self, Column, Type, Value};
use concord_contract::{Date, Decimal, Subject, path};
use indexmap::IndexMap;

use super::case::{Case, read_as_of};
use super::fault::Fault;

/// The most entries that a round may have.
pub const ENTRY_LIMIT: usize = 20_000;

/// The entries of a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    /// The date to judge all of them on, if it says.
    pub as_of: Option<Date>,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called in this round.
    pub name: String,
    /// Its facts.
    pub case: Case,
    /// The marks that people gave it, by criterion.
    pub marks: IndexMap<String, Vec<Decimal>>,
}

impl Entries {
    /// Reads the entries of a round. All faults are found at once.
    pub fn read(raw: Raw) -> Result<Entries, Vec<Fault>> {
        let expected = "expected { \"as_of\": …, \"entries\": […] }";
        let Raw::Map(keys) = raw else {
            let message = format!("found {}, {expected}", raw.describe());
            return Err(vec![Fault::new(Path::new(), message)]);
        };
        let mut found = Entries::default();
        let mut list = None;
        let mut faults = Vec::new();
        for (key, raw) in keys {
            match (key.as_str(), raw) {
                ("as_of", raw) => match read_as_of(&raw) {
                    Ok(date) => found.as_of = date,
                    Err(fault) => faults.push(fault),
                },
                ("entries", Raw::List(entries)) => list = Some(entries),
                ("entries", raw) => {
                    let message = format!("found {}, expected a list", raw.describe());
                    faults.push(Fault::new(path!["entries"], message));
                }
                (key, _) => {
                    let message = format!("found the key \"{key}\", {expected}");
                    faults.push(Fault::new(path![key], message));
                }
            }
        }
        match list {
            Some(list) if list.len() > ENTRY_LIMIT => {
                let message =
                    format!("found {} entries, expected at most {ENTRY_LIMIT}", list.len());
                faults.push(Fault::new(path!["entries"], message));
            }
            Some(list) if list.is_empty() && faults.is_empty() => {
                faults.push(Fault::new(path!["entries"], "found none, expected at least one"));
            }
            Some(list) => found.entries = read_all("entries", list, &mut faults),
            None if faults.is_empty() => {
                faults.push(Fault::new(Path::new(), format!("found no entries, {expected}")));
            }
            None => {}
        }
        if faults.is_empty() { Ok(found) } else { Err(faults) }
    }
}

/// The most pairs that are judged at once.
pub const PAIR_LIMIT: usize = 20_000;

/// How many supplies are given for each demand where nothing is said.
const BEST: usize = 5;

/// Demands and supplies.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// The date to judge all pairs on, if it says.
    pub as_of: Option<Date>,
    /// How many supplies to give for each demand.
    pub best: usize,
    /// The demands.
    pub demands: Vec<Entry>,
    /// The supplies.
    pub supplies: Vec<Entry>,
}

impl Pairing {
    /// Reads demands and supplies. All faults are found at once.
    pub fn read(raw: Raw) -> Result<Pairing, Vec<Fault>> {
        let expected =
            "expected { \"as_of\": …, \"best\": 5, \"demands\": […], \"supplies\": […] }";
        let Raw::Map(keys) = raw else {
            let message = format!("found {}, {expected}", raw.describe());
            return Err(vec![Fault::new(Path::new(), message)]);
        };
        let mut pairing =
            Pairing { as_of: None, best: BEST, demands: Vec::new(), supplies: Vec::new() };
        let mut faults = Vec::new();
        for (key, raw) in keys {
            match (key.as_str(), raw) {
                ("as_of", raw) => match read_as_of(&raw) {
                    Ok(date) => pairing.as_of = date,
                    Err(fault) => faults.push(fault),
                },
                ("best", Raw::Integer(best @ 1..=1000)) => {
                    pairing.best = usize::try_from(best).unwrap_or(BEST);
                }
                ("best", raw) => {
                    let message = format!("found {}, expected 1 to 1000", raw.describe());
                    faults.push(Fault::new(path!["best"], message));
                }
                ("demands", Raw::List(list)) => {
                    pairing.demands = read_all("demands", list, &mut faults);
                }
                ("supplies", Raw::List(list)) => {
                    pairing.supplies = read_all("supplies", list, &mut faults);
                }
                ("demands" | "supplies", raw) => {
                    let message = format!("found {}, expected a list", raw.describe());
                    faults.push(Fault::new(path![&key], message));
                }
                (key, _) => {
                    let message = format!("found the key \"{key}\", {expected}");
                    faults.push(Fault::new(path![key], message));
                }
            }
        }
        let sides = [
            ("demands", &pairing.demands, Subject::Demand),
            ("supplies", &pairing.supplies, Subject::Supply),
        ];
        for (side, entries, own) in sides {
            if entries.is_empty() && faults.is_empty() {
                faults.push(Fault::new(path![side], "found none, expected at least one"));
            }
            for (position, entry) in entries.iter().enumerate() {
                let subjects = entry.case.subjects.iter().map(|(subject, _)| *subject);
                for other in subjects.filter(|one| *one != own && *one != Subject::Parties) {
                    let message = format!("expected {} and parties alone", own.as_str());
                    faults.push(Fault::new(path![side, position, other.as_str()], message));
                }
                if !entry.marks.is_empty() {
                    let at = path![side, position, "marks"];
                    faults.push(Fault::new(at, "found marks; nobody marks what is matched"));
                }
            }
        }
        let pairs = pairing.demands.len().saturating_mul(pairing.supplies.len());
        if pairs > PAIR_LIMIT {
            let message = format!("found {pairs} pairs, expected at most {PAIR_LIMIT}");
            faults.push(Fault::new(Path::new(), message));
        }
        if faults.is_empty() { Ok(pairing) } else { Err(faults) }
    }
}

fn read_all(key: &str, list: Vec<Raw>, faults: &mut Vec<Fault>) -> Vec<Entry> {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut entries = Vec::with_capacity(list.len());
    for (position, raw) in list.into_iter().enumerate() {
        let at = path![key, position];
        match Entry::read(raw) {
            Ok(entry) => {
                if let Some(first) = names.insert(entry.name.clone(), position) {
                    let message =
                        format!("found \"{}\", the name of entry {first} too", entry.name);
                    faults.push(Fault::new([at, path!["name"]].concat(), message));
                }
                entries.push(entry);
            }
            Err(wrong) => faults.extend(
                wrong
                    .into_iter()
                    .map(|fault| Fault::new([at.clone(), fault.path].concat(), fault.message)),
            ),
        }
    }
    entries
}

impl Entry {
    /// Reads one entry: a case with a `name` beside its subjects, and `marks` where people gave any.
    pub fn read(raw: Raw) -> Result<Entry, Vec<Fault>> {
        let Raw::Map(keys) = raw else {
            let message = format!("found {}, expected an entry: an object", raw.describe());
            return Err(vec![Fault::new(Path::new(), message)]);
        };
        let (mut name, mut marks) = (None, IndexMap::new());
        let mut faults = Vec::new();
        let mut rest = Vec::new();
        for (key, raw) in keys {
            match (key.as_str(), raw) {
                ("name", Raw::Text(text)) if !text.trim().is_empty() => name = Some(text),
                ("name", raw) => {
                    let message = format!("found {}, expected a name", raw.describe());
                    faults.push(Fault::new(path!["name"], message));
                }
                ("marks", raw) => match read_marks(raw) {
                    Ok(read) => marks = read,
                    Err(wrong) => faults.extend(wrong),
                },
                ("as_of", _) => {
                    let message = "found a date; all are judged on the one beside the list";
                    faults.push(Fault::new(path!["as_of"], message));
                }
                (_, raw) => rest.push((key, raw)),
            }
        }
        if name.is_none() && faults.is_empty() {
            faults.push(Fault::new(Path::new(), "found no name, expected one"));
        }
        match (Case::read(Raw::Map(rest)), name) {
            (Ok(case), Some(name)) if faults.is_empty() => Ok(Entry { name, case, marks }),
            (case, _) => {
                faults.extend(case.err().unwrap_or_default());
                Err(faults)
            }
        }
    }
}

fn read_marks(raw: Raw) -> Result<IndexMap<String, Vec<Decimal>>, Vec<Fault>> {
    let Raw::Map(criteria) = raw else {
        let message = format!("found {}, expected marks by criterion", raw.describe());
        return Err(vec![Fault::new(path!["marks"], message)]);
    };
    let column = Column::new(Type::Decimal, None);
    let mut marks = IndexMap::new();
    let mut faults = Vec::new();
    for (criterion, raw) in criteria {
        let Raw::List(list) = raw else {
            let message = format!("found {}, expected a list of marks", raw.describe());
            faults.push(Fault::new(path!["marks", &criterion], message));
            continue;
        };
        let mut given = Vec::with_capacity(list.len());
        for (position, raw) in list.iter().enumerate() {
            let at = || path!["marks", &criterion, position];
            match value::read(raw, &column) {
                Ok(Some(Value::Decimal(mark))) => given.push(mark),
                Ok(_) => faults.push(Fault::new(at(), "found null, expected a mark")),
                Err(wrong) => faults.push(Fault::of(at(), &wrong)),
            }
        }
        marks.insert(criterion, given);
    }
    if faults.is_empty() { Ok(marks) } else { Err(faults) }
}
