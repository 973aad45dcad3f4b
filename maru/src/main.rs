//! `maru`: the program.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use maru::commands::Cli;

/// Gives memory back after bursts and is faster than the system's under many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.stays() {
        maru::allocator::settle();
    }
    maru::commands::run(cli)
}
