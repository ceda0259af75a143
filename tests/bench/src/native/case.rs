//! The case as typed facts.

use std::fmt;

use concord_contract::{Date, Decimal};
use serde::de::{Error, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The date that it is judged on.
    pub as_of: Day,
    /// The project.
    #[serde(default)]
    pub project: Project,
    /// The parties.
    pub parties: Vec<Party>,
}

/// A project.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub struct Project {
    pub trl: Option<i64>,
    pub sector: Option<String>,
    pub advanced_manufacturing: Option<bool>,
    pub funded_elsewhere: Option<bool>,
    pub requested: Option<Yuan>,
}

/// A party.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub struct Party {
    pub role: Option<Role>,
    pub city: Option<String>,
    pub kind: Option<Kind>,
    pub registered: Option<Day>,
    pub sales: Option<Yuan>,
    pub rd_intensity: Option<Percent>,
    pub rd_in_china: Option<Percent>,
    pub science_staff: Option<Percent>,
}

/// What a party does in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub enum Role {
    Lead,
    Partner,
}

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "named as in policy.toml")]
pub enum Kind {
    Enterprise,
    University,
    Institute,
    Investor,
    ServiceBody,
}

/// A civil date, `2026-11-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

/// A ratio, `3.1%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub Decimal);

/// Money in CNY, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Yuan(pub i64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is written without being kept.
struct Written<T>(T);

impl<T: fmt::Display> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut money = serializer.serialize_struct("Yuan", 2)?;
        money.serialize_field("amount", &Written(self))?;
        money.serialize_field("currency", "CNY")?;
        money.end()
    }
}

/// Reads a text by a function, without keeping it.
struct Text<T>(&'static str, fn(&str) -> Option<T>);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self.0))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        deserializer.deserialize_str(Text("a date", |text| text.parse().ok().map(Day)))
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        deserializer.deserialize_str(Text("a percentage", |text| {
            let number = Decimal::from_str_exact(text.strip_suffix('%')?).ok()?;
            Some(Percent(number.checked_div(Decimal::ONE_HUNDRED)?.normalize()))
        }))
    }
}

/// An amount in yuan, as fen.
struct Fen(i64);

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
        deserializer.deserialize_str(Text("an amount", |text| {
            let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if fen.len() != 2 || !digits(yuan) || !digits(fen) {
                return None;
            }
            let fen: i64 = fen.parse().ok()?;
            yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen).map(Fen)
        }))
    }
}

impl<'de> Deserialize<'de> for Yuan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Yuan, D::Error> {
        #[derive(Deserialize)]
        enum Currency {
            #[serde(rename = "CNY")]
            Cny,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Money {
            amount: Fen,
            #[expect(dead_code, reason = "there is one only")]
            currency: Currency,
        }
        Money::deserialize(deserializer).map(|money| Yuan(money.amount.0))
    }
}
