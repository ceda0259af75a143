//! The ledger and the states of applications, held against a reference that a child could follow: two piles of
//! money, a list of applications, and a queue.

use std::cell::Cell;

use concord::apply::{Action, ApplyError, Request, Submission};
use concord::domain::application::{Move, State};
use concord::domain::entity::{Entity, EntityKind, Fund};
use concord::domain::ids::ApplicationId;
use concord::domain::purse::Stage;
use concord::store::{Expect, RequestKey, Store};
use concord_contract::language::Language;
use concord_contract::raw::Raw;
use concord_contract::{Currency, Money};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use serde_json::json;

use crate::support::server::Server;
use crate::support::soak;

const PROGRAM: &str = "guangfo-core-tech";
const FUND: &str = "guangfo-core-tech-fund";

/// What is done.
#[derive(Clone, Debug)]
enum Step {
    Submit(i64),
    Commit(usize),
    /// So many thousandths of what is unpaid, and a fen more than all of it above a thousand.
    Pay(usize, i64),
    Close(usize),
    Withdraw(usize),
    Lapse(usize),
    /// What the cities put in, more than before.
    PutIn(i64, i64),
}

/// The reference.
#[derive(Clone, Debug, Default)]
struct Reference {
    /// What Guangzhou and Foshan put in, in fen.
    put_in: [i64; 2],
    applications: Vec<Asked>,
}

#[derive(Clone, Debug)]
struct Asked {
    requested: i64,
    state: State,
    awarded: [i64; 2],
    paid: [i64; 2],
}

impl Reference {
    fn available(&self) -> [i64; 2] {
        let used = |at: usize| self.applications.iter().map(|one| one.awarded[at]).sum::<i64>();
        [self.put_in[0] - used(0), self.put_in[1] - used(1)]
    }

    /// 60 to 40: Foshan's part is cut down, Guangzhou's is the rest.
    fn shares(amount: i64) -> [i64; 2] {
        let foshan = amount * 40 / 100;
        [amount - foshan, foshan]
    }

    /// The most that both can pay in their shares, found by trying.
    fn payable(&self) -> i64 {
        let [guangzhou, foshan] = self.available();
        // A city that has nothing left pays no part.
        if guangzhou == 0 || foshan == 0 {
            return 0;
        }
        let fits = |amount: i64| {
            let [one, other] = Self::shares(amount);
            one <= guangzhou && other <= foshan
        };
        let mut most = (guangzhou + foshan).min(guangzhou * 5 / 3 + 5).min(foshan * 5 / 2 + 5);
        while most > 0 && !fits(most) {
            most -= 1;
        }
        most
    }

    fn queue(&self) -> Vec<usize> {
        let waiting = |one: &Asked| one.state == State::Submitted;
        (0..self.applications.len()).filter(|at| waiting(&self.applications[*at])).collect()
    }

    fn grant(&mut self, at: usize, award: i64) {
        self.applications[at].state = State::Reserved;
        self.applications[at].awarded = Self::shares(award);
    }

    /// Who comes and finds nobody waiting is granted what there is; who waits, waits for all of it.
    fn come(&mut self, requested: i64) {
        let payable = if self.queue().is_empty() { self.payable() } else { 0 };
        let (state, awarded, paid) = (State::Submitted, [0; 2], [0; 2]);
        self.applications.push(Asked { requested, state, awarded, paid });
        if payable > 0 {
            self.grant(self.applications.len() - 1, requested.min(payable));
        }
    }

    /// First come, first served, for as long as there is enough.
    fn serve(&mut self) {
        for at in self.queue() {
            let requested = self.applications[at].requested;
            if self.payable() < requested {
                return;
            }
            self.grant(at, requested);
        }
    }

    fn end(&mut self, at: usize, state: State) {
        let one = &mut self.applications[at];
        one.state = state;
        one.awarded = one.paid;
    }

    fn allowed(&self, step: &Step) -> bool {
        let state = |at: usize| self.applications.get(at).map(|one| one.state);
        match *step {
            Step::Submit(_) | Step::PutIn(..) => true,
            Step::Commit(at) => state(at) == Some(State::Reserved),
            Step::Pay(at, thousandths) => {
                matches!(state(at), Some(State::Committed | State::Paid))
                    && self.instalment(at, thousandths).is_some()
            }
            Step::Close(at) => matches!(state(at), Some(State::Committed | State::Paid)),
            Step::Withdraw(at) | Step::Lapse(at) => {
                matches!(state(at), Some(State::Submitted | State::Reserved | State::Committed))
            }
        }
    }

    fn instalment(&self, at: usize, thousandths: i64) -> Option<i64> {
        let one = &self.applications[at];
        let unpaid: i64 = (0..2).map(|city| one.awarded[city] - one.paid[city]).sum();
        let amount = unpaid * thousandths / 1000;
        (thousandths <= 1000 && amount > 0).then_some(amount)
    }

    fn pay(&mut self, at: usize, amount: i64) {
        let one = &mut self.applications[at];
        let unpaid = [0, 1].map(|city| one.awarded[city] - one.paid[city]);
        let foshan = i64::try_from(
            i128::from(amount) * i128::from(unpaid[1]) / i128::from(unpaid[0] + unpaid[1]),
        );
        let foshan = foshan.unwrap();
        // What is left over falls to Guangzhou while it has anything to pay.
        let guangzhou = (amount - foshan).min(unpaid[0]);
        one.paid = [one.paid[0] + guangzhou, one.paid[1] + amount - guangzhou];
        one.state = State::Paid;
    }
}

impl ReferenceStateMachine for Reference {
    type State = Reference;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Reference> {
        (0..4_000_000_i64, 0..3_000_000_i64)
            .prop_map(|(one, other)| Reference { put_in: [one, other], applications: Vec::new() })
            .boxed()
    }

    fn transitions(_: &Reference) -> BoxedStrategy<Step> {
        let any = 0..12_usize;
        prop_oneof![
            4 => (1..2_000_000_i64).prop_map(Step::Submit),
            3 => any.clone().prop_map(Step::Commit),
            3 => (any.clone(), 1..=1001_i64).prop_map(|(at, part)| Step::Pay(at, part)),
            2 => any.clone().prop_map(Step::Close),
            2 => any.clone().prop_map(Step::Withdraw),
            1 => any.prop_map(Step::Lapse),
            1 => (0..2_000_000_i64, 0..2_000_000_i64).prop_map(|(one, other)| Step::PutIn(one, other)),
        ]
        .boxed()
    }

    fn apply(mut state: Reference, step: &Step) -> Reference {
        if !state.allowed(step) {
            return state;
        }
        match *step {
            Step::Submit(requested) => state.come(requested),
            Step::Commit(at) => state.applications[at].state = State::Committed,
            Step::Pay(at, thousandths) => {
                let amount = state.instalment(at, thousandths).unwrap();
                state.pay(at, amount);
            }
            Step::Close(at) => state.end(at, State::Closed),
            Step::Withdraw(at) => state.end(at, State::Withdrawn),
            Step::Lapse(at) => state.end(at, State::Lapsed),
            Step::PutIn(one, other) => {
                state.put_in = [state.put_in[0] + one, state.put_in[1] + other];
            }
        }
        state.serve();
        state
    }
}

/// The host's own.
struct Host {
    runtime: tokio::runtime::Runtime,
    server: Server,
    asked: Cell<u64>,
}

impl Host {
    fn request(&self) -> Request {
        self.asked.set(self.asked.get() + 1);
        let key = self.asked.get().to_string();
        let now = "2026-11-01T04:00:00Z".parse().unwrap();
        let digest = key.clone();
        Request { key: RequestKey { scope: "model".into(), key }, digest, now }
    }

    fn submit(&self, requested: i64) -> Result<(), ApplyError> {
        let amount = Money::new(requested, Currency::CNY);
        let case = json!({
            "project": { "trl": 5, "sector": "new-generation-it", "funded_elsewhere": false,
                         "advanced_manufacturing": true, "requested": amount },
            "parties": [{ "role": "lead", "id": "gz-sample-optics" },
                        { "role": "partner", "id": "fs-sample-robotics" },
                        { "role": "partner", "id": "gz-sample-university" }],
        });
        let case: Raw = serde_json::from_value(case).unwrap();
        let program = PROGRAM.parse().unwrap();
        let submission =
            Submission { program, case, by: "applicant".into(), language: Language::En };
        let desk = self.server.desk();
        let done = desk.submit(submission, self.request());
        self.runtime.block_on(done).map(drop)
    }

    fn act(&self, at: usize, what: Move, amount: Option<i64>) -> Result<(), ApplyError> {
        let id: ApplicationId = format!("{PROGRAM}-a{}", at + 1).parse().unwrap();
        let amount = amount.map(|minor| Money::new(minor, Currency::CNY));
        let (note, agreement, case) = (None, None, None);
        let (by, language) = ("bureau".to_owned(), Language::En);
        let action = Action { what, by, note, agreement, amount, case, language };
        self.runtime.block_on(self.server.desk().act(id, action, self.request())).map(drop)
    }

    fn put_in(&self, put_in: [i64; 2]) {
        let entities = self.server.store.entities();
        let mut fund: Fund = entities.fund(FUND).unwrap().clone();
        for (part, minor) in fund.contributions.iter_mut().zip(put_in) {
            part.amount = Money::new(minor, Currency::CNY).to_string();
        }
        let now = "2026-11-01T04:00:00Z".parse().unwrap();
        let store = &self.server.store;
        self.runtime.block_on(store.put(Entity::Fund(fund), Expect::Anything, now)).unwrap();
        let purses = ["guangzhou", "foshan"].map(|city| {
            concord::domain::purse::Purse::Fund(FUND.parse().unwrap(), city.parse().unwrap())
        });
        self.runtime.block_on(self.server.desk().offer_of(purses.to_vec(), now)).unwrap();
    }
}

impl StateMachineTest for Host {
    type SystemUnderTest = Host;
    type Reference = Reference;

    fn init_test(reference: &Reference) -> Host {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start());
        let host = Host { runtime, server, asked: Cell::new(0) };
        host.put_in(reference.put_in);
        host
    }

    fn apply(host: Host, reference: &Reference, step: Step) -> Host {
        // The reference is as it stands after the step.
        let before = |at: usize| reference.applications.get(at).is_some();
        let id = |at: usize| -> ApplicationId { format!("{PROGRAM}-a{}", at + 1).parse().unwrap() };
        let found = |at: usize| {
            host.runtime
                .block_on(host.server.store.application(&id(at)))
                .unwrap()
                .map(|(one, _)| one)
        };
        let done = match step {
            Step::Submit(requested) => host.submit(requested),
            Step::Commit(at) if before(at) => host.act(at, Move::Commit, None),
            Step::Pay(at, thousandths) if before(at) => {
                let unpaid = found(at).unwrap().unpaid(Currency::CNY).minor;
                let more = i64::from(thousandths > 1000);
                let amount = unpaid * thousandths.min(1000) / 1000 + more;
                host.act(at, Move::Pay, Some(amount))
            }
            Step::Close(at) if before(at) => host.act(at, Move::Close, None),
            Step::Withdraw(at) if before(at) => host.act(at, Move::Withdraw, None),
            Step::Lapse(at) if before(at) => host.act(at, Move::Lapse, None),
            Step::PutIn(..) => {
                host.put_in(reference.put_in);
                Ok(())
            }
            _ => Ok(()),
        };
        // What the reference lets pass by is refused, by a reason that the caller can act on.
        assert!(
            matches!(done, Ok(()) | Err(ApplyError::NotAllowed { .. } | ApplyError::Faults(_))),
            "{done:?}"
        );
        host
    }

    fn check_invariants(host: &Host, reference: &Reference) {
        let entities = host.server.store.entities();
        let fund = FUND.parse().unwrap();
        for (city, balance) in entities.books().of_fund(&fund) {
            let at = usize::from(city.as_str() == "foshan");
            let sum =
                |of: &dyn Fn(&Asked) -> i64| reference.applications.iter().map(of).sum::<i64>();
            let reserved = |one: &Asked| i64::from(one.state == State::Reserved) * one.awarded[at];
            let committed = |one: &Asked| match one.state {
                State::Committed | State::Paid => one.awarded[at] - one.paid[at],
                _ => 0,
            };
            assert_eq!(balance.at(Stage::Available).minor, reference.available()[at], "{city}");
            assert_eq!(balance.at(Stage::Reserved).minor, sum(&reserved), "{city}");
            assert_eq!(balance.at(Stage::Committed).minor, sum(&committed), "{city}");
            assert_eq!(balance.at(Stage::Paid).minor, sum(&|one| one.paid[at]), "{city}");
        }
        for (at, one) in reference.applications.iter().enumerate() {
            let id: ApplicationId = format!("{PROGRAM}-a{}", at + 1).parse().unwrap();
            let found = host.runtime.block_on(host.server.store.application(&id)).unwrap();
            let (found, events) = found.unwrap();
            assert_eq!((found.state, events.last().unwrap().state), (one.state, one.state), "{id}");
        }
        assert!(entities.get(EntityKind::Fund, FUND).is_some());
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        cases: u32::try_from(soak::seeds(24)).unwrap(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_done_in_whatever_order_the_ledger_and_the_states_are_those_of_the_reference(
        sequential 1..40 => Host
    );
}
