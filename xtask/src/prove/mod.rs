//! `cargo xtask prove NAME`: what takes too long for every test run, with its figures written to
//! `docs/evidence/`.

mod events;
mod faults;

use anyhow::Result;

use crate::workspace::Workspace;

/// What to prove.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which of them
    #[arg(value_enum)]
    name: Name,
    /// How many events the kill test sends
    #[arg(long, default_value_t = 100_000)]
    events: u64,
    /// For how many seconds the broker and the database are away
    #[arg(long, default_value_t = 30)]
    away: u64,
}

/// A proof.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Name {
    /// Processes killed at random, broker and database away: no event lost, none applied twice
    Events,
    /// Each service fails in every way while readers come: pages that can do without it stay up
    Faults,
}

/// Proves it and writes down the figures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    match args.name {
        Name::Events => events::prove(&workspace, args.events, args.away),
        Name::Faults => faults::prove(&workspace),
    }
}
