//! `cargo xtask test`: everything that CI does, in one place, with the time of each step.

mod machine;
mod steps;
mod tally;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::progress;
use crate::workspace::Workspace;
use steps::Step;
use tally::Tally;

pub(crate) use steps::integration;

/// Which steps to take.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these steps; may be repeated
    #[arg(long = "only", value_name = "STEP", value_enum)]
    only: Vec<Step>,
}

/// What came of a step.
struct Outcome {
    step: Step,
    time: Duration,
    tally: Tally,
}

/// Takes every step, whatever became of those before it, and sums up.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    let is_chosen = |step: &&Step| args.only.is_empty() || args.only.contains(step);
    let chosen: Vec<Step> = Step::ALL.iter().filter(is_chosen).copied().collect();
    let mut outcomes = Vec::new();
    for step in &chosen {
        eprintln!("\n## {}", step.name());
        let started = Instant::now();
        let tally = steps::take(*step, &chosen, &workspace).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::FAILED
        });
        let time = started.elapsed();
        eprintln!("## {}: {} in {}", step.name(), tally.verdict(), progress::duration(time));
        outcomes.push(Outcome { step: *step, time, tally });
    }
    summarise(&outcomes)
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    println!("\n{:<10} {:>12} {:>8} {:>8}", "step", "time", "passed", "failed");
    for Outcome { step, time, tally } in outcomes {
        println!("{:<10} {:>12} {:>8} {:>8}", step.name(), progress::duration(*time), tally.passed, tally.failed);
    }
    println!("{:<10} {:>12}\n", "together", progress::duration(outcomes.iter().map(|outcome| outcome.time).sum()));
    let total = outcomes.iter().fold(Tally::default(), |sum, outcome| sum.plus(outcome.tally));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("not everything passed");
    }
    Ok(())
}
