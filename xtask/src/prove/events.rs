//! The kill test at length.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::progress;
use crate::test;
use crate::workspace::Workspace;

/// What the test's judge counted.
#[derive(Deserialize)]
struct Outcome {
    setting: String,
    events: i64,
    seconds: u64,
    kills: u64,
    deaths: BTreeMap<String, u64>,
    delivered_twice: u64,
    delivered_late: u64,
    writes_refused: u64,
    acknowledged: u64,
    acknowledged_without_broker: u64,
    recovered_after_ms: BTreeMap<String, u64>,
    writes_lost: i64,
    events_lost: i64,
    effects_doubled: i64,
    out_of_order: i64,
    drift: i64,
    dead_letters: i64,
    parked: i64,
    finished: bool,
}

/// Runs it on both settings and writes `docs/evidence/events.md`, also when it fails: then the figures
/// say how.
pub(super) fn prove(workspace: &Workspace, events: u64, away: u64) -> Result<()> {
    let report = workspace.target.join("maru/events.json");
    std::fs::create_dir_all(workspace.target.join("maru"))?;
    let mut command = test::integration(workspace, "kill");
    command.env("MARU_KILL_EVENTS", events.to_string()).env("MARU_KILL_AWAY", away.to_string());
    command.env("MARU_KILL_REPORT", &report);
    let outcome = progress::command("killing processes", &mut command);
    let bytes = std::fs::read(&report).context("the test left no report")?;
    let outcomes: Vec<Outcome> = serde_json::from_slice(&bytes)?;
    super::write(workspace, "events.md", &page(&outcomes, away)?)?;
    outcome?;
    if outcomes.len() != 2 {
        bail!("the report is of {} settings, not of both", outcomes.len());
    }
    Ok(())
}

fn page(outcomes: &[Outcome], away: u64) -> Result<String> {
    let mut page = String::from(
        "# No event is lost, none is applied twice\n\n\
         Repeat it with `cargo xtask prove events`. Processes are killed with SIGKILL, from outside at random moments and from \
         inside between commit, publishing, effect, commit and acknowledgement; messages are delivered twice and late. \
         Each write adds one to one of 200 totals and sends the new total; the other side keeps a log of effects and a \
         copy of the totals.\n\n",
    );
    if away > 0 {
        writeln!(
            page,
            "On the way RabbitMQ and PostgreSQL are killed in turn, left away for {away} seconds while writes go on, and \
             started again; the processes are not.\n"
        )?;
    }
    row(&mut page, "", outcomes, |outcome| outcome.setting.trim_start_matches("kill::").replace('_', " "))?;
    row(&mut page, "---", outcomes, |_| "---:".to_owned())?;
    row(&mut page, "events", outcomes, |outcome| outcome.events.to_string())?;
    row(&mut page, "seconds", outcomes, |outcome| outcome.seconds.to_string())?;
    row(&mut page, "processes killed from outside", outcomes, |outcome| outcome.kills.to_string())?;
    let places: std::collections::BTreeSet<&String> = outcomes.iter().flat_map(|one| one.deaths.keys()).collect();
    for place in places {
        let name = format!("killed {place}");
        row(&mut page, &name, outcomes, |outcome| outcome.deaths.get(place).unwrap_or(&0).to_string())?;
    }
    row(&mut page, "delivered twice on purpose", outcomes, |outcome| outcome.delivered_twice.to_string())?;
    row(&mut page, "delivered again late, out of order", outcomes, |outcome| outcome.delivered_late.to_string())?;
    row(&mut page, "attempts refused while the database was away", outcomes, |one| one.writes_refused.to_string())?;
    row(&mut page, "writes acknowledged", outcomes, |outcome| outcome.acknowledged.to_string())?;
    let without = |outcome: &Outcome| outcome.acknowledged_without_broker.to_string();
    row(&mut page, "of them while the broker was away", outcomes, without)?;
    for what in ["broker", "database"] {
        let name = format!("effects again after the return of the {what}, ms");
        let after = |outcome: &Outcome| outcome.recovered_after_ms.get(what).map_or("–".to_owned(), u64::to_string);
        row(&mut page, &name, outcomes, after)?;
    }
    row(&mut page, "**acknowledged writes lost**", outcomes, |outcome| outcome.writes_lost.to_string())?;
    row(&mut page, "**events lost**", outcomes, |outcome| outcome.events_lost.to_string())?;
    row(&mut page, "**effects doubled**", outcomes, |outcome| outcome.effects_doubled.to_string())?;
    row(&mut page, "**applied out of order**", outcomes, |outcome| outcome.out_of_order.to_string())?;
    row(&mut page, "**drift**", outcomes, |outcome| outcome.drift.to_string())?;
    row(&mut page, "dead letters, parked", outcomes, |outcome| (outcome.dead_letters + outcome.parked).to_string())?;
    row(&mut page, "everything arrived in time", outcomes, |one| if one.finished { "yes" } else { "NO" }.to_owned())?;
    Ok(page)
}

fn row(page: &mut String, name: &str, outcomes: &[Outcome], cell: impl Fn(&Outcome) -> String) -> Result<()> {
    let cells: Vec<String> = outcomes.iter().map(cell).collect();
    writeln!(page, "| {name} | {} |", cells.join(" | "))?;
    Ok(())
}
