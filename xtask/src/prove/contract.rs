//! The contract test at length.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::contract::{self, Form};
use crate::progress;
use crate::workspace::Workspace;

/// What `services/contract/run.py` leaves.
#[derive(Deserialize)]
struct Report {
    runs: Vec<Run>,
    unreached: Vec<String>,
}

/// One service called as one of those who may.
#[derive(Deserialize)]
struct Run {
    service: String,
    actor: String,
    passed: bool,
    seconds: f64,
    /// Test cases made.
    calls: u64,
    /// How often each operation answered what, probes of single checks included.
    statuses: BTreeMap<String, BTreeMap<String, u64>>,
}

const SETTINGS: [(&str, Form); 2] =
    [("SQLite", Form { long: true, postgres: false }), ("PostgreSQL", Form { long: true, postgres: true })];

/// Runs it on both databases and writes `docs/evidence/contract.md`, also when it fails: then the figures say how.
pub(super) fn prove(workspace: &Workspace) -> Result<()> {
    let mut page = String::from(
        "# Services answer as their OpenAPI documents say\n\n\
         Repeat it with `cargo xtask prove contract`. [schemathesis](https://schemathesis.readthedocs.io) calls every \
         operation of the six services, as a guest, as a USER, as an ADMIN and as another service: boundary values, \
         data that keeps to the schemas and data that breaks them, sequences of calls, and U+0000, impossible days, \
         numbers out of range. Every other good call is about a post, comment, page, image or account that is there. \
         A run passes when nothing answered 5xx or a status, media type or body that the document does not have, \
         nothing that breaks a schema was taken, and nobody got in without the credentials that the document asks \
         for.\n",
    );
    let mut failure = Ok(());
    let services = contract::services(workspace)?;
    for (name, form) in SETTINGS {
        let outcome = progress::command(
            &format!("calling the services on {name}"),
            &mut contract::command(workspace, &services, form)?,
        );
        let file = contract::folder(workspace, form).join("report.json");
        let bytes = std::fs::read(file).context("the runs left no report")?;
        section(&mut page, name, &serde_json::from_slice(&bytes)?)?;
        failure = failure.and(outcome);
    }
    let folder = workspace.root.join("docs/evidence");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("contract.md"), page)?;
    failure
}

fn section(page: &mut String, name: &str, report: &Report) -> Result<()> {
    let calls: u64 = report.runs.iter().map(|run| run.calls).sum();
    let seconds: f64 = report.runs.iter().map(|run| run.seconds).sum();
    let operations: BTreeSet<(&str, &str)> = report
        .runs
        .iter()
        .flat_map(|run| run.statuses.keys().map(|operation| (run.service.as_str(), operation.as_str())))
        .collect();
    writeln!(page, "\n## {name}\n")?;
    writeln!(page, "{} operations, {calls} test cases, {seconds:.0} seconds of runs.\n", operations.len())?;
    writeln!(page, "| service | called as | operations | test cases | 2xx, 3xx | 4xx | 429 | 5xx | passed |")?;
    writeln!(page, "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")?;
    for run in &report.runs {
        let of = |wanted: &dyn Fn(&str) -> bool| -> u64 {
            let all = run.statuses.values().flatten();
            all.filter(|(status, _)| wanted(status)).map(|(_, count)| count).sum()
        };
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            run.service,
            run.actor,
            run.statuses.len(),
            run.calls,
            of(&|status| status < "400"),
            of(&|status| status.starts_with('4') && status != "429"),
            of(&|status| status == "429"),
            of(&|status| status >= "500"),
            if run.passed { "yes" } else { "NO" },
        )?;
    }
    if report.unreached.is_empty() {
        writeln!(
            page,
            "\nEvery operation answered somebody with a success, but for those that a mail or another site leads to."
        )?;
    }
    for operation in &report.unreached {
        writeln!(page, "\nNever a success: {operation}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_counts_answers_by_kind() {
        let report: Report = serde_json::from_str(
            r#"{"unreached": ["blog GET /x"], "runs": [{"service": "blog", "actor": "guest", "passed": false,
                "seconds": 1.5, "calls": 9, "statuses": {"GET /x": {"200": 1, "301": 1, "404": 2, "429": 3, "500": 2}}}]}"#,
        )
        .expect("a report");
        let mut page = String::new();
        section(&mut page, "SQLite", &report).expect("a page");
        assert!(page.contains("| blog | guest | 1 | 9 | 2 | 2 | 3 | 2 | NO |"), "{page}");
        assert!(page.contains("Never a success: blog GET /x"), "{page}");
    }
}
