//! `cargo xtask …`: everything a person or CI does with this repository, one file per command.
//!
//! Knows nothing of Maru's own crates: it reads their `module.toml`, calls cargo, and writes files.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a command line tool talks through standard output")]

mod bench;
mod build;
mod check;
mod contract;
mod dev;
mod machine;
mod packages;
mod progress;
mod prove;
mod run;
mod screenshots;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and measures Maru.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the modules, both halves of each, into `<target>/maru/modules/`
    Build(build::Args),
    /// Builds what is not up to date and serves it on <http://localhost:8080> with data in ./data
    Run(run::Args),
    /// Everything that CI does
    Test(test::Args),
    /// Serves Maru, rebuilds what you change and publishes it to the open page
    Dev(dev::Args),
    /// Crate graph, budgets and forbidden words
    Check,
    /// Measures what the design promises
    Bench(bench::Args),
    /// Proves at length what tests show in short, and writes `docs/evidence/`
    Prove(prove::Args),
    /// Takes the pictures in `docs/`
    Screenshots,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build(args) => build::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Dev(args) => dev::run(&args),
        Command::Check => check::run(),
        Command::Bench(args) => bench::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Screenshots => screenshots::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
