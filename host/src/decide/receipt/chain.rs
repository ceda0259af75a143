//! The receipts of a program, held against each other: each names the one before.

use std::collections::BTreeMap;

use serde::Serialize;

use super::body::Body;
use crate::domain::ids::ProgramId;

/// What the chain goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The program.
    pub program: ProgramId,
    /// The number among its decisions.
    pub number: i64,
    /// The digest of the receipt.
    pub digest: String,
    /// The digest of the one before, as the receipt has it.
    pub previous: Option<String>,
}

/// Where receipts of one program are not one chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "slip")]
pub enum Slip {
    /// Some between two are not there.
    #[error("{program}: {} not among those given", missing(*first, *last))]
    Gap {
        /// The program.
        program: ProgramId,
        /// The first that is not there.
        first: i64,
        /// The last that is not there.
        last: i64,
    },
    /// The digest in one is not that of the one before.
    #[error("{program}: receipt {number} does not follow the one before: it names another digest")]
    Broken {
        /// The program.
        program: ProgramId,
        /// The number of the later one.
        number: i64,
    },
    /// Two unlike ones have the same number.
    #[error("{program}: there are two receipts with the number {number}")]
    Twice {
        /// The program.
        program: ProgramId,
        /// The number.
        number: i64,
    },
    /// The first has one before it, or another has none, or a number is below 1.
    #[error(
        "{program}: receipt {number} cannot begin so: only the first, number 1, has none before it"
    )]
    Beginning {
        /// The program.
        program: ProgramId,
        /// The number.
        number: i64,
    },
}

impl Link {
    /// What the chain goes by in a receipt.
    #[must_use]
    pub fn of(body: &Body<'_>, digest: &str) -> Link {
        Link {
            program: body.program.clone(),
            number: body.number,
            digest: digest.to_owned(),
            previous: body.previous.clone(),
        }
    }
}

/// Where these are not whole chains, by program and number. Their order does not matter, and the same one may
/// be there twice. What came before the first and after the last of those given is not asked for.
#[must_use]
pub fn chain(links: &[Link]) -> Vec<Slip> {
    let mut programs: BTreeMap<&ProgramId, Vec<&Link>> = BTreeMap::new();
    for link in links {
        programs.entry(&link.program).or_default().push(link);
    }
    let mut slips = Vec::new();
    for links in programs.values_mut() {
        links.sort_by(|one, other| (one.number, &one.digest).cmp(&(other.number, &other.digest)));
        links.dedup();
        slips.extend(links.iter().filter_map(|link| beginning(link)));
        slips.extend(links.array_windows().filter_map(|[before, link]| step(before, link)));
    }
    slips
}

fn missing(first: i64, last: i64) -> String {
    if first == last {
        format!("receipt {first} is")
    } else {
        format!("the receipts {first} to {last} are")
    }
}

fn beginning(link: &Link) -> Option<Slip> {
    let right = link.number >= 1 && (link.number == 1) == link.previous.is_none();
    let (program, number) = (link.program.clone(), link.number);
    (!right).then_some(Slip::Beginning { program, number })
}

fn step(before: &Link, link: &Link) -> Option<Slip> {
    let (program, number) = (link.program.clone(), link.number);
    if number == before.number {
        return Some(Slip::Twice { program, number });
    }
    let expected = before.number.saturating_add(1);
    if number != expected {
        return Some(Slip::Gap { program, first: expected, last: number - 1 });
    }
    let follows = link.previous.as_deref() == Some(&before.digest);
    (!follows).then_some(Slip::Broken { program, number })
}
