//! Every part replaced under load, at length.

use std::{collections::BTreeMap, fmt::Write};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::progress;
use crate::test;
use crate::workspace::Workspace;

/// What the test counted.
#[derive(Deserialize)]
struct Outcome {
    rounds: u64,
    seconds: u64,
    answered: u64,
    failed: u64,
    streams: u64,
    slowest_ms: u64,
    replaced_ms: BTreeMap<String, u64>,
}

/// Runs the test with `rounds` and writes `docs/evidence/rolling.md`, also when it fails: then the figures say how.
pub(super) fn prove(workspace: &Workspace, rounds: u64) -> Result<()> {
    let report = workspace.target.join("maru/rolling.json");
    let folder = workspace.root.join("docs/evidence");
    std::fs::create_dir_all(&folder)?;
    std::fs::create_dir_all(workspace.target.join("maru"))?;
    let mut command = test::integration(workspace, "processes");
    command.arg("rolling::").env("MARU_ROLLING_ROUNDS", rounds.to_string()).env("MARU_ROLLING_REPORT", &report);
    let outcome = progress::command("replacing every part in turn", &mut command);
    let bytes = std::fs::read(&report).context("the test left no report")?;
    std::fs::write(folder.join("rolling.md"), page(&serde_json::from_slice(&bytes)?)?)?;
    outcome
}

fn page(outcome: &Outcome) -> Result<String> {
    let mut page = String::from(
        "# Nobody is refused while parts are replaced\n\n\
         Repeat it with `cargo xtask prove rolling`. Each service and the BFF in a process of its own, over HTTP, with a real \
         RabbitMQ. One after the other is replaced on the socket that is held for it: of a service the new process listens \
         before the old one gets SIGTERM, of the BFF, whose data folder is for one at a time, after it ended. Meanwhile visitors \
         read pages and the API without pause, half of them over a new connection each time, one likes a post again and again, \
         and four watch a stream. The program is built without optimisation.\n\n| | |\n| --- | ---: |\n",
    );
    let mut row = |name: &str, value: u64| writeln!(page, "| {name} | {value} |");
    row("rounds", outcome.rounds)?;
    row("seconds", outcome.seconds)?;
    row("requests answered", outcome.answered)?;
    row("streams opened", outcome.streams)?;
    row("**requests and streams refused**", outcome.failed)?;
    row("longest wait of a request, ms", outcome.slowest_ms)?;
    for (part, millis) in &outcome.replaced_ms {
        row(&format!("longest time that replacing {part} took, ms"), *millis)?;
    }
    Ok(page)
}
