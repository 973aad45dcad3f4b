//! The fault matrix.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::progress;
use crate::test;
use crate::workspace::Workspace;

/// How long a page waits for a part that it can do without, in milliseconds.
const PART_DEADLINE: u64 = 1000;
/// Within what a failing service is to be left alone.
const OPEN_WITHIN: u64 = 1000;
/// Of these the gateway passes answers on unread: their bodies cannot be found wrong there, and nothing else asks them in
/// what is visited.
const PASSED_ON: [&str; 2] = ["analytics", "storage"];
/// Share of the usual calls that a failing service may get.
const MOST_LOAD: f64 = 1.2;

/// What the test counted. Times in milliseconds.
#[derive(Deserialize)]
struct Matrix {
    healthy: Figures,
    cases: Vec<Case>,
    memory: Vec<(String, u64, u64)>,
    visits_per_second: u64,
    seconds: u64,
}

#[derive(Deserialize)]
struct Case {
    service: String,
    fault: String,
    opened_after: Option<u64>,
    closed_after: Option<u64>,
    before: Figures,
    after: Figures,
    refused: Figures,
    wrong: u64,
    load: f64,
}

#[derive(Deserialize)]
struct Figures {
    visits: usize,
    p50: u64,
    p99: u64,
    most: u64,
}

/// Runs it and writes `docs/evidence/faults.md`, also when it fails: then the figures say how.
pub(super) fn prove(workspace: &Workspace) -> Result<()> {
    let report = workspace.target.join("maru/faults.json");
    let folder = workspace.root.join("docs/evidence");
    std::fs::create_dir_all(&folder)?;
    std::fs::create_dir_all(workspace.target.join("maru"))?;
    // A report of another run would prove nothing.
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    let mut command = test::integration(workspace, "it");
    command.args(["--nocapture", "faults::"]).env("MARU_FAULTS_REPORT", &report);
    let outcome = progress::command("making services fail", &mut command);
    let bytes = std::fs::read(&report).context("the test left no report")?;
    std::fs::write(folder.join("faults.md"), page(&serde_json::from_slice(&bytes)?)?)?;
    outcome
}

fn page(matrix: &Matrix) -> Result<String> {
    let Matrix { healthy, cases, memory, visits_per_second, seconds } = matrix;
    let mut page = format!(
        "# A failing service takes only its own part along\n\n\
         Repeat it with `cargo xtask prove faults`. Six services on SQLite, each over HTTP behind a wire that can be made to \
         fail; before them the BFF with its usual limits, all in one unoptimised process; {visits_per_second} visits a second \
         to a mix of reading pages (home, posts, lists, search, notices, sign-in, visitors, a picture). Each service in turn \
         is absent (refuses connections), hangs, is slow (1.5 s), answers 500, answers what is no HTTP, answers what is no \
         JSON, resets connections, and flaps (absent and back each second). It took {seconds} seconds.\n\n\
         Healthy: {} visits, p50 {} ms, p99 {} ms, most {} ms. Memory after the faults of each service, in use and resident, MB: {}. \
         (In use is what Rust code holds: SQLite's own and what the C library keeps for later are resident only.)\n\n",
        healthy.visits,
        healthy.p50,
        healthy.p99,
        healthy.most,
        memory
            .iter()
            .map(|(service, used, resident)| format!("{service} {} and {}", used / 1_000_000, resident / 1_000_000))
            .collect::<Vec<_>>()
            .join(", "),
    );
    page.push_str(
        "Times in milliseconds. *Opened*: from the beginning of the fault until the service was left alone (its breaker \
         opened). *Closed*: from its end until it was asked as before and every page was whole. *p99 before*, *p99 after*: of the \
         pages that can do without the service, before and after the breaker opened. *Refused p99*: of the pages that cannot, which say \
         so with 502 or 503 and `Retry-After`. *Wrong*: answers that were not as they should be. *Load*: calls to \
         the service, against those in healthy times; refused connections and retries count, calls that the breaker kept back do not. \
         What the gateway passes on unread (visitors, pictures) is never found to be nonsense, so that nobody is left alone for it: \
         it reaches the one who asked as the service sent it.\n\n\
         | service | fault | opened | closed | p99 before | p99 after | refused p99 | visits | wrong | load |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for case in cases {
        let time = |time: Option<u64>| time.map_or("–".to_owned(), |time| time.to_string());
        let of =
            |figures: &Figures, figure: u64| if figures.visits == 0 { "–".to_owned() } else { figure.to_string() };
        let visits = case.before.visits + case.after.visits + case.refused.visits;
        let (opened, closed) = (time(case.opened_after), time(case.closed_after));
        writeln!(
            page,
            "| {} | {} | {opened} | {closed} | {} | {} | {} | {visits} | {} | {:.2} |",
            case.service,
            case.fault.replace('_', " "),
            of(&case.before, case.before.p99),
            of(&case.after, case.after.p99),
            of(&case.refused, case.refused.p99),
            case.wrong,
            case.load,
        )?;
    }
    verdict(&mut page, matrix)?;
    Ok(page)
}

/// What was promised, and where it did not hold.
fn verdict(page: &mut String, matrix: &Matrix) -> Result<()> {
    let opened = |case: &&Case| case.opened_after.is_some();
    let misses = [
        ("pages stay up wherever the failed service is optional", list(matrix, |case| case.wrong > 0)),
        (
            "left alone within a second",
            list(matrix, |case| !is_unread(case) && case.opened_after.is_none_or(|after| after > OPEN_WITHIN)),
        ),
        ("asked again by itself", list(matrix, |case| case.closed_after.is_none())),
        ("p99 at most the part's deadline until then", list(matrix, |case| case.before.p99 > PART_DEADLINE)),
        (
            "p99 at most twice the healthy one from then on",
            list(matrix, |case| opened(&case) && case.after.p99 > 2 * matrix.healthy.p99),
        ),
        ("load at most 1.2 times the usual", list(matrix, |case| case.load > MOST_LOAD)),
    ];
    page.push_str("\n| promised | not so |\n| --- | --- |\n");
    for (promise, misses) in misses {
        writeln!(page, "| {promise} | {} |", if misses.is_empty() { "–" } else { &misses })?;
    }
    Ok(())
}

fn is_unread(case: &Case) -> bool {
    case.fault == "nonsense" && PASSED_ON.contains(&case.service.as_str())
}

fn list(matrix: &Matrix, missed: impl Fn(&Case) -> bool) -> String {
    let missed = matrix.cases.iter().filter(|case| missed(case));
    missed.map(|case| format!("{} {}", case.service, case.fault.replace('_', " "))).collect::<Vec<_>>().join(", ")
}
