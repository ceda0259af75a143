//! The facts of a case, typed: what a program's policies can be asked about.

use std::sync::Arc;

use concord_contract::value::Cell;
use concord_contract::{Date, Money, Subject, dates};
use serde::{Deserialize, Serialize};

use super::ids::CityId;

/// All facts of one case. The cells of an item are in the order of the program's vocabulary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    subjects: [Option<Vec<ItemFacts>>; 8],
}

/// The facts of one item of a subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemFacts {
    /// The id of the entity behind it, if the case names one.
    pub entity: Option<String>,
    /// The facts that are known, each at its place in the vocabulary.
    pub cells: Vec<Option<Cell>>,
    /// How the entity stands in the shared records.
    pub standing: Option<Arc<Standing>>,
}

/// How an entity stands in the shared records, seen from one program on one date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Awards on record, oldest first.
    pub awards: Vec<PriorAward>,
    /// Whether it is on the shared list of one of the program's cities.
    pub listed: bool,
    /// Whether it has signed an agreement that is in force.
    pub agreed: bool,
}

/// Money that an entity was awarded before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorAward {
    /// How much.
    pub amount: Money,
    /// When.
    #[serde(with = "dates")]
    pub on: Date,
    /// Whether the same program awarded it.
    pub same_program: bool,
    /// The city that paid it, if one did and it is on record.
    #[serde(rename = "city", default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<CityId>,
}

impl Facts {
    /// The items of a subject; `None` where the case does not mention it.
    #[must_use]
    pub fn items(&self, subject: Subject) -> Option<&[ItemFacts]> {
        self.subjects.get(subject.index())?.as_deref()
    }

    /// Sets the items of a subject.
    pub fn set(&mut self, subject: Subject, items: Vec<ItemFacts>) {
        if let Some(place) = self.subjects.get_mut(subject.index()) {
            *place = Some(items);
        }
    }
}
