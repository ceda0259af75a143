//! A store in which something has happened: a fund of two cities, and applications at every stage.

use concord_contract::language::Language;
use concord_contract::{Currency, Money};
use serde_json::json;
use tempfile::TempDir;

use super::tests::{city, fund, program};
use super::*;
use crate::domain::application::{Move, Part};
use crate::domain::digest::sha256;
use crate::domain::program::ApplicationRules;
use crate::domain::purse::{Purse, Transfer};
use crate::store::{Answer, Draft, Paper, RequestKey, Sign, Text, Unit};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A store with three applications: one reserved, one of which a half is paid, one that waits.
pub(super) async fn lively() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let entities = vec![city("guangzhou"), city("foshan"), fund("joint", &["guangzhou", "foshan"])];
    store.seed(entities, NOW).await.unwrap();
    store.mirror(program("one", "One")).await.unwrap();
    let (one, final_round) = ("one".parse().unwrap(), "final".parse().unwrap());
    store.record_round(&one, &final_round, "{}".into(), NOW).await.unwrap();
    submit(&store, 40).await;
    submit(&store, 50).await;
    move_on(&store, "one-a2", Move::Commit).await;
    move_on(&store, "one-a2", Move::Pay).await;
    submit(&store, 0).await;
    (folder, store)
}

/// Another application; one for nothing waits.
pub(super) async fn submit(store: &SqliteStore, minor: i64) {
    let work: Work = Box::new(move |unit| Ok(submit_in(unit, minor)?));
    assert!(store.work(work).await.unwrap());
}

/// Another application, within a unit.
pub(super) fn submit_in(unit: &mut dyn Unit, minor: i64) -> Result<(), StoreError> {
    let (sequence, number) = unit.next(&"one".parse().unwrap())?;
    let mut application: Application = serde_json::from_value(json!({
        "id": format!("one-a{number}"), "program": "one", "sequence": sequence, "number": number,
        "state": "submitted", "submitted": "2026-11-01", "at": NOW, "case": {},
        "decision": format!("one-d{number}"), "outcome": "eligible",
    }))
    .unwrap();
    let transfers = match minor {
        0 => {
            application.wait(vec![part(70)]);
            Vec::new()
        }
        minor => application.reserve(
            vec![part(minor)],
            application.submitted,
            &ApplicationRules::default(),
        ),
    };
    let (of, moved) = (application.clone(), transfers.clone());
    let write = Box::new(move |previous| {
        let receipt = receipt(&of, previous, &moved);
        let digest = sha256(receipt.as_bytes());
        Ok(Paper { receipt, digest })
    });
    let number = unit.next_decision(&application.program)?;
    unit.record(Draft {
        program: application.program.clone(),
        number,
        application: application.sequence,
        write,
        signer: signer(),
    })?;
    let event =
        Event { decision: Some(application.decision.clone()), ..event(&application, Move::Submit) };
    unit.write(Arc::new(application.clone()), event, &transfers)?;
    let request = RequestKey { scope: "POST".into(), key: application.id.to_string() };
    let (application, digest, status) = (application.id, "d".into(), 201);
    let body = Text::of(json!({ "application": application }).to_string());
    let language = Language::En;
    unit.answer(&request, Answer { application, digest, status, language, body, at: NOW })
}

/// Signs whatever it is given.
pub(super) fn signer() -> Arc<dyn Sign> {
    struct Anything;
    impl Sign for Anything {
        fn sign(&self, _: &[&str]) -> String {
            "signed".to_owned()
        }
    }
    Arc::new(Anything)
}

/// Commits an application, or pays 25 of it.
pub(super) async fn move_on(store: &SqliteStore, id: &'static str, what: Move) {
    let work: Work = Box::new(move |unit| {
        let mut application = unit.application(&id.parse().unwrap())?.unwrap();
        let transfers = match what {
            Move::Commit => application.commit(None),
            _ => application.pay(Money::new(25, Currency::CNY)).unwrap(),
        };
        let event = event(&application, what);
        unit.write(Arc::new(application), event, &transfers)?;
        Ok(())
    });
    assert!(store.work(work).await.unwrap());
}

fn part(minor: i64) -> Part {
    Part {
        purse: Purse::try_from("funds/joint/guangzhou".to_owned()).unwrap(),
        city: Some("guangzhou".parse().unwrap()),
        awarded: Money::new(minor, Currency::CNY),
        paid: Money::new(0, Currency::CNY),
    }
}

pub(super) fn event(application: &Application, what: Move) -> Event {
    let (state, by) = (application.state, "office".to_owned());
    Event { what, state, at: NOW, by, decision: None, amount: None, note: None }
}

fn receipt(application: &Application, previous: Option<String>, transfers: &[Transfer]) -> String {
    json!({
        "id": application.decision, "program": application.program, "number": application.number,
        "previous": previous, "application": application.id, "transfers": transfers,
    })
    .to_string()
}
