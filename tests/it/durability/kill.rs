//! Hosts that are killed at random moments under load.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Client;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::client::{
    COMPILED, Request, assert_clean, held_by_applications, held_by_fund, recorded, text,
};
use crate::support::concord::Configuration;
use crate::support::serving::Serving;
use crate::support::soak;

/// How many ask at once.
const CLIENTS: usize = 8;
/// How often one store is killed over; then another begins, so that none grows long.
const KILLS: u64 = 10;
/// Up to how many answers come before the kill.
const ANSWERS: u64 = 30;

/// What was asked and answered, over all lives of one store.
#[derive(Default)]
struct Told {
    /// The last that was said of each application.
    acknowledged: BTreeMap<String, Value>,
    /// What was asked and never answered: done or not.
    open: Vec<Request>,
    /// How many applications were asked for.
    asked: usize,
    /// How much was ever left open.
    left_open: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_killed_at_any_moment_has_lost_nothing_that_it_acknowledged() {
    let kills = 2 * soak::seeds(10);
    let mut random = fastrand::Rng::with_seed(kills);
    for life in 0..kills.div_ceil(KILLS) {
        let folder = tempfile::tempdir().unwrap();
        // For about a hundred applications; the others wait.
        let config = Configuration::with_fund(folder.path(), &COMPILED, 18_000_000, 12_000_000);
        let mut told = Told::default();
        for _ in 0..KILLS.min(kills - life * KILLS) {
            let host = Serving::start(&config);
            told.hold(&config, &host.address).await;
            told.load(host, &mut random).await;
        }
        let host = Serving::start(&config);
        told.hold(&config, &host.address).await;
        assert_eq!(host.stop("-TERM"), Some(0));
        assert_clean(&config);
        assert!(told.left_open > 0, "no kill came while something was under way");
    }
}

impl Told {
    /// After a restart: the store is clean, everything acknowledged is there as it was told, and no money is held
    /// but by recorded applications. What was left open is asked again, and is then done once.
    async fn hold(&mut self, config: &Configuration, address: &str) {
        assert_clean(config);
        let client = Client::new();
        let found = recorded(&client, address).await;
        for (id, told) in &self.acknowledged {
            let found = found.get(id).unwrap_or_else(|| panic!("{id} is lost: {told}"));
            let later = self.open.iter().any(|request| request.path.contains(&format!("/{id}/")));
            if !later {
                assert_eq!((&found["state"], &found["parts"]), (&told["state"], &told["parts"]));
            }
            assert_eq!(found["decision"], told["decision"]);
        }
        assert!(found.len() <= self.asked, "{} of {}", found.len(), self.asked);
        assert_eq!(held_by_fund(&client, address).await, held_by_applications(&found));
        self.left_open += self.open.len();
        for request in std::mem::take(&mut self.open) {
            let (status, answer) = request.send(&client, address).await.unwrap();
            assert!(matches!(status, 200 | 201), "{answer}");
            self.acknowledged.insert(text(&answer, "application"), answer);
        }
        let found = recorded(&client, address).await;
        assert_eq!(found.len(), self.asked, "each was done once");
        assert_eq!(found.len(), self.acknowledged.len());
        assert_eq!(held_by_fund(&client, address).await, held_by_applications(&found));
    }

    /// Many apply at once, and commit some of it; after so many answers the host is killed.
    async fn load(&mut self, host: Serving, random: &mut fastrand::Rng) {
        let (tell, mut answers) = mpsc::unbounded_channel();
        let next = Arc::new(AtomicU64::new(self.asked as u64));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (address, tell, next) = (host.address.clone(), tell.clone(), next.clone());
            clients.spawn(ask(address, next, tell));
        }
        drop(tell);
        let mut left = random.u64(0..ANSWERS);
        while left > 0 {
            let (request, answer) = answers.recv().await.unwrap();
            self.take(request, answer);
            left -= 1;
        }
        // Not only when an answer has just come.
        for _ in 0..random.u64(0..20_000) {
            std::hint::spin_loop();
        }
        host.kill();
        while let Some((request, answer)) = answers.recv().await {
            self.take(request, answer);
        }
        clients.join_all().await;
        self.asked = usize::try_from(next.load(Ordering::Relaxed)).unwrap();
    }

    fn take(&mut self, request: Request, answer: Option<Value>) {
        match answer {
            Some(answer) => {
                self.acknowledged.insert(text(&answer, "application"), answer);
            }
            None => self.open.push(request),
        }
    }
}

type Tell = mpsc::UnboundedSender<(Request, Option<Value>)>;

/// Asks until the host goes away.
async fn ask(address: String, next: Arc<AtomicU64>, tell: Tell) {
    let client = Client::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let request = Request::apply(format!("key {number}"));
        let Some(answer) = answered(&client, &address, request, &tell).await else { return };
        if number.is_multiple_of(3) && answer["state"] == "reserved" {
            let request = Request::commit(&text(&answer, "application"));
            if answered(&client, &address, request, &tell).await.is_none() {
                return;
            }
        }
    }
}

async fn answered(client: &Client, address: &str, request: Request, tell: &Tell) -> Option<Value> {
    let answer = request.send(client, address).await;
    if let Some((status, answer)) = &answer {
        assert!(matches!(status, 200 | 201), "{answer}");
    }
    let answer = answer.map(|(_, answer)| answer);
    tell.send((request, answer.clone())).unwrap();
    answer
}
