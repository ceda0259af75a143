//! Applications: what was asked for, how it was decided, and how far it has come. Pure.

use concord_contract::{Date, Money, dates};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{Case, CaseText};
use super::entity::EntityKind;
use super::fault::Fault;
use super::ids::{AgreementId, ApplicationId, CityId, DecisionId, ProgramId};
use super::nouns::Award;
use super::outcome::Outcome;
use super::program::{ApplicationRules, Transition};
use super::purse::{Purse, Stage, Transfer};
use super::shapes::MoneyShape;
use super::split::split;

/// How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It waits to be decided: facts are missing, or the fund is exhausted.
    Submitted,
    /// The award is reserved.
    Reserved,
    /// An agreement is signed; the award is owed.
    Committed,
    /// Instalments are paid.
    Paid,
    /// All is paid that will be; the rest is released.
    Closed,
    /// The applicant took it back.
    Withdrawn,
    /// The rules are not met.
    Refused,
    /// It was not pursued in time.
    Lapsed,
}

/// What can be done to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// It is submitted.
    Submit,
    /// It is decided again, with what has become known since.
    Decide,
    /// What was released is offered to it, the first in the waiting list.
    Offer,
    /// An agreement is signed.
    Commit,
    /// An instalment is paid.
    Pay,
    /// No more is paid.
    Close,
    /// The applicant takes it back.
    Withdraw,
    /// It was not pursued in time.
    Lapse,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Submitted,
        State::Reserved,
        State::Committed,
        State::Paid,
        State::Closed,
        State::Withdrawn,
        State::Refused,
        State::Lapsed,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Submitted => "submitted",
            State::Reserved => "reserved",
            State::Committed => "committed",
            State::Paid => "paid",
            State::Closed => "closed",
            State::Withdrawn => "withdrawn",
            State::Refused => "refused",
            State::Lapsed => "lapsed",
        }
    }

    /// What can be done to an application in this state.
    #[must_use]
    pub fn moves(self) -> &'static [Move] {
        match self {
            State::Submitted => &[Move::Decide, Move::Offer, Move::Withdraw, Move::Lapse],
            State::Reserved => &[Move::Commit, Move::Withdraw, Move::Lapse],
            State::Committed => &[Move::Pay, Move::Close, Move::Withdraw, Move::Lapse],
            State::Paid => &[Move::Pay, Move::Close],
            State::Closed | State::Withdrawn | State::Refused | State::Lapsed => &[],
        }
    }
}

impl Move {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Move::Submit => "submit",
            Move::Decide => "decide",
            Move::Offer => "offer",
            Move::Commit => "commit",
            Move::Pay => "pay",
            Move::Close => "close",
            Move::Withdraw => "withdraw",
            Move::Lapse => "lapse",
        }
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its id: the program's, and its number there.
    pub id: ApplicationId,
    /// The program.
    pub program: ProgramId,
    /// Its place among all applications, in the order of submission.
    pub sequence: i64,
    /// Its place among those of the program.
    pub number: i64,
    /// How far it has come.
    pub state: State,
    /// The day on which it was submitted, where the program is run.
    #[serde(with = "dates")]
    pub submitted: Date,
    /// When it was submitted.
    pub at: jiff::Timestamp,
    /// The case, without a date.
    pub case: CaseText,
    /// The newest decision.
    pub decision: DecisionId,
    /// What it came to.
    pub outcome: Outcome,
    /// Whether it waits for money, in the order of submission.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waiting: bool,
    /// What it is awarded, by who pays it; while it waits, what it waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The day on which that was reserved.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Date>,
    /// The last day on which an agreement can be signed, where the program sets one.
    #[serde(default, with = "dates::option", skip_serializing_if = "Option::is_none")]
    pub sign_by: Option<Date>,
    /// The agreement that was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementId>,
    /// Whom it is awarded to, as far as they are on record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beneficiaries: Vec<Beneficiary>,
}

/// A part of an award, from one purse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The purse: `funds/FUND/CITY` or `vouchers/VOUCHER`.
    #[schema(value_type = String)]
    pub purse: Purse,
    /// The city that pays it, or that issued the voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub city: Option<CityId>,
    /// How much is awarded, less what was released.
    #[schema(value_type = MoneyShape)]
    pub awarded: Money,
    /// How much of it is paid.
    #[schema(value_type = MoneyShape)]
    pub paid: Money,
}

/// An entity that an award is on record of: `organisations/gz-sample-optics`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Beneficiary(String);

impl Beneficiary {
    /// The entity of a kind with this id.
    #[must_use]
    pub fn of(kind: EntityKind, id: &str) -> Beneficiary {
        Beneficiary(format!("{}/{id}", kind.plural()))
    }

    /// The id, if it is of this kind.
    #[must_use]
    pub fn id(&self, kind: EntityKind) -> Option<&str> {
        self.0.strip_prefix(kind.plural())?.strip_prefix('/')
    }
}

/// One thing that was done to an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What.
    #[serde(rename = "move")]
    pub what: Move,
    /// The state that it came to.
    pub state: State,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// Who did it.
    pub by: String,
    /// The decision that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub decision: Option<DecisionId>,
    /// What was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub amount: Option<Money>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

impl Application {
    /// Its case.
    pub fn case(&self) -> Result<Case, Vec<Fault>> {
        self.case.read().map(|case| Case { as_of: None, ..case })
    }

    /// The day whose rules decide it.
    #[must_use]
    pub fn judged_on(&self, rules: &ApplicationRules, today: Date) -> Date {
        match rules.transition {
            Transition::BySubmission => self.submitted,
            Transition::ByDecision => today,
        }
    }

    /// It waits for money.
    pub fn wait(&mut self, parts: Vec<Part>) {
        self.state = State::Submitted;
        self.waiting = true;
        self.parts = parts;
    }

    /// It waits for what is not known.
    pub fn pend(&mut self) -> Vec<Transfer> {
        self.end(State::Submitted)
    }

    /// The rules are not met.
    pub fn refuse(&mut self) -> Vec<Transfer> {
        self.end(State::Refused)
    }

    /// Reserves what was decided.
    pub fn reserve(
        &mut self,
        parts: Vec<Part>,
        on: Date,
        rules: &ApplicationRules,
    ) -> Vec<Transfer> {
        self.state = State::Reserved;
        self.waiting = false;
        self.reserved = Some(on);
        let days = rules.sign_within_days.map(|days| i64::from(days).days());
        self.sign_by = days.and_then(|days| on.checked_add(days).ok());
        self.parts = parts;
        self.parts.iter().filter_map(Part::reserved).collect()
    }

    /// An agreement is signed.
    pub fn commit(&mut self, agreement: Option<AgreementId>) -> Vec<Transfer> {
        self.state = State::Committed;
        self.agreement = agreement;
        let commit = |part: &Part| {
            Transfer::of(&part.purse, Stage::Reserved, Stage::Committed, part.awarded)
        };
        self.parts.iter().filter_map(commit).collect()
    }

    /// What is still to be paid in a currency.
    #[must_use]
    pub fn unpaid(&self, currency: concord_contract::Currency) -> Money {
        let of_currency = self.parts.iter().filter(|part| part.awarded.currency == currency);
        let minor = of_currency.map(Part::unpaid).sum();
        Money::new(minor, currency)
    }

    /// Whether anything is still to be paid.
    #[must_use]
    pub fn is_unpaid(&self) -> bool {
        self.parts.iter().any(|part| part.unpaid() > 0)
    }

    /// Pays an instalment, each purse its part of what is still to be paid; nothing where that is less.
    pub fn pay(&mut self, amount: Money) -> Option<Vec<Transfer>> {
        let of_currency = |part: &&mut Part| part.awarded.currency == amount.currency;
        let mut parts: Vec<&mut Part> = self.parts.iter_mut().filter(of_currency).collect();
        let unpaid: Vec<i64> = parts.iter().map(|part| part.unpaid()).collect();
        if amount.minor <= 0 || unpaid.iter().sum::<i64>() < amount.minor {
            return None;
        }
        let mut transfers = Vec::new();
        for (part, minor) in parts.iter_mut().zip(split(amount.minor, &unpaid)) {
            let instalment = Money::new(minor, amount.currency);
            part.paid.minor += minor;
            transfers.extend(Transfer::of(&part.purse, Stage::Committed, Stage::Paid, instalment));
        }
        self.state = State::Paid;
        Some(transfers)
    }

    /// Ends it: what is not paid is released.
    pub fn end(&mut self, state: State) -> Vec<Transfer> {
        let from = match self.state {
            State::Committed | State::Paid => Some(Stage::Committed),
            State::Reserved => Some(Stage::Reserved),
            // What it only waits for is not its own.
            _ => None,
        };
        self.state = state;
        self.waiting = false;
        let mut transfers = Vec::new();
        for part in &mut self.parts {
            let rest = Money::new(part.unpaid(), part.awarded.currency);
            let release = |from| Transfer::of(&part.purse, from, Stage::Available, rest);
            transfers.extend(from.and_then(release));
            part.awarded = part.paid;
        }
        transfers
    }

    /// What is on record of it as an award: one of each fund, and the city where one city pays all of it.
    #[must_use]
    pub fn awards(&self) -> Vec<Award> {
        let Some(on) = self.reserved else { return Vec::new() };
        let mut awards: Vec<(Option<&str>, Award)> = Vec::new();
        for part in self.parts.iter().filter(|part| part.awarded.minor > 0) {
            let fund = match &part.purse {
                Purse::Fund(fund, _) => Some(fund.as_str()),
                Purse::Voucher(_) => None,
            };
            let together = awards.iter_mut().find(|(of, _)| fund.is_some() && *of == fund);
            match together {
                Some((_, award)) => {
                    award.city = None;
                    award.amount.minor += part.awarded.minor;
                }
                None => {
                    let (program, city) = (self.program.clone(), part.city.clone());
                    awards.push((fund, Award { program, city, amount: part.awarded, on }));
                }
            }
        }
        awards.into_iter().map(|(_, award)| award).collect()
    }
}

impl Part {
    /// The transfer that reserves it.
    #[must_use]
    pub fn reserved(&self) -> Option<Transfer> {
        Transfer::of(&self.purse, Stage::Available, Stage::Reserved, self.awarded)
    }

    fn unpaid(&self) -> i64 {
        self.awarded.minor - self.paid.minor
    }
}
