//! The BFF through its routers, with real modules in the sandbox and services made for the tests.

#![expect(clippy::expect_used, reason = "what a test expects and does not find is its failure")]

mod assets;
mod attacks;
mod bundles;
mod documents;
mod faults;
mod forms;
mod gateway;
mod hostile;
mod large_answers;
mod limits;
mod log;
mod odd_input;
mod openapi;
mod page_cache;
mod publishing;
mod real;
mod resilience;
mod services;
mod session;
mod site;
mod upstreams;
mod versions;

/// Counts what is in use: what stays with the process says little about what it still needs.
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
