//! `cargo xtask bench services`: how the services answer many at once, on both databases.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::cluster::Cluster;
use crate::machine;
use crate::packages::{self, Need};
use crate::workspace::Workspace;
use crate::{progress, run, tools};

const POSTS: u32 = 10_000;
const COMMENTS: u32 = 100_000;
const CLIENTS: u32 = 50;
const SERVICES: [&str; 6] = ["analytics", "auth", "blog", "content", "page", "storage"];
const ASK: &str = include_str!("ask.lua");
/// Seconds before anything counts.
const WARM_UP: u32 = 5;

const NEEDS: &[Need] = &[
    Need { package: "wrk", purpose: "the load", there: || tools::find("wrk").is_some() },
    Need { package: "postgresql", purpose: "the second database", there: || Path::new("/usr/lib/postgresql").is_dir() },
];

/// What a running `maru bench-services` says of itself.
#[derive(Deserialize)]
struct Asked {
    name: String,
    address: SocketAddr,
    paths: PathBuf,
}

/// What `ask.lua` says.
#[derive(Clone, Deserialize)]
struct Answered {
    requests: u64,
    seconds: f64,
    bytes: u64,
    p50_ms: f64,
    p99_ms: f64,
    failed: u64,
}

/// Figures of one database.
struct Measured {
    database: &'static str,
    rows: Vec<(String, Answered)>,
}

/// Measures on SQLite, then on PostgreSQL, and writes `docs/evidence/services.md`.
pub(super) fn run(workspace: &Workspace, seconds: u32) -> Result<()> {
    packages::install(NEEDS)?;
    let program = run::maru(workspace, true)?;
    let place = workspace.target.join("maru/bench-services");
    std::fs::create_dir_all(&place)?;
    std::fs::write(place.join("ask.lua"), ASK)?;
    let mut all = Vec::new();
    for database in ["SQLite", "PostgreSQL"] {
        let cluster = if database == "PostgreSQL" { Some(Cluster::start(&SERVICES)?) } else { None };
        let mut site = Site::new(&program, &place.join(database.to_lowercase()), cluster.as_ref());
        site.fill()?;
        all.push(Measured { database, rows: site.measure(&place.join("ask.lua"), seconds)? });
    }
    let page = page(&all, seconds)?;
    print!("{page}");
    let folder = workspace.root.join("docs/evidence");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("services.md"), page)?;
    match all.iter().flat_map(|measured| &measured.rows).find(|(_, answered)| answered.failed > 0) {
        Some((name, answered)) => bail!("{name}: {} requests failed", answered.failed),
        None => Ok(()),
    }
}

/// The services on one database.
struct Site<'a> {
    program: &'a Path,
    data: PathBuf,
    environment: BTreeMap<String, String>,
}

impl<'a> Site<'a> {
    fn new(program: &'a Path, data: &Path, cluster: Option<&Cluster>) -> Self {
        let mut environment = BTreeMap::new();
        if let Some(cluster) = cluster {
            for service in SERVICES {
                environment.insert(format!("MARU_DATABASE__{}", service.to_uppercase()), cluster.url(service));
            }
            // Its databases are new, so the rest is.
            let _ = std::fs::remove_dir_all(data);
        }
        Self { program, data: data.to_owned(), environment }
    }

    fn command(&self, data: &Path) -> Command {
        let mut command = Command::new(self.program);
        command.arg("bench-services").arg("--data").arg(data).envs(&self.environment);
        command.args(["--posts", &POSTS.to_string(), "--comments", &COMMENTS.to_string()]);
        command
    }

    /// In memory, where that is possible: a hundred thousand small writes to a disk take long.
    fn fill(&mut self) -> Result<()> {
        let filled = format!("{POSTS} posts, {COMMENTS} comments\n");
        if std::fs::read_to_string(self.data.join("run/bench")).is_ok_and(|found| found == filled) {
            return Ok(());
        }
        let _ = std::fs::remove_dir_all(&self.data);
        let memory = Path::new("/dev/shm");
        if !memory.is_dir() {
            return progress::command("filling", self.command(&self.data).arg("--fill"));
        }
        let there = memory.join(format!("maru-bench-{}", std::process::id()));
        let filling = progress::command("filling", self.command(&there).arg("--fill"));
        let moved = filling.and_then(|()| {
            progress::command("moving it to the disk", Command::new("cp").arg("-a").arg(&there).arg(&self.data))
        });
        std::fs::remove_dir_all(&there)?;
        moved
    }

    fn measure(&self, script: &Path, seconds: u32) -> Result<Vec<(String, Answered)>> {
        let mut command = self.command(&self.data);
        let mut running = Running(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        let output = running.0.stdout.take().context("its output is piped")?;
        let said = BufReader::new(output).lines().next().transpose()?.context("maru ended before it listened")?;
        let asked: Vec<Asked> = serde_json::from_str(&said).context("maru did not say what to ask")?;
        let mut rows = Vec::new();
        for asked in asked {
            load(&asked, script, WARM_UP)?;
            let answered = load(&asked, script, seconds)?;
            eprintln!("   {}: {}", asked.name, row(&answered));
            rows.push((asked.name, answered));
        }
        Ok(rows)
    }
}

/// A process that ends with us.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn load(asked: &Asked, script: &Path, seconds: u32) -> Result<Answered> {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--connections", &CLIENTS.to_string(), "--timeout", "10s"]);
    wrk.args(["--duration", &format!("{seconds}s"), "--script"]).arg(script);
    wrk.arg(format!("http://{}", asked.address)).env("MARU_PATHS", &asked.paths);
    let said = tools::output(&mut wrk)?;
    let line = said.lines().find(|line| line.starts_with('{')).with_context(|| format!("wrk said {said}"))?;
    Ok(serde_json::from_str(line)?)
}

fn row(answered: &Answered) -> String {
    let Answered { requests, seconds, bytes, p50_ms, p99_ms, .. } = answered;
    let (rate, weight) = (*requests as f64 / seconds, *bytes as f64 / (*requests).max(1) as f64 / 1e3);
    format!("{rate:.0} | {p50_ms:.1} | {p99_ms:.1} | {weight:.1}")
}

fn page(all: &[Measured], seconds: u32) -> Result<String> {
    let mut page = format!(
        "# How the services answer many at once\n\n\
         Repeat it with `cargo xtask bench services`. Each service answers for itself, without the front end before it, \
         with {POSTS} posts (Korean and English, twenty categories, two hundred tags) and {COMMENTS} comments. \
         {CLIENTS} clients ask without a pause, each as soon as it has its answer, for {seconds} seconds, after \
         {WARM_UP} seconds that do not count. They draw pages, posts and words as readers do, a few very often and \
         most hardly ever; *evenly* means that each comes as often as any other, which leaves nothing to a cache.\n\n\
         Measured on {}, which the clients ({}) and PostgreSQL share.\n\n\
         The aim for lists, posts and search is a p99 of at most 20 ms.\n",
        machine::describe("release build"),
        tools::output(Command::new("sh").args(["-c", "wrk -v | head -n 1 | cut -d' ' -f1-2"]))?,
    );
    for Measured { database, rows } in all {
        write!(page, "\n## {database}\n\n| question | answers/s | p50, ms | p99, ms | kB each |\n")?;
        page.push_str("| --- | ---: | ---: | ---: | ---: |\n");
        for (name, answered) in rows {
            writeln!(page, "| {name} | {} |", row(answered))?;
        }
    }
    Ok(page)
}
