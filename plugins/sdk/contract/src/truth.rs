//! Three-valued truth: Kleene's strong logic.

use core::ops::{BitAnd, BitOr, Not};

/// Whether a condition holds, as far as can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "manifest", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "manifest", serde(rename_all = "kebab-case"))]
#[must_use]
pub enum Truth {
    /// It holds.
    Met,
    /// It does not hold.
    Unmet,
    /// It cannot be said.
    Undetermined,
}

impl Truth {
    /// "If this, then that": met wherever `self` is unmet.
    pub fn implies(self, then: Truth) -> Truth {
        !self | then
    }

    /// [`Truth::implies`], which asks no further where `self` is unmet already.
    pub fn implies_that(self, then: impl FnOnce() -> Truth) -> Truth {
        (!self).or_else(then)
    }

    /// `self & then`, which asks no further where `self` is unmet already.
    pub fn and_then(self, then: impl FnOnce() -> Truth) -> Truth {
        if self == Truth::Unmet { self } else { self & then() }
    }

    /// `self | other`, which asks no further where `self` is met already.
    pub fn or_else(self, other: impl FnOnce() -> Truth) -> Truth {
        if self == Truth::Met { self } else { self | other() }
    }

    /// Met when every one is met; the empty list is met. Asks no further after one that is unmet.
    pub fn every(all: impl IntoIterator<Item = Truth>) -> Truth {
        all.into_iter()
            .try_fold(Truth::Met, |all, one| match all & one {
                Truth::Unmet => None,
                truth => Some(truth),
            })
            .unwrap_or(Truth::Unmet)
    }

    /// Met when at least one is met; the empty list is unmet. Asks no further after one that is met.
    pub fn some(any: impl IntoIterator<Item = Truth>) -> Truth {
        any.into_iter()
            .try_fold(Truth::Unmet, |any, one| match any | one {
                Truth::Met => None,
                truth => Some(truth),
            })
            .unwrap_or(Truth::Met)
    }

    /// Met when at least `least` are met, unmet when so many no longer can be.
    pub fn at_least(least: usize, of: impl IntoIterator<Item = Truth>) -> Truth {
        let (mut met, mut open) = (0, 0);
        for truth in of {
            match truth {
                Truth::Met => met += 1,
                Truth::Undetermined => open += 1,
                Truth::Unmet => {}
            }
        }
        if met >= least {
            Truth::Met
        } else if met + open < least {
            Truth::Unmet
        } else {
            Truth::Undetermined
        }
    }

    /// Met when exactly one is met. Asks no further after a second one that is met.
    pub fn one(of: impl IntoIterator<Item = Truth>) -> Truth {
        let (mut met, mut open) = (0, 0);
        for truth in of {
            match truth {
                Truth::Met => met += 1,
                Truth::Undetermined => open += 1,
                Truth::Unmet => {}
            }
            if met > 1 {
                return Truth::Unmet;
            }
        }
        match (met, open) {
            (_, 1..) => Truth::Undetermined,
            (met, _) => Truth::from(met == 1),
        }
    }

    /// The word for it in code, configuration and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Truth::Met => "met",
            Truth::Unmet => "unmet",
            Truth::Undetermined => "undetermined",
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::Met } else { Truth::Unmet }
    }
}

/// `None` is undetermined.
impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Truth::Undetermined, Truth::from)
    }
}

/// Unmet as soon as one side is unmet.
impl BitAnd for Truth {
    type Output = Truth;
    fn bitand(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Unmet, _) | (_, Truth::Unmet) => Truth::Unmet,
            (Truth::Met, Truth::Met) => Truth::Met,
            _ => Truth::Undetermined,
        }
    }
}

/// Met as soon as one side is met.
impl BitOr for Truth {
    type Output = Truth;
    fn bitor(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Met, _) | (_, Truth::Met) => Truth::Met,
            (Truth::Unmet, Truth::Unmet) => Truth::Unmet,
            _ => Truth::Undetermined,
        }
    }
}

/// What is undetermined stays so.
impl Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        match self {
            Truth::Met => Truth::Unmet,
            Truth::Unmet => Truth::Met,
            Truth::Undetermined => Truth::Undetermined,
        }
    }
}
