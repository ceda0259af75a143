//! The file `policy.toml`: what a policy declares of itself, for lawyers, the compiler and the host.
//!
//! `source` is the file as written, `check` makes a [`Manifest`] of it or says what is wrong and on
//! which line. Every position that crosses the contract (fact, parameter, clause, …) is a position in one
//! of the lists here.

mod check;
mod parameter;
mod promise;
mod shape;
mod source;

use std::fmt;

use indexmap::IndexMap;

use crate::kind::Kind;
use crate::language::Texts;
use crate::subject::Subject;
use crate::value::{Cell, Column, Shape};

pub use parameter::read_parameter;
pub use promise::{Promise, Property};
pub use source::Group;

/// A checked `policy.toml`.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The policy's id.
    pub id: String,
    /// Its version, by semantic versioning.
    pub version: String,
    /// Which world it is written for.
    pub kind: Kind,
    /// Its name.
    pub name: Texts,
    /// Named lists of options, by name.
    pub choices: IndexMap<String, Choices>,
    /// The facts that it may read.
    pub facts: Vec<Fact>,
    /// Its thresholds.
    pub parameters: Vec<Parameter>,
    /// The shared entities that it asks for.
    pub registry: Registry,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// What it promises of its rulings, whatever the case.
    pub promises: Vec<Promise>,
    /// The remarks that it may make.
    pub notes: Vec<Named>,
    /// The entitlements that it may grant.
    pub entitlements: Vec<Named>,
    /// The tiers that it may place a person in, from the highest down.
    pub tiers: Vec<Named>,
    /// The criteria that it marks by.
    pub criteria: Vec<Named>,
}

/// A list of options that a choice is among.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Whether other values are allowed too; they reach the policy as "other".
    pub open: bool,
    /// The options by key, with what they are called.
    pub options: IndexMap<String, Texts>,
}

/// One fact that the policy may read.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is about.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// What it is called.
    pub label: Texts,
    /// Its type.
    pub shape: Shape,
}

/// One threshold or other figure that a binding may set.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub label: Texts,
    /// Its type.
    pub shape: Shape,
    /// Its value where a binding does not say otherwise.
    pub default: Cell,
    /// Where the figure comes from: `doc: …`, `pub: …` or `ill: …`; of a list or table, one for all of its
    /// rows or one for each.
    pub sources: Vec<String>,
}

/// What the policy asks of the shared entities.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Funds whose balance it reads, by the policy's own names for them.
    pub funds: Vec<Named>,
    /// Subjects whose prior awards it reads.
    pub awards: Vec<Subject>,
    /// Subjects that it looks up on the shared lists.
    pub listed: Vec<Subject>,
    /// Subjects whose signed agreements it asks for.
    pub agreed: Vec<Subject>,
    /// The position of the choices by which it is told which city paid a prior award.
    pub payers: Option<usize>,
}

/// One numbered condition.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its id.
    pub id: String,
    /// How it counts.
    pub group: Group,
    /// Whether it is asked once, or of the items of a subject.
    pub scope: Scope,
    /// The law or standard, and the place in it.
    pub citation: String,
    /// Where the rule comes from: `doc: …`, `pub: …` or `ill: …`.
    pub source: String,
    /// What it demands; a Fluent pattern over the parameters.
    pub title: Texts,
    /// What to say when it is unmet; a Fluent pattern over the parameters.
    pub unmet: Texts,
}

/// What a clause is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The case as a whole.
    Case,
    /// Each item of the subject, and every one must meet it.
    Each(Subject),
    /// Each item of the subject, and one that meets it is enough.
    Some(Subject),
}

/// Something with a name and nothing else to it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub label: Texts,
}

/// One value that the policy can pull: where a fact index of the contract leads.
#[derive(Clone, Copy, Debug)]
pub struct Pull<'a> {
    /// The position of the fact in [`Manifest::facts`].
    pub fact: usize,
    /// The column within it.
    pub column: usize,
    /// What the value is declared to be.
    pub declared: &'a Column,
}

impl Manifest {
    /// Reads a `policy.toml`. All mistakes are found at once.
    pub fn parse(text: &str) -> Result<Manifest, Vec<Mistake>> {
        check::check(text)
    }

    /// The values that the contract's fact indices stand for, in order.
    #[must_use]
    pub fn fact_columns(&self) -> Vec<Pull<'_>> {
        pulls(self.facts.iter().map(|fact| &fact.shape))
    }

    /// The values that the contract's parameter indices stand for, in order.
    #[must_use]
    pub fn parameter_columns(&self) -> Vec<Pull<'_>> {
        pulls(self.parameters.iter().map(|parameter| &parameter.shape))
    }

    /// The options of a choice.
    #[must_use]
    pub fn options(&self, column: &Column) -> Option<&Choices> {
        self.choices.get_index(column.choices?).map(|(_, choices)| choices)
    }
}

fn pulls<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Vec<Pull<'a>> {
    let columns = |(fact, shape): (usize, &'a Shape)| {
        let pull = move |(column, declared)| Pull { fact, column, declared };
        shape.columns().into_iter().enumerate().map(pull)
    };
    shapes.enumerate().flat_map(columns).collect()
}

/// Something wrong in a `policy.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The key, such as `clauses.both-cities.title`; empty where the file cannot be read at all.
    pub key: String,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.message),
            key => write!(f, "line {}, {key}: {}", self.line, self.message),
        }
    }
}
