use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::Failure;

/// What became of the renderings of one module version since the start.
#[derive(Debug)]
pub struct Counters {
    renders: Counted,
    traps: Counted,
    late: Counted,
    nonsense: Counted,
    took: HistogramHandle,
}

/// `metrics::Histogram` has no `Debug`.
struct HistogramHandle(metrics::Histogram);

impl std::fmt::Debug for HistogramHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Histogram")
    }
}

#[derive(Debug)]
struct Counted {
    here: AtomicU64,
    exported: CounterHandle,
}

/// `metrics::Counter` has no `Debug`.
struct CounterHandle(metrics::Counter);

impl std::fmt::Debug for CounterHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Counter")
    }
}

impl Counted {
    fn new(module: &str, version: &str, outcome: &'static str) -> Self {
        let exported = metrics::counter!(
            "maru_module_renders_total",
            "module" => module.to_owned(), "version" => version.to_owned(), "outcome" => outcome
        );
        Self { here: AtomicU64::new(0), exported: CounterHandle(exported) }
    }

    fn add(&self) {
        self.here.fetch_add(1, Ordering::Relaxed);
        self.exported.0.increment(1);
    }

    fn get(&self) -> u64 {
        self.here.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn new(module: &str, version: &str) -> Self {
        Self {
            renders: Counted::new(module, version, "rendered"),
            traps: Counted::new(module, version, "trapped"),
            late: Counted::new(module, version, "late"),
            nonsense: Counted::new(module, version, "nonsense"),
            took: HistogramHandle(metrics::histogram!(
                "maru_module_render_duration_seconds",
                "module" => module.to_owned(), "version" => version.to_owned()
            )),
        }
    }

    pub(super) fn count<T>(&self, outcome: &Result<T, Failure>, took: Duration) {
        self.took.0.record(took);
        match outcome {
            Ok(_) => self.renders.add(),
            Err(Failure::Trap(_)) => self.traps.add(),
            Err(Failure::Late) => self.late.add(),
            Err(Failure::Nonsense(_)) => self.nonsense.add(),
            Err(Failure::Busy) => {}
        }
    }

    /// Renderings that were asked for, whatever became of them.
    pub fn renders(&self) -> u64 {
        self.renders.get() + self.failures()
    }

    /// Renderings that failed.
    pub fn failures(&self) -> u64 {
        self.traps() + self.late() + self.nonsense()
    }

    /// Panics, exhausted memory, broken caps.
    pub fn traps(&self) -> u64 {
        self.traps.get()
    }

    /// Missed deadlines.
    pub fn late(&self) -> u64 {
        self.late.get()
    }

    /// Answers that were no rendering.
    pub fn nonsense(&self) -> u64 {
        self.nonsense.get()
    }
}
