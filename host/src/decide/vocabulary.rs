//! All facts that the policies of a program read, under one name and type each.

use std::sync::Arc;

use concord_contract::Subject;
use concord_contract::manifest::{Fact, Manifest};
use concord_contract::value::{Column, Shape};
use indexmap::IndexMap;

use crate::engine::Slot;

/// The facts of a program, by subject and name. A fact's place among its subject's is where its value
/// stands in the case's facts.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    subjects: [IndexMap<String, Declared>; 8],
}

/// What a fact is declared to be, by all policies that read it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its shape.
    pub shape: Shape,
    /// Of each column, the options that every policy allows; `None` where any is.
    pub options: Vec<Option<Vec<String>>>,
    /// The policy that declared it first, for error messages.
    policy: String,
}

impl Vocabulary {
    /// The vocabulary of these policies, or what they disagree about.
    pub fn of<'a>(manifests: impl IntoIterator<Item = &'a Manifest>) -> Result<Vocabulary, String> {
        let mut vocabulary = Vocabulary::default();
        for manifest in manifests {
            for fact in &manifest.facts {
                vocabulary.add(manifest, fact)?;
            }
        }
        Ok(vocabulary)
    }

    fn add(&mut self, manifest: &Manifest, fact: &Fact) -> Result<(), String> {
        let columns = fact.shape.columns();
        let options = columns.into_iter().map(|column| closed_options(manifest, column));
        let options: Vec<_> = options.collect();
        let Some(facts) = self.subjects.get_mut(fact.subject.index()) else { return Ok(()) };
        let Some(known) = facts.get_mut(&fact.name) else {
            let (shape, policy) = (fact.shape.clone(), manifest.id.clone());
            facts.insert(fact.name.clone(), Declared { shape, options, policy });
            return Ok(());
        };
        if !alike(&known.shape, &fact.shape) {
            return Err(format!(
                "{} and {} declare the fact {}.{} differently; the policies of one program must agree \
                 on its type, unit and bounds",
                known.policy,
                manifest.id,
                fact.subject.as_str(),
                fact.name
            ));
        }
        for (known, new) in known.options.iter_mut().zip(options) {
            match (&mut *known, new) {
                (_, None) => {}
                (None, new) => *known = new,
                (Some(known), Some(new)) => known.retain(|option| new.contains(option)),
            }
        }
        Ok(())
    }

    /// The facts of a subject, in the order of their places.
    #[must_use]
    pub fn facts(&self, subject: Subject) -> Option<&IndexMap<String, Declared>> {
        self.subjects.get(subject.index())
    }

    /// Where each of a policy's fact indices leads.
    #[must_use]
    pub fn slots(&self, manifest: &Manifest) -> Arc<[Slot]> {
        let slot = |pull: concord_contract::manifest::Pull<'_>| {
            let fact = manifest.facts.get(pull.fact)?;
            let place = self.facts(fact.subject)?.get_index_of(&fact.name)?;
            Some(Slot { place, column: pull.column })
        };
        manifest.fact_columns().into_iter().filter_map(slot).collect()
    }
}

/// The options of a closed choice.
fn closed_options(manifest: &Manifest, column: &Column) -> Option<Vec<String>> {
    let choices = manifest.options(column).filter(|choices| !choices.open)?;
    Some(choices.options.keys().cloned().collect())
}

/// Whether two shapes take the same values, options aside.
fn alike(one: &Shape, other: &Shape) -> bool {
    let same = |one: &Column, other: &Column| {
        (one.ty, &one.unit, &one.min, &one.max) == (other.ty, &other.unit, &other.min, &other.max)
    };
    match (one, other) {
        (Shape::One(one), Shape::One(other)) | (Shape::List(one), Shape::List(other)) => {
            same(one, other)
        }
        (Shape::Table(one), Shape::Table(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((a, one), (b, other))| a == b && same(one, other))
        }
        _ => false,
    }
}
