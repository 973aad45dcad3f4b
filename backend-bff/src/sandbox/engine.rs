use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;
use tracing::Instrument;
use wasmtime::{
    Cache, CacheConfig, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    UpdateDeadline,
    component::{Component, HasSelf, Linker},
};

use super::{
    Failure, Guest, Reads, Rendering,
    bindings::{Module, ModulePre},
    compiler::Compiler,
    host::RenderState,
};

/// What one rendering may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Computing time, in ticks of [`TICK`]; waiting for a read does not count.
    pub compute_ticks: u32,
    /// Everything together, waiting included.
    pub overall: Duration,
    /// Calls of `get`, and paths of `get-many`.
    pub reads: usize,
    /// Bytes of all answers together.
    pub read_bytes: usize,
    /// Bytes of HTML and of data.
    pub output_bytes: usize,
    /// Bytes of linear memory.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            compute_ticks: 50,
            // Longer than a service may take, so that a slow one becomes a page that says so.
            overall: Duration::from_secs(3),
            reads: 16,
            read_bytes: 4 << 20,
            output_bytes: 4 << 20,
            memory: 64 << 20,
        }
    }
}

/// How often running guests are looked at.
const TICK: Duration = Duration::from_millis(10);
/// How long a rendering waits for a place.
const PATIENCE: Duration = Duration::from_secs(2);
/// Renderings at the same time. Each holds its memory while it waits for reads.
const PLACES: u32 = 64;

/// One engine for all modules.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<RenderState>,
    places: Semaphore,
    limits: Limits,
    compiler: Option<Compiler>,
    /// One compilation at a time: each uses every core by itself, and side by side their memory adds up.
    compiling: Mutex<()>,
}

impl Sandbox {
    /// An engine that keeps compiled code in `cache_dir`, so that a restart does not compile again. Where there
    /// is a `compiler` (see [`super::COMPILE_COMMAND`]), new components are compiled by that program.
    pub fn new(cache_dir: &Path, limits: Limits, compiler: Option<PathBuf>) -> wasmtime::Result<Self> {
        let engine = engine(cache_dir, &limits)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        Module::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut RenderState| state)?;
        tick(&engine)?;
        Ok(Self {
            engine,
            linker,
            places: Semaphore::new(PLACES as usize),
            limits,
            compiler: compiler.map(|program| Compiler::new(program, cache_dir)),
            compiling: Mutex::new(()),
        })
    }

    /// Compiles a component, or takes it from the cache. Blocks: seconds for a new one.
    pub fn compile(&self, name: &str, version: &str, reads: &[String], wasm: &[u8]) -> wasmtime::Result<Guest> {
        let _alone = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiler) = &self.compiler {
            compiler.prepare(&self.engine, wasm)?;
        }
        let component = Component::from_binary(&self.engine, wasm)?;
        let pre = ModulePre::new(self.linker.instantiate_pre(&component)?)?;
        Ok(Guest::new(pre, name, version, reads))
    }

    /// Renders `request` (JSON `RenderRequest`) in a fresh instance of `guest`, and counts what became of it.
    pub async fn render(&self, guest: &Guest, reads: Arc<dyn Reads>, request: &str) -> Result<Rendering, Failure> {
        // Waiting for a place is not the guest's time.
        let place = tokio::time::timeout(PATIENCE, self.places.acquire()).await;
        let Ok(Ok(_place)) = place else { return Err(Failure::Busy) };
        let begun = Instant::now();
        let span = tracing::debug_span!("render", module = &*guest.label);
        let run = self.run(guest, reads, request).instrument(span);
        let outcome = match tokio::time::timeout(self.limits.overall, run).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::Late),
        };
        guest.counters().count(&outcome, begun.elapsed());
        outcome
    }

    async fn run(&self, guest: &Guest, reads: Arc<dyn Reads>, request: &str) -> Result<Rendering, Failure> {
        let mut store = self.store(guest, reads);
        let rendered = match guest.pre.instantiate_async(&mut store).await {
            Ok(module) => module.call_render(&mut store, request).await,
            Err(error) => Err(error),
        };
        match rendered {
            Ok(rendered) => self.accept(rendered.meta, rendered.html, rendered.data),
            Err(_) if store.data().late => Err(Failure::Late),
            Err(error) => Err(Failure::Trap(describe(&error, &store.data().last_words()))),
        }
    }

    pub(super) fn store(&self, guest: &Guest, reads: Arc<dyn Reads>) -> Store<RenderState> {
        let state = RenderState::new(reads, guest.reads.clone(), guest.label.clone(), &self.limits);
        let mut store = Store::new(&self.engine, state);
        store.set_hostcall_fuel(self.limits.output_bytes * 2);
        // Ticks pass while the guest waits as well, but it is looked at only while it computes, so a
        // wait costs it one tick however long it was.
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| {
            let state = context.data_mut();
            match state.ticks_left.checked_sub(1) {
                Some(left) => {
                    state.ticks_left = left;
                    Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
                }
                None => {
                    state.late = true;
                    Ok(UpdateDeadline::Interrupt)
                }
            }
        });
        store
    }

    fn accept(&self, meta: String, html: String, data: Vec<(String, String)>) -> Result<Rendering, Failure> {
        let size = html.len() + data.iter().map(|(path, answer)| path.len() + answer.len()).sum::<usize>();
        if size > self.limits.output_bytes {
            return Err(Failure::Nonsense(format!("{size} bytes of HTML and data")));
        }
        let meta = serde_json::from_str(&meta).map_err(|error| Failure::Nonsense(format!("meta: {error}")))?;
        for (path, answer) in &data {
            serde_json::from_str::<serde::de::IgnoredAny>(answer)
                .map_err(|error| Failure::Nonsense(format!("data of {path}: {error}")))?;
        }
        Ok(Rendering { meta, html, data })
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// The engine of every sandbox, and of what compiles for it: the same settings, so the same cache.
pub(super) fn engine(cache_dir: &Path, limits: &Limits) -> wasmtime::Result<Engine> {
    let mut cache = CacheConfig::new();
    cache.with_directory(cache_dir);
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .cache(Some(Cache::new(cache)?))
        .max_wasm_stack(1 << 20)
        .async_stack_size(2 << 20)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits.memory)));
    Engine::new(&config)
}

fn pool(memory: usize) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // A std component is its own module and a handful of adapters around it. What needs more is
    // refused when it is compiled: one guest must not use up the places of others.
    let (cores, memories, tables) = (16, 2, 4);
    // Resetting the pages that a guest wrote is cheaper than giving them back and faulting them in
    // again, where the kernel (6.7) can say which they are; else all that is kept would be reset.
    let kept = if PoolingAllocationConfig::is_pagemap_scan_available() { 1 << 20 } else { 0 };
    pool.total_component_instances(PLACES)
        .max_core_instances_per_component(cores)
        .total_core_instances(PLACES * cores)
        .max_memories_per_component(memories)
        .total_memories(PLACES * memories)
        .max_tables_per_component(tables)
        .total_tables(PLACES * tables)
        .total_stacks(PLACES)
        .max_memory_size(memory)
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(kept)
        .table_keep_resident(64 << 10)
        .max_unused_warm_slots(8);
    pool
}

/// Moves the epoch while the engine lives.
fn tick(engine: &Engine) -> wasmtime::Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new().name("sandbox-ticks".into()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(())
}

fn describe(error: &wasmtime::Error, last_words: &str) -> String {
    let cause = error.root_cause().to_string();
    if last_words.is_empty() { cause } else { format!("{cause}; it said: {}", last_words.escape_debug()) }
}
