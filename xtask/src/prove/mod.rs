//! `cargo xtask prove NAME`: what takes too long for every test run, with its figures written to
//! `docs/evidence/`.

mod contract;
mod events;
mod faults;
mod rolling;
mod saga;
mod uploads;

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
    /// How often every part is replaced
    #[arg(long, default_value_t = 5)]
    rounds: u64,
    /// For how many seconds the broker and the database are away
    #[arg(long, default_value_t = 30)]
    away: u64,
}

/// A proof.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Name {
    /// Every service called by schemathesis at length, on SQLite and on PostgreSQL: no 5xx, nothing undocumented
    Contract,
    /// Processes killed at random, broker and database away: no event lost, none applied twice
    Events,
    /// Each step of a restore and of the deletion of an account failed and killed: all of it, or nothing
    Saga,
    /// Bombs, scripts and files that tell too much, sent to the storage service, and the memory they take
    Uploads,
    /// Each service fails in every way while readers come: pages that can do without it stay up
    Faults,
    /// Every part replaced under load, with streams open: no request refused
    Rolling,
}

/// Proves it and writes down the figures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    match args.name {
        Name::Contract => contract::prove(&workspace),
        Name::Events => events::prove(&workspace, args.events, args.away),
        Name::Saga => saga::prove(&workspace),
        Name::Uploads => uploads::prove(&workspace),
        Name::Faults => faults::prove(&workspace),
        Name::Rolling => rolling::prove(&workspace, args.rounds),
    }
}

/// Writes a page of `docs/evidence/`.
fn write(workspace: &Workspace, name: &str, page: &str) -> Result<()> {
    let folder = workspace.root.join("docs/evidence");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(name), page)?)
}
