//! `concord select`: rounds of selection, one after the other.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use concord_contract::raw::Raw;
use concord_contract::{Truth, path};

use super::{ConfigArg, Failed, Outcome, input, output};
use crate::decide::Program;
use crate::decide::select::Selection;
use crate::domain::entry::{Entries, Entry};
use crate::domain::fault::Fault;
use crate::domain::ids::{ProgramId, RoundId};
use crate::domain::round::Round;

/// Rank entries, round by round, and say who goes on. Nothing is recorded.
///
/// What goes on from one round comes into the next. Exit code 11: it cannot be said of every entry.
#[derive(Debug, clap::Args)]
pub(super) struct Select {
    /// The program's id.
    program: ProgramId,
    /// The entries, in JSON as over HTTP; `-` for standard input.
    entries: PathBuf,
    /// Only this round; all of them, in the order of the program's file, if it is not given.
    #[arg(long)]
    round: Option<RoundId>,
    /// Print all entries of all rounds as JSON, as HTTP answers them.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArg,
}

impl Select {
    pub(super) fn run(&self) -> Outcome {
        let config = input::config(&self.config.config)?;
        let text = input::text(&self.entries)?;
        let raw: Raw = serde_json::from_str(&text).map_err(|error| {
            Failed::usage(anyhow!("{} is not proper JSON: {error}", self.entries.display()))
        })?;
        let faulty = |faults: Vec<_>| input::faulty(&self.entries, &faults);
        let Entries { as_of, mut entries } = Entries::read(raw).map_err(faulty)?;
        let programs = input::programs(&config)?;
        let program = input::program(&programs, &self.program)?;
        let rounds = self.rounds(program)?;
        if let Some(fault) = entries.iter().enumerate().find_map(|one| unasked(one, &rounds)) {
            return Err(faulty(vec![fault]));
        }
        let entities = input::entities(&config)?;
        let today = || program.today(&entities, jiff::Timestamp::now());
        let as_of = as_of.unwrap_or_else(today);

        let mut selections: Vec<Selection> = Vec::new();
        for round in rounds {
            let asked: Vec<_> =
                entries.iter().map(|entry| of_round(entry, round, &self.round)).collect();
            let selected = programs.select(program, round, &asked, as_of, &entities);
            let selection = selected.map_err(faulty)?;
            let settled = selection.settled;
            let kept = selection.entries.iter().filter(|one| one.goes_on == Truth::Met);
            let kept: HashSet<_> = kept.map(|one| one.name.as_str()).collect();
            entries.retain(|entry| kept.contains(entry.name.as_str()));
            selections.push(selection);
            if !settled {
                break;
            }
        }
        if self.json {
            output::say_json(&selections)?;
        } else {
            selections.iter().for_each(|selection| output::say(&write_out(selection)));
        }
        let settled = selections.iter().all(|selection| selection.settled);
        Ok(ExitCode::from(if settled { 0 } else { 11 }))
    }

    fn rounds<'a>(&self, program: &'a Program) -> Result<Vec<&'a Round>, Failed> {
        let all = &program.laid_down.rounds;
        let Some(id) = &self.round else {
            if all.is_empty() {
                return Err(Failed::usage(anyhow!("{} has no rounds", self.program)));
            }
            return Ok(all.iter().collect());
        };
        let found = program.round(id).ok_or_else(|| {
            let known: Vec<_> = all.iter().map(|round| round.id.as_str()).collect();
            let known = known.join(", ");
            Failed::usage(anyhow!("found the round \"{id}\", expected one of: {known}"))
        })?;
        Ok(vec![found])
    }
}

/// Marks that none of the rounds asks for.
fn unasked((position, entry): (usize, &Entry), rounds: &[&Round]) -> Option<Fault> {
    let asked = |criterion: &str| rounds.iter().any(|round| round.panel.contains_key(criterion));
    let criterion = entry.marks.keys().find(|criterion| !asked(criterion))?;
    let message = format!("found marks by \"{criterion}\", which no round asks for");
    Some(Fault::new(path!["entries", position, "marks", criterion], message))
}

/// An entry as a round sees it: where several follow each other, each takes the marks that it asks for.
fn of_round(entry: &Entry, round: &Round, only: &Option<RoundId>) -> Entry {
    let mut entry = entry.clone();
    if only.is_none() {
        entry.marks.retain(|criterion, _| round.panel.contains_key(criterion));
    }
    entry
}

/// The entries that go on or may yet, and how many there are of the rest.
fn write_out(selection: &Selection) -> String {
    let (program, round, as_of) = (&selection.program, &selection.round, &selection.as_of);
    let (all, going_on) = (selection.entries.len(), selection.going_on);
    let seats = selection.seats.map_or_else(String::new, |seats| format!(" for {seats} places"));
    let mut text =
        format!("{program}, {round}, on {as_of}: {all} entries{seats}, {going_on} go on");
    if !selection.settled {
        text.push_str("; not settled");
    }
    let mut rest = [0_usize; 2];
    for entry in &selection.entries {
        match (entry.goes_on, entry.place) {
            (Truth::Unmet, Some(_)) => rest[0] += 1,
            (Truth::Unmet, None) => rest[1] += 1,
            (goes_on, place) => {
                let place = place.map_or_else(|| "–".to_owned(), |place| place.to_string());
                let total = entry.total.as_deref().unwrap_or("not known");
                let open = match (goes_on, entry.missing.as_slice()) {
                    (Truth::Met, _) => String::new(),
                    (_, []) => "  (open)".to_owned(),
                    (_, missing) => format!("  (open: {} not known)", missing.join(", ")),
                };
                text.push_str(&format!("\n{place:>6}  {total:>10}  {}{open}", entry.name));
            }
        }
    }
    let [below, out] = rest;
    text.push_str(&format!("\n        {below} stand below, {out} are not eligible\n"));
    text
}
