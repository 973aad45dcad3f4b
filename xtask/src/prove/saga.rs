//! Work that spans services, failed and killed at each of its steps.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::machine;
use crate::progress;
use crate::test;
use crate::workspace::Workspace;

/// A line of the report.
#[derive(Deserialize)]
#[serde(tag = "proof", rename_all = "lowercase")]
enum Line {
    Restore { database: String, step: String, fault: String, outcome: String },
    Deletion { database: String, faults: Vec<Step>, cuts: u64 },
}

#[derive(Deserialize)]
struct Step {
    step: String,
    fault: String,
}

/// By step and fault, what became of it on each database.
type Table = BTreeMap<(String, String), BTreeMap<String, String>>;

/// Runs the tests on both databases and writes `docs/evidence/saga.md`.
pub(super) fn prove(workspace: &Workspace) -> Result<()> {
    let report = workspace.target.join("maru/saga.jsonl");
    std::fs::create_dir_all(workspace.target.join("maru"))?;
    let _ = std::fs::remove_file(&report);
    for (what, name, filter) in [("a restore", "api", Some("saga::")), ("a deletion", "deletion", None)] {
        let mut command = test::integration(workspace, name);
        command.args(filter).env("MARU_SAGA_REPORT", &report);
        progress::command(&format!("failing and killing each step of {what}"), &mut command)?;
    }
    let text = std::fs::read_to_string(&report).context("the tests left no report")?;
    let lines: Vec<Line> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    super::write(workspace, "saga.md", &page(&lines)?)
}

fn page(lines: &[Line]) -> Result<String> {
    let (mut restore, mut deletion, mut cuts) = (Table::new(), Table::new(), BTreeMap::new());
    for line in lines {
        match line {
            Line::Restore { database, step, fault, outcome } => {
                let row = restore.entry((step.clone(), fault_in_words(fault).to_owned())).or_default();
                row.insert(database.clone(), outcome.clone());
            }
            Line::Deletion { database, faults, cuts: waits } => {
                cuts.insert(database.clone(), *waits);
                for Step { step, fault } in faults {
                    let row = deletion.entry((step.clone(), fault_in_words(fault).to_owned())).or_default();
                    row.insert(database.clone(), "gone from everywhere".to_owned());
                }
            }
        }
    }
    if restore.is_empty() || deletion.is_empty() || cuts.len() != 2 {
        bail!("the report is not whole");
    }
    let mut page = format!(
        "# What spans services is done, or as if it never was\n\n\
         Repeat it with `cargo xtask prove saga`. Measured on {}.\n\n\
         ## Bringing a backup back\n\n\
         A restore stages the rows of every service (*prepare*), swaps them (*commit*) and settles (*forget*). Three services, \
         storage with its files among them, hold one state in the backup and another one now. Each call fails once before \
         it did anything, fails once after it was done, and never comes back while the process is ended and another one starts on \
         what it left, without the other services being there yet. Afterwards every row and every file is compared: it is all of \
         the backup, or all as it was.\n\n",
        machine::describe("debug build"),
    );
    table(&mut page, &restore)?;
    page.push_str(
        "\n## Deleting an account\n\n\
         Somebody with posts, a comment, a like, a bookmark and a report deletes their account with all they wrote. Every \
         service that hears of it fails before it did its part, fails after it (so that it hears it twice), and dies while it is at \
         it. Afterwards the backups of all services are searched for the account's id, name and words: what is left is what is \
         left when nothing fails.\n\n",
    );
    table(&mut page, &deletion)?;
    for (database, waits) in cuts {
        writeln!(
            page,
            "\nOn {database} the request itself was cut off at each of the first {waits} places where it waits for something, \
             one after the other: nothing had changed. Cut off one later, it was done."
        )?;
    }
    Ok(page)
}

fn fault_in_words(fault: &str) -> &str {
    match fault {
        "Before" => "fails before",
        "After" => "fails after",
        "Hang" | "Death" => "the process dies",
        "Twice" => "comes twice",
        other => other,
    }
}

fn table(page: &mut String, rows: &Table) -> Result<()> {
    page.push_str("| step | fault | SQLite | PostgreSQL |\n| --- | --- | --- | --- |\n");
    for ((step, fault), outcomes) in rows {
        let of = |database: &str| outcomes.get(database).map_or("**not proved**", String::as_str);
        writeln!(page, "| {step} | {fault} | {} | {} |", of("Sqlite"), of("Postgres"))?;
    }
    Ok(())
}
