//! Many cases at once, on all cores.

use std::panic::resume_unwind;

/// Does the work for each item, and gives what came of it in the order of the items. A panic goes on to the
/// caller.
pub(super) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = items
            .chunks(share)
            .enumerate()
            .map(|(at, part)| {
                scope.spawn(move || {
                    (at * share..).zip(part).map(|(at, item)| work(at, item)).collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}
