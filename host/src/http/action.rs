//! What callers do to applications, as they say it.

use concord_contract::path;
use concord_contract::raw::Raw;

use super::language::Reads;
use super::problem::Problem;
use crate::apply::Action;
use crate::domain::application::Move;
use crate::domain::fault::Fault;
use crate::domain::ids::AgreementId;

/// What callers can do; the rest is the host's.
const ASKED: [Move; 6] =
    [Move::Decide, Move::Commit, Move::Pay, Move::Close, Move::Withdraw, Move::Lapse];

/// The move that a caller asks for.
pub(super) fn asked_move(text: &str) -> Result<Move, Problem> {
    ASKED.into_iter().find(|known| known.as_str() == text).ok_or_else(|| {
        let known: Vec<_> = ASKED.into_iter().map(Move::as_str).collect();
        let known = known.join(", ");
        Problem::not_found(format!("There is no move \"{text}\"; there are {known}."))
    })
}

/// The keys of a move's body, and which move each is for.
const KEYS: [(&str, Option<Move>); 5] = [
    ("by", None),
    ("note", None),
    ("agreement", Some(Move::Commit)),
    ("amount", Some(Move::Pay)),
    ("case", Some(Move::Decide)),
];

/// What a caller does, by the body of the request.
pub(super) fn read_action(what: Move, raw: Raw, language: Reads) -> Result<Action, Problem> {
    let Raw::Map(entries) = raw else {
        let message = format!("found {}, expected an object", raw.describe());
        return Err(Problem::invalid(vec![Fault::new(path![], message)]));
    };
    let mut action = Action {
        what,
        by: String::new(),
        note: None,
        agreement: None,
        amount: None,
        case: None,
        language: language.0,
    };
    let mut faults = Vec::new();
    for (key, raw) in entries {
        let known =
            KEYS.into_iter().find(|(known, of)| *known == key && of.is_none_or(|of| of == what));
        let read = match (known.map(|(known, _)| known), raw) {
            (Some("by"), Raw::Text(by)) if is_name(&by) => {
                action.by = by;
                Ok(())
            }
            (Some("note"), Raw::Text(note)) => {
                action.note = Some(note);
                Ok(())
            }
            (Some("agreement"), Raw::Text(id)) => id
                .parse::<AgreementId>()
                .map(|id| action.agreement = Some(id))
                .map_err(|e| e.to_string()),
            (Some("amount"), raw) => read_amount(&raw).map(|amount| action.amount = Some(amount)),
            (Some("case"), raw @ Raw::Map(_)) => {
                action.case = Some(raw);
                Ok(())
            }
            (Some("by"), raw) => Err(format!("found {}, expected {A_NAME}", raw.describe())),
            (Some("note"), raw) => Err(format!("found {}, expected a text", raw.describe())),
            (Some("agreement"), raw) => {
                Err(format!("found {}, expected the id of an agreement", raw.describe()))
            }
            (Some(_), raw) => Err(format!("found {}, expected a case", raw.describe())),
            (None, _) => {
                Err(format!("found the key \"{key}\", which {} does not take", what.as_str()))
            }
        };
        if let Err(message) = read {
            faults.push(Fault::new(path![&key], message));
        }
    }
    if action.by.is_empty() && !faults.iter().any(|fault| fault.pointer() == "/by") {
        faults.push(Fault::new(path!["by"], "found nobody, expected who does it"));
    }
    if faults.is_empty() { Ok(action) } else { Err(Problem::invalid(faults)) }
}

fn read_amount(raw: &Raw) -> Result<concord_contract::Money, String> {
    use concord_contract::value::{Column, Type, Value, read};
    match read(raw, &Column::new(Type::Amount, None)) {
        Ok(Some(Value::Amount(amount))) => Ok(amount),
        Ok(_) => Err("found null, expected an amount".to_owned()),
        Err(mismatch) => Err(mismatch.to_string()),
    }
}

/// A case, and by whom it is submitted.
pub(super) fn case_and_by(raw: Raw) -> Result<(Raw, String), Problem> {
    let Raw::Map(mut entries) = raw else { return Ok((raw, String::new())) };
    let by = entries.iter().position(|(key, _)| key == "by").map(|at| entries.remove(at).1);
    match by {
        None => Ok((Raw::Map(entries), APPLICANT.to_owned())),
        Some(Raw::Text(by)) if is_name(&by) => Ok((Raw::Map(entries), by)),
        Some(other) => {
            let message = format!("found {}, expected {A_NAME}", other.describe());
            Err(Problem::invalid(vec![Fault::new(path!["by"], message)]))
        }
    }
}

/// What `by` must be.
const A_NAME: &str = "the name of who does it, in at most 200 characters on one line";

fn is_name(by: &str) -> bool {
    !by.trim().is_empty() && by.chars().count() <= 200 && !by.chars().any(char::is_control)
}

/// Who submits an application that does not say.
const APPLICANT: &str = "applicant";
