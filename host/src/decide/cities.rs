//! Which city leads and which one pays, by the facts of a case.

use concord_contract::Subject;
use concord_contract::value::Value;

use super::vocabulary::Vocabulary;
use crate::domain::facts::{Facts, ItemFacts};
use crate::domain::ids::CityId;

/// The city that the lead party is from: of the one party whose `role` is `lead`, the `city`. Not known where
/// a role is not, or where there are two.
pub(super) fn lead(vocabulary: &Vocabulary, facts: &Facts) -> Option<CityId> {
    let declared = vocabulary.facts(Subject::Parties)?;
    let (role, city) = (declared.get_index_of("role")?, declared.get_index_of("city")?);
    let parties = facts.items(Subject::Parties)?;
    if parties.iter().any(|party| text(party, role).is_none()) {
        return None;
    }
    let mut leads = parties.iter().filter(|party| text(party, role) == Some("lead"));
    match (leads.next(), leads.next()) {
        (Some(lead), None) => text(lead, city)?.parse().ok(),
        _ => None,
    }
}

/// The city that a fact such as `talent.city` names.
pub(super) fn payer(fact: &str, vocabulary: &Vocabulary, facts: &Facts) -> Option<CityId> {
    let (subject, place) = place(fact, vocabulary)?;
    let item = facts.items(subject)?.first()?;
    text(item, place)?.parse().ok()
}

/// Where a fact of a single subject stands, if a policy reads it.
pub(super) fn place(fact: &str, vocabulary: &Vocabulary) -> Option<(Subject, usize)> {
    let (subject, name) = fact.split_once('.')?;
    let subject = Subject::parse(subject).filter(|subject| !subject.is_many())?;
    Some((subject, vocabulary.facts(subject)?.get_index_of(name)?))
}

fn text(item: &ItemFacts, place: usize) -> Option<&str> {
    match item.cells.get(place)?.as_ref()?.get(0, 0)? {
        Value::Choice(text) | Value::Text(text) => Some(text),
        _ => None,
    }
}
