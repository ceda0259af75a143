//! What a rule reads, written just as Concord writes it.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::case::{Day, Kind, Percent, Role, Yuan};

/// Something that was read.
pub struct Read<'a> {
    pub(super) what: What,
    pub(super) name: Name,
    value: Shown<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Fact,
    Parameter,
    Fund,
    Registry,
}

impl Serialize for Read<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = match self.what {
            What::Fact => "fact",
            What::Parameter => "parameter",
            What::Fund => "fund",
            What::Registry => "registry",
        };
        let mut read = serializer.serialize_struct("Read", 2)?;
        read.serialize_field(key, &self.name)?;
        read.serialize_field("value", &self.value)?;
        read.end()
    }
}

/// What a value is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// By one name.
    Of(&'static str),
    /// A fact of a party.
    Party(u32, &'static str),
    /// A row of a list.
    Row(&'static str, u32),
    /// A party.
    Item(u32),
}

/// A value.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "named as what they are")]
pub enum Shown<'a> {
    Unknown,
    Count(usize),
    Flag(bool),
    Integer(i64),
    Text(&'a str),
    Role(Role),
    Kind(Kind),
    Day(Day),
    Percent(Percent),
    Yuan(Yuan),
}

macro_rules! shown {
    ($($ty:ty => $variant:ident),*) => {$(
        impl<'a> From<$ty> for Shown<'a> {
            fn from(value: $ty) -> Shown<'a> {
                Shown::$variant(value)
            }
        }
    )*};
}

shown! {
    usize => Count, bool => Flag, i64 => Integer, &'a str => Text, Role => Role, Kind => Kind, Day => Day,
    Percent => Percent, Yuan => Yuan
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Name {
        Name::Of(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Of(name) => f.write_str(name),
            Name::Party(party, name) => write!(f, "parties/{party}/{name}"),
            Name::Row(name, row) => write!(f, "{name}/{row}"),
            Name::Item(party) => write!(f, "parties/{party}"),
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Name::Of(name) => serializer.serialize_str(name),
            name => serializer.collect_str(name),
        }
    }
}

impl<'a> Read<'a> {
    /// A fact.
    pub(super) fn fact<T: Into<Shown<'a>>>(name: impl Into<Name>, value: Option<T>) -> Read<'a> {
        let value = value.map_or(Shown::Unknown, Into::into);
        Read { what: What::Fact, name: name.into(), value }
    }

    /// A parameter.
    pub(super) fn parameter(name: &'static str, value: impl Into<Shown<'a>>) -> Read<'a> {
        Read { what: What::Parameter, name: Name::Of(name), value: value.into() }
    }

    /// A row of a parameter that is a list.
    pub(super) fn row(name: &'static str, row: u32, value: &'static str) -> Read<'a> {
        Read { what: What::Parameter, name: Name::Row(name, row), value: Shown::Text(value) }
    }

    /// What a fund has left.
    pub(super) fn fund(name: &'static str, available: Option<Yuan>) -> Read<'a> {
        let value = available.map_or(Shown::Unknown, Shown::Yuan);
        Read { what: What::Fund, name: Name::Of(name), value }
    }

    /// A shared record of a thing that no record is kept of.
    pub(super) fn unknown_record(name: &'static str) -> Read<'a> {
        Read { what: What::Registry, name: Name::Of(name), value: Shown::Unknown }
    }

    pub(super) fn known(&self) -> bool {
        !matches!(self.value, Shown::Unknown)
    }
}
