//! Runs the server half of a module: a WebAssembly component with no network, no files and no
//! environment, a memory limit and a deadline.
//!
//! Knows nothing of HTTP: what a guest may read comes through [`Reads`], what it renders leaves as
//! a [`Rendering`]. Whatever a guest does costs one rendering and nothing else.

mod bench;
mod compiler;
mod counters;
mod engine;
mod guest;
mod host;

pub use bench::{Figures, bench_render};
pub use compiler::{COMPILE_COMMAND, compile_into_cache};
pub use counters::Counters;
pub use engine::{Limits, Sandbox};
pub use guest::Guest;
pub use host::Reads;

use contracts::module::RenderingMeta;

/// What a guest made of one request.
#[derive(Debug)]
pub struct Rendering {
    /// Status, head and cache policy.
    pub meta: RenderingMeta,
    /// The area's HTML, or the whole layout of a shell.
    pub html: String,
    /// Path and JSON answer of what the page shows.
    pub data: Vec<(String, String)>,
}

/// Why there is no rendering.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It panicked, ran out of memory or broke a cap; with its last words.
    #[error("trapped: {0}")]
    Trap(String),
    /// It computed or waited for too long.
    #[error("was late")]
    Late,
    /// It answered something that is not a rendering.
    #[error("answered nonsense: {0}")]
    Nonsense(String),
    /// Too many renderings at once; no fault of the guest.
    #[error("no free place in the sandbox")]
    Busy,
}

/// The host side of `contracts/wit/module.wit`.
mod bindings {
    wasmtime::component::bindgen!({
        path: "../contracts/wit",
        world: "module",
        imports: { default: async | trappable },
        exports: { default: async },
    });
}
