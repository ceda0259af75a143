//! Batches: bytes → numbered lines, and the view under which a program judges all of them.
//!
//! Neither reads nor waits: whoever has the bytes hands them in as they come, and takes the lines out.

use std::sync::Arc;

use concord_contract::Date;

use super::{Decision, Program, Programs, parallel};
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::fault::Fault;

/// What all cases of a batch are judged under: the entities and the day as they were when it began.
pub struct Batch {
    programs: Arc<Programs>,
    program: Arc<Program>,
    entities: Arc<Entities>,
    today: Date,
}

impl Batch {
    /// A batch of a program that begins now.
    #[must_use]
    pub fn new(
        programs: Arc<Programs>,
        program: Arc<Program>,
        entities: Arc<Entities>,
        now: jiff::Timestamp,
    ) -> Batch {
        let today = program.today(&entities, now);
        Batch { programs, program, entities, today }
    }

    /// Does the work for each line, on all cores, and gives what came of it in the order of the lines.
    pub fn each<R: Send>(lines: &[Line], work: impl Fn(&Line) -> R + Sync) -> Vec<R> {
        parallel::each(lines, |_, line| work(line))
    }

    /// Decides one case of it; the faults are those of the case.
    pub fn decide(&self, case: &Case) -> Result<Decision, Vec<Fault>> {
        let as_of = case.as_of.unwrap_or(self.today);
        self.programs.decide(&self.program, case, as_of, &self.entities)
    }
}

/// A line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1; empty lines count.
    pub number: u64,
    /// What stands in it.
    pub content: Content,
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it, without the end of the line. It is not empty.
    Whole(Vec<u8>),
    /// More bytes than this, the limit; they were not kept.
    TooLong(usize),
    /// The batch ended in it, or before it, and should not have.
    Cut(Cut),
}

/// Why a batch ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It broke off.
    BrokenOff,
    /// Nothing more came for too long.
    Silent,
}

/// Takes lines out of bytes that come in pieces. It keeps no more than one line, up to the limit.
#[derive(Debug)]
pub struct Lines {
    from: u64,
    limit: usize,
    /// The number of the line that is being read.
    number: u64,
    kept: Vec<u8>,
    too_long: bool,
}

impl Lines {
    /// The lines from a number on, each of so many bytes at most. Those before are counted and not kept.
    #[must_use]
    pub fn new(from: u64, limit: usize) -> Lines {
        Lines { from, limit, number: 1, kept: Vec::new(), too_long: false }
    }

    /// The next line that ends in these bytes. What it took is gone from them: all, where no line ends.
    pub fn next_in(&mut self, bytes: &mut &[u8]) -> Option<Line> {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (head, rest) = bytes.split_at(end);
            *bytes = rest.get(1..).unwrap_or_default();
            self.keep(head);
            if let Some(line) = self.finish() {
                return Some(line);
            }
        }
        self.keep(bytes);
        *bytes = &[];
        None
    }

    /// The last line, if no end of line stands behind it.
    pub fn last(&mut self) -> Option<Line> {
        self.finish()
    }

    /// The line in which a batch was cut. A batch resumes from its number.
    pub fn cut(&mut self, cut: Cut) -> Line {
        Line { number: self.number, content: Content::Cut(cut) }
    }

    fn keep(&mut self, part: &[u8]) {
        if self.number < self.from || self.too_long {
            return;
        }
        if self.kept.len() + part.len() > self.limit {
            self.too_long = true;
            self.kept = Vec::new();
        } else {
            self.kept.extend_from_slice(part);
        }
    }

    fn finish(&mut self) -> Option<Line> {
        let (kept, too_long) = (std::mem::take(&mut self.kept), std::mem::take(&mut self.too_long));
        let number = self.number;
        self.number += 1;
        let empty = kept.trim_ascii().is_empty();
        match too_long {
            true => Some(Line { number, content: Content::TooLong(self.limit) }),
            false if empty => None,
            false => Some(Line { number, content: Content::Whole(kept) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(number: u64, text: &str) -> Line {
        Line { number, content: Content::Whole(text.into()) }
    }

    /// The lines of a text that comes in pieces of so many bytes.
    fn lines(mut lines: Lines, text: &str, piece: usize) -> Vec<Line> {
        let mut found = Vec::new();
        for mut bytes in text.as_bytes().chunks(piece) {
            while let Some(line) = lines.next_in(&mut bytes) {
                found.push(line);
            }
            assert!(bytes.is_empty());
        }
        found.extend(lines.last());
        found
    }

    #[test]
    fn lines_are_the_same_in_whatever_pieces_they_come_and_empty_ones_count() {
        for piece in 1..20 {
            let found = lines(Lines::new(1, 10), "one\n\n  \r\nfour\r\nfive", piece);
            assert_eq!(found, [whole(1, "one"), whole(4, "four\r"), whole(5, "five")], "{piece}");
            let found = lines(Lines::new(1, 10), "one\n", piece);
            assert_eq!(found, [whole(1, "one")], "{piece}");
        }
        assert_eq!(lines(Lines::new(1, 10), "", 1), []);
    }

    #[test]
    fn lines_before_the_first_that_is_wanted_are_counted_alone() {
        let long = "x".repeat(100);
        let found = lines(Lines::new(3, 10), &format!("{long}\n\nthree\nfour"), 7);
        assert_eq!(found, [whole(3, "three"), whole(4, "four")]);
        assert_eq!(lines(Lines::new(3, 10), "one\ntwo", 2), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept_and_harms_no_other() {
        for piece in 1..20 {
            let found = lines(Lines::new(1, 4), "four\nfive!\nfour", piece);
            let too_long = Line { number: 2, content: Content::TooLong(4) };
            assert_eq!(found, [whole(1, "four"), too_long, whole(3, "four")], "{piece}");
        }
        let mut reading = Lines::new(1, 4);
        assert_eq!(reading.next_in(&mut "x".repeat(1000).as_bytes()), None);
        assert_eq!(reading.kept.capacity(), 0);
    }

    #[test]
    fn a_batch_that_is_cut_names_the_line_that_it_broke_in_or_before() {
        for (text, number) in [("", 1), ("one", 1), ("one\n", 2), ("one\ntwo", 2)] {
            let (mut reading, mut bytes) = (Lines::new(1, 10), text.as_bytes());
            while reading.next_in(&mut bytes).is_some() {}
            let cut = Line { number, content: Content::Cut(Cut::BrokenOff) };
            assert_eq!(reading.cut(Cut::BrokenOff), cut, "{text:?}");
        }
    }
}
