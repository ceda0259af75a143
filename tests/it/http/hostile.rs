//! A hostile policy behind a program harms nobody: not the caller, not the next one.

use rstest::rstest;
use serde_json::json;

use super::check::case;
use crate::support::guests::{self, Guest};
use crate::support::server::Server;

#[rstest]
#[case::endless_loop(guests::ENDLESS_LOOP, "fuel")]
#[case::memory_bomb(guests::MEMORY_BOMB, "memory")]
#[case::recursion(guests::RECURSION, "stack")]
#[case::unreachable(guests::UNREACHABLE, "trap")]
#[case::clause_unreported(guests::CLAUSE_UNREPORTED, "unreported")]
#[tokio::test]
async fn a_hostile_policy_is_answered_with_its_cause_and_the_next_check_is_right(
    #[case] guest: Guest,
    #[case] cause: &str,
) {
    let server = Server::with_guest(guest).await;
    let before = server.content();
    let body =
        json!({ "as_of": "2026-11-01", "project": { "level": 5 }, "parties": [ { "staff": 12 } ] });
    for _ in 0..3 {
        let answer = server.check(guest.name, body.to_string()).await;
        assert_eq!(answer.status, 200);
        let decision = answer.json();
        assert_eq!(
            (&decision["outcome"], &decision["cause"]),
            (&json!("undetermined"), &json!(cause))
        );
        assert_eq!(decision["rulings"][0]["cause"], cause);
        assert_eq!(decision.get("award"), None);
        let next = server.check("guangfo-core-tech", case().to_string()).await.json();
        assert_eq!(next["outcome"], "eligible");
    }
    let metrics = server.get("/metrics").await.text;
    let line = format!("policy=\"{}\",version=\"1.0.0\",cause=\"{cause}\"", guest.name);
    assert!(metrics.lines().any(|found| found.contains(&line)), "{metrics}");
    assert_eq!(server.content(), before);
    server.stop().await;
}

#[tokio::test]
async fn checks_at_once_with_hostile_ones_among_them_are_all_right() {
    let server = std::sync::Arc::new(Server::with_guest(guests::ENDLESS_LOOP).await);
    let checks = (0..40).map(|number| {
        let server = server.clone();
        tokio::spawn(async move {
            let hostile = number % 4 == 0;
            let body = json!({ "as_of": "2026-11-01", "project": {}, "parties": [] }).to_string();
            let (program, body, expected) = match hostile {
                true => (guests::ENDLESS_LOOP.name, body, "undetermined"),
                false => ("guangfo-core-tech", case().to_string(), "eligible"),
            };
            let answer = server.check(program, body).await;
            assert_eq!(answer.json()["outcome"], expected, "{answer:?}");
        })
    });
    for check in checks.collect::<Vec<_>>() {
        check.await.unwrap();
    }
}
