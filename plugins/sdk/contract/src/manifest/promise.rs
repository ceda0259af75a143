//! Promises: properties that a policy holds to whatever the case.

use indexmap::IndexMap;

use super::check::Checker;
use super::source::PromiseSource;
use super::{Fact, Manifest};
use crate::kind::Kind;
use crate::language::Texts;
use crate::path;
use crate::place::Path;
use crate::value::{Shape, Type};

/// A property that a policy promises, to be checked with generated cases.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Its id.
    pub id: String,
    /// What it says, in words.
    pub text: Texts,
    /// What must hold.
    pub property: Property,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// More of the fact at this position makes nobody ineligible who was eligible, and lowers nothing granted.
    More(usize),
    /// The same of less of it.
    Less(usize),
    /// These two options, each in the other's place, change neither the outcome nor what is granted.
    Swap(String, String),
    /// Nothing granted is above this parameter.
    AtMost {
        /// The position of the parameter.
        parameter: usize,
        /// The column within it, the largest value of which counts.
        column: usize,
    },
    /// Another value of the fact at this position changes no clause, no outcome and nothing granted.
    UnaffectedBy(usize),
}

/// The keys of the properties; a promise has one of them.
const KEYS: &str = "more, less, swap, at_most or unaffected_by";

impl Property {
    /// Its key in `policy.toml`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Property::More(_) => "more",
            Property::Less(_) => "less",
            Property::Swap(..) => "swap",
            Property::AtMost { .. } => "at_most",
            Property::UnaffectedBy(_) => "unaffected_by",
        }
    }

    /// What it is about, as `policy.toml` writes it: a fact, a parameter, or two options.
    #[must_use]
    pub fn about(&self, manifest: &Manifest) -> Vec<String> {
        match self {
            Property::More(fact) | Property::Less(fact) | Property::UnaffectedBy(fact) => {
                manifest.facts.get(*fact).map(dotted).into_iter().collect()
            }
            Property::Swap(one, other) => vec![one.clone(), other.clone()],
            Property::AtMost { parameter, column } => {
                let parameter = manifest.parameters.get(*parameter);
                let name = parameter.map(|parameter| match &parameter.shape {
                    Shape::Table(columns) => {
                        let column = columns.get(*column).map_or("", |(name, _)| name);
                        format!("{}.{column}", parameter.name)
                    }
                    Shape::One(_) | Shape::List(_) => parameter.name.clone(),
                });
                name.into_iter().collect()
            }
        }
    }
}

fn dotted(fact: &Fact) -> String {
    format!("{}.{}", fact.subject.as_str(), fact.name)
}

impl Checker<'_> {
    /// The promises, held against the facts, choices and parameters that are declared.
    pub(super) fn promises(
        &mut self,
        source: IndexMap<String, PromiseSource>,
        manifest: &Manifest,
    ) -> Vec<Promise> {
        let mut promises = Vec::new();
        for (id, promise) in source {
            let at = path!["promises", &id];
            self.id(at.clone(), &id);
            self.texts(path!["promises", &id, "text"], &promise.text);
            match property(&promise, manifest) {
                Ok(property) => promises.push(Promise { id, text: promise.text, property }),
                Err((below, message)) => self.wrong([at, below].concat(), message),
            }
        }
        promises
    }
}

/// The one property of a promise, or where below it something is wrong.
fn property(source: &PromiseSource, manifest: &Manifest) -> Result<Property, (Path, String)> {
    let PromiseSource { more, less, swap, at_most, unaffected_by, text: _ } = source;
    match (more, less, swap, at_most, unaffected_by) {
        (Some(name), None, None, None, None) => {
            ordered(name, manifest).map(Property::More).map_err(|message| (path!["more"], message))
        }
        (None, Some(name), None, None, None) => {
            ordered(name, manifest).map(Property::Less).map_err(|message| (path!["less"], message))
        }
        (None, None, Some(options), None, None) => {
            swapped(options, manifest).map_err(|message| (path!["swap"], message))
        }
        (None, None, None, Some(name), None) => {
            limit(name, manifest).map_err(|message| (path!["at_most"], message))
        }
        (None, None, None, None, Some(name)) => fact(name, manifest)
            .map(Property::UnaffectedBy)
            .map_err(|message| (path!["unaffected_by"], message)),
        _ => {
            let found = [
                ("more", more.is_some()),
                ("less", less.is_some()),
                ("swap", swap.is_some()),
                ("at_most", at_most.is_some()),
                ("unaffected_by", unaffected_by.is_some()),
            ];
            let found: Vec<_> =
                found.into_iter().filter_map(|(key, found)| found.then_some(key)).collect();
            let found = if found.is_empty() { "none".to_owned() } else { found.join(" and ") };
            Err((Path::new(), format!("found {found}, expected one of {KEYS}")))
        }
    }
}

/// The position of a fact that is declared.
fn fact(name: &str, manifest: &Manifest) -> Result<usize, String> {
    // Another id is another entity, with all of its facts.
    let found = manifest.facts.iter().position(|fact| dotted(fact) == name && fact.name != "id");
    found.ok_or_else(|| {
        let known = manifest.facts.iter().filter(|fact| fact.name != "id").map(dotted);
        let known = known.collect::<Vec<_>>().join(", ");
        format!("found the fact \"{name}\", expected one of: {known}")
    })
}

/// The position of a fact that there can be more of.
fn ordered(name: &str, manifest: &Manifest) -> Result<usize, String> {
    let position = fact(name, manifest)?;
    let has_order = |fact: &Fact| match &fact.shape {
        Shape::One(column) => {
            matches!(column.ty, Type::Integer | Type::Decimal | Type::Amount | Type::Date)
        }
        Shape::List(_) | Shape::Table(_) => false,
    };
    if manifest.facts.get(position).is_some_and(has_order) {
        return Ok(position);
    }
    Err(format!("found the fact \"{name}\", expected an integer, a decimal, an amount or a date"))
}

/// Two options that a fact may have.
fn swapped(named: &[String], manifest: &Manifest) -> Result<Property, String> {
    let [one, other] = named else {
        return Err(format!("found {} options, expected two of one fact", named.len()));
    };
    let columns = manifest.facts.iter().flat_map(|fact| fact.shape.columns());
    let mut options = columns.filter_map(|column| manifest.options(column));
    let both = options
        .any(|choices| choices.options.contains_key(one) && choices.options.contains_key(other));
    if both && one != other {
        return Ok(Property::Swap(one.clone(), other.clone()));
    }
    Err(format!("found \"{one}\" and \"{other}\", expected two options of one fact"))
}

/// The parameter that nothing granted is above: an amount, or a decimal where marks are granted.
fn limit(name: &str, manifest: &Manifest) -> Result<Property, String> {
    let (wanted, called) = match manifest.kind {
        Kind::Funding | Kind::Voucher | Kind::Talent => (Type::Amount, "an amount"),
        Kind::Selection | Kind::Matching => (Type::Decimal, "a decimal"),
    };
    let mut columns = Vec::new();
    for (parameter, declared) in manifest.parameters.iter().enumerate() {
        let add =
            |(column, declared): (usize, _)| (Property::AtMost { parameter, column }, declared);
        columns.extend(declared.shape.columns().into_iter().enumerate().map(add));
    }
    let name_of = |property: &Property| property.about(manifest).concat();
    let known = || {
        let fitting = columns.iter().filter(|(_, column)| column.ty == wanted);
        let known: Vec<_> = fitting.map(|(property, _)| name_of(property)).collect();
        if known.is_empty() { "no parameter is one".to_owned() } else { known.join(", ") }
    };
    match columns.iter().find(|(property, _)| name_of(property) == name) {
        Some((property, column)) if column.ty == wanted => Ok(property.clone()),
        _ => Err(format!("found the parameter \"{name}\", expected {called}: {}", known())),
    }
}
