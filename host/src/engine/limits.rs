//! What bounds a run: fuel, time and memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::report::{Cause, Failure};

/// The limits that a policy is held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units of work of one run, about one for each WebAssembly instruction. Counted alike everywhere.
    pub fuel: u64,
    /// The wall-clock backstop of one run, for what fuel does not see.
    pub deadline: Duration,
    /// Bytes of memory of one run.
    pub memory: usize,
    /// Bytes of a component.
    pub component: usize,
    /// How many runs may be under way at once.
    pub concurrent: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            fuel: 10_000_000,
            deadline: Duration::from_millis(250),
            memory: 16 << 20,
            component: 4 << 20,
            concurrent: 256,
        }
    }
}

/// How often the ticker ticks: the grain of [`Limits::deadline`].
const TICK: Duration = Duration::from_millis(10);

impl Limits {
    /// The deadline in ticks, never less than asked for.
    pub(super) fn ticks(&self) -> u64 {
        let ticks = self.deadline.as_nanos().div_ceil(TICK.as_nanos());
        u64::try_from(ticks).unwrap_or(u64::MAX - 1) + 1
    }
}

/// Advances the engine's epoch for as long as it lives.
pub(super) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(super) fn start(engine: &wasmtime::Engine) -> std::io::Result<Ticker> {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, stopped) = (engine.clone(), stop.clone());
        let thread = std::thread::Builder::new().name("epoch".into()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::park_timeout(TICK);
                engine.increment_epoch();
            }
        })?;
        Ok(Ticker { stop, thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

/// Refuses memory beyond the limit, with the cause.
pub(super) struct Limiter {
    pub(super) memory: usize,
}

impl wasmtime::ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired <= self.memory {
            return Ok(true);
        }
        let detail = format!("asked for {desired} bytes of memory, may have {}", self.memory);
        Err(Failure::new(Cause::Memory, detail).into())
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}
