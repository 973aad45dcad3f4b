//! Hostile uploads, and the memory that they take.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::machine;
use crate::progress;
use crate::test;
use crate::workspace::Workspace;

/// What the test saw.
#[derive(Deserialize)]
struct Report {
    before_mb: u64,
    together_mb: u64,
    limit_mb: u64,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    by: String,
    bytes: u64,
    outcome: String,
    peak_mb: u64,
}

/// Runs the test and writes `docs/evidence/uploads.md`.
pub(super) fn prove(workspace: &Workspace) -> Result<()> {
    let report = workspace.target.join("maru/uploads.json");
    std::fs::create_dir_all(workspace.target.join("maru"))?;
    let _ = std::fs::remove_file(&report);
    let mut command = test::integration(workspace, "memory");
    command.env("MARU_UPLOADS_REPORT", &report);
    progress::command("sending hostile files", &mut command)?;
    let bytes = std::fs::read(&report).context("the test left no report")?;
    super::write(workspace, "uploads.md", &page(&serde_json::from_slice(&bytes)?)?)
}

fn page(report: &Report) -> Result<String> {
    let Report { before_mb, together_mb, limit_mb, files } = report;
    let mut page = format!(
        "# Hostile uploads are refused or cleaned, in little memory\n\n\
         Repeat it with `cargo xtask prove uploads`. A process that runs the storage service and nothing else, on SQLite and \
         a folder, gets each file over its routes and makes its smaller images too. Memory is the peak of the whole process \
         (`VmHWM`, begun anew for each file), its {before_mb} MB before the first file and the files themselves included. \
         Measured on {}.\n\n\
         | file | sent by | bytes | what became of it | peak, MB |\n| --- | --- | ---: | --- | ---: |\n",
        machine::describe("debug build, codecs optimised"),
    );
    for File { name, by, bytes, outcome, peak_mb } in files {
        writeln!(page, "| {name} | {by} | {bytes} | {outcome} | {peak_mb} |")?;
    }
    writeln!(page, "| **all of them at once, twice** | | | the same | **{together_mb}** |")?;
    writeln!(
        page,
        "\nThe process may grow by at most {limit_mb} MB for one file; the test fails where it grows by more."
    )?;
    Ok(page)
}
