//! Nothing is left over from one run to the next.

use concord::domain::outcome::Outcome;
use concord::engine::Limits;

use crate::support::guests;
use crate::support::host::Host;

/// What the guest found left over from any run before.
fn left_over(host: &Host) -> i64 {
    let ruling = host.ruling(guests::REMEMBERS);
    assert_eq!(ruling.outcome, Outcome::Eligible, "{:?}", ruling.report.failure);
    ruling.report.grant.amount.unwrap().unwrap().minor
}

#[test]
fn a_thousand_runs_in_one_place_all_find_it_empty() {
    // With room for one run there is one place in memory for all of them.
    let host = Host::new(Limits { concurrent: 1, ..Limits::default() }, [guests::REMEMBERS]);
    for run in 0..1_000 {
        assert_eq!(left_over(&host), 0, "in run {run}");
    }
}

#[test]
fn a_run_after_one_that_littered_all_its_memory_finds_it_empty() {
    let both = [guests::REMEMBERS, guests::LITTERS];
    let host = Host::new(Limits { concurrent: 1, ..Limits::default() }, both);
    for run in 0..100 {
        assert_eq!(host.ruling(guests::LITTERS).outcome, Outcome::Undetermined);
        assert_eq!(left_over(&host), 0, "in run {run}");
        if run % 10 == 0 {
            host.assert_the_next_check_is_right();
        }
    }
}

#[test]
fn runs_on_many_threads_see_nothing_of_each_other() {
    let both = [guests::REMEMBERS, guests::LITTERS];
    let host = Host::new(Limits { concurrent: 16, ..Limits::default() }, both);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let host = &host;
            scope.spawn(move || {
                for run in 0..50 {
                    if (thread + run) % 4 == 0 {
                        assert_eq!(host.ruling(guests::LITTERS).outcome, Outcome::Undetermined);
                    }
                    assert_eq!(left_over(host), 0, "on thread {thread}, in run {run}");
                }
            });
        }
    });
    host.assert_the_next_check_is_right();
}
