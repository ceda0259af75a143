//! Units that come at once, and those that fail.

use std::sync::{Arc, Mutex, mpsc};

use concord_contract::language::Language;
use tempfile::TempDir;

use crate::domain::application::{Move, State};
use crate::domain::entities::Entities;
use crate::domain::ids::ApplicationId;
use crate::store::sqlite::tests::{NOW, city, program};
use crate::store::sqlite::{SqliteStore, check, fixture};
use crate::store::{Answer, Draft, Expect, Paper, RequestKey, Source, Store, Text, Undo, Work};

#[tokio::test]
async fn units_of_one_commit_see_each_other_and_a_refused_one_leaves_nothing() {
    let (folder, store) = fixture::lively().await;
    let refused: Work = Box::new(|unit| {
        fixture::submit_in(unit, 5)?;
        Err(Undo::Refused)
    });
    // They queue up in this order while the first one's turn begins.
    let (_, kept, ..) = tokio::join!(
        fixture::submit(&store, 1),
        store.work(refused),
        fixture::move_on(&store, "one-a4", Move::Commit),
        fixture::submit(&store, 2),
    );
    assert!(!kept.unwrap());
    let (committed, events) = store.application(&"one-a4".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(committed.state, State::Committed);
    assert_eq!(
        events.iter().map(|event| event.what).collect::<Vec<_>>(),
        [Move::Submit, Move::Commit]
    );
    let (last, _) = store.application(&"one-a5".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(last.parts[0].awarded.minor, 2);
    assert!(store.application(&"one-a6".parse().unwrap()).await.unwrap().is_none());
    let report = check::check(folder.path(), &|_, _| Vec::new(), &()).await.unwrap();
    assert!(report.flaws.is_empty(), "{:?}", report.flaws);
}

/// A unit whose decision has this number, or the next, and whose receipt is written so.
fn decides(
    number: Option<i64>,
    write: impl FnOnce() -> Result<(), Source> + Send + Sync + 'static,
) -> Work {
    Box::new(move |unit| {
        let program = "one".parse().unwrap();
        let (next, (application, _)) = (unit.next_decision(&program)?, unit.next(&program)?);
        let number = number.unwrap_or(next);
        let paper = Paper { receipt: "{}".into(), digest: "d".into() };
        let write = Box::new(|_| write().map(|()| paper));
        let signer = fixture::signer();
        unit.record(Draft { program, number, application, write, signer })?;
        Ok(fixture::submit_in(unit, 1)?)
    })
}

/// Nothing is there of what failed, and the next one takes its place.
async fn assert_goes_on(folder: &TempDir, store: &SqliteStore, before: &Entities, place: usize) {
    let id: ApplicationId = format!("one-a{place}").parse().unwrap();
    let books = |entities: &Entities| format!("{:?}", entities.books());
    assert!(store.application(&id).await.unwrap().is_none());
    assert_eq!(books(&store.entities()), books(before));
    fixture::submit(store, 1).await;
    assert!(store.application(&id).await.unwrap().is_some());
    let report = check::check(folder.path(), &|_, _| Vec::new(), &()).await.unwrap();
    assert!(report.flaws.is_empty(), "{:?}", report.flaws);
}

#[tokio::test]
async fn a_receipt_that_cannot_be_written_takes_what_is_behind_it_along() {
    let (folder, store) = fixture::lively().await;
    for place in 4..8 {
        let before = store.entities();
        let [(begun, begins), (done, is_done), (go, gate)] = [(); 3].map(|()| mpsc::channel());
        let gate = Mutex::new(gate);
        let unwritten = decides(None, move || {
            begun.send(())?;
            gate.lock().unwrap().recv()?;
            Err("no ink".into())
        });
        let behind: Work = Box::new(move |unit| {
            fixture::submit_in(unit, 2)?;
            done.send(()).map_err(|_| Undo::Refused)
        });
        // What is behind it is done while its receipt is being written, and rests on it.
        let (failed, behind) = tokio::join!(store.work(unwritten), async {
            tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
            let (behind, ()) = tokio::join!(store.work(behind), async {
                tokio::task::spawn_blocking(move || is_done.recv()).await.unwrap().unwrap();
                go.send(()).unwrap();
            });
            behind
        });
        assert!(format!("{:?}", failed.unwrap_err()).contains("no ink"));
        assert!(format!("{:?}", behind.unwrap_err()).contains("on which it rests"));
        assert_goes_on(&folder, &store, &before, place).await;
    }
}

#[tokio::test]
async fn a_commit_that_fails_takes_what_is_behind_it_along() {
    let (folder, store) = fixture::lively().await;
    let before = store.entities();
    let again = decides(Some(1), || Ok(()));
    let behind: Work = Box::new(|unit| Ok(fixture::submit_in(unit, 2)?));
    let (failed, behind) = tokio::join!(store.work(again), store.work(behind));
    assert!(format!("{:?}", failed.unwrap_err()).contains("UNIQUE constraint failed"));
    assert!(behind.is_err());
    assert_goes_on(&folder, &store, &before, 4).await;
}

#[tokio::test]
async fn an_application_never_takes_the_place_of_another() {
    let (folder, store) = fixture::lively().await;
    let before = store.entities();
    let twice: Work = Box::new(|unit| {
        let mut application = unit.application(&"one-a1".parse().unwrap())?.unwrap();
        (application.id, application.number) = ("one-a4".parse().unwrap(), 4);
        let event = fixture::event(&application, Move::Submit);
        Ok(unit.write(Arc::new(application), event, &[])?)
    });
    let refused = format!("{:?}", store.work(twice).await.unwrap_err());
    assert!(refused.contains("UNIQUE constraint failed: applications.sequence"), "{refused}");
    assert_goes_on(&folder, &store, &before, 4).await;
}

#[tokio::test]
async fn an_answer_about_nothing_that_was_read_fails_its_unit_alone() {
    let (_folder, store) = fixture::lively().await;
    let strange: Work = Box::new(|unit| {
        let request = RequestKey { key: "strange".into(), scope: "POST".into() };
        let answer = Answer {
            application: "one-a1".parse().unwrap(),
            digest: "d".into(),
            status: 200,
            language: Language::En,
            body: Text::of("{}".into()),
            at: NOW,
        };
        Ok(unit.answer(&request, answer)?)
    });
    let good: Work = Box::new(|unit| Ok(fixture::submit_in(unit, 2)?));
    let (failed, kept) = tokio::join!(store.work(strange), store.work(good));
    let failed = format!("{:?}", failed.unwrap_err());
    assert!(failed.contains("an answer about \\\"one-a1\\\""), "{failed}");
    assert!(kept.unwrap());
}

#[tokio::test]
async fn others_who_write_get_their_turn_beside_units() {
    let (folder, store) = fixture::lively().await;
    let units = futures_util::future::join_all((0..200).map(|_| fixture::submit(&store, 0)));
    let (one, final_round) = ("one".parse().unwrap(), "final".parse().unwrap());
    let (_, put, mirrored, recorded) = tokio::join!(
        units,
        store.put(city("zhuhai"), Expect::New, NOW),
        store.mirror(program("one", "Another")),
        store.record_round(&one, &final_round, "{\"more\":1}".into(), NOW),
    );
    assert_eq!((put.unwrap().version, mirrored.unwrap().version), (1, 2));
    assert_eq!(recorded.unwrap().0.number, 2);
    assert!(store.entities().city("zhuhai").is_some());
    let report = check::check(folder.path(), &|_, _| Vec::new(), &()).await.unwrap();
    assert_eq!((report.flaws, report.counted["applications"]), (Vec::new(), 203));
}

#[tokio::test]
async fn work_that_panics_fails_alone() {
    let (_folder, store) = fixture::lively().await;
    let panics: Work = Box::new(|unit| {
        fixture::submit_in(unit, 5)?;
        panic!("a mistake of the host");
    });
    let good: Work = Box::new(|unit| Ok(fixture::submit_in(unit, 2)?));
    let (panicked, kept) = tokio::join!(store.work(panics), store.work(good));
    assert!(panicked.is_err());
    assert!(kept.unwrap());
    let (last, _) = store.application(&"one-a4".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(last.parts[0].awarded.minor, 2);
}
