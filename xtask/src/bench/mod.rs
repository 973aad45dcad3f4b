//! `cargo xtask bench`: what the design promises, measured on this machine, target beside result.

mod bff;
mod cluster;
mod nginx;
mod server;
mod services;
mod uncached;
mod wrk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build::{self, Mode, Sizes};
use crate::packages;
use crate::workspace::Workspace;
use crate::{progress, run, tools};
use server::{Server, encode};
use wrk::{Ask, Load};

/// What to measure, and with what.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_enum, default_value = "site")]
    what: What,
    /// A folder of Markdown posts to import first; without it the demo posts are served
    #[arg(long, value_name = "DIR", env = "MARU_CORPUS")]
    corpus: Option<PathBuf>,
    /// Seconds of load per page or question
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Sizes, memory, and pages as browsers get them
    Site,
    /// The services behind it, full and under load, on both databases; writes `docs/evidence/services.md`
    Services,
    /// The gateway and the page cache beside nginx; writes `docs/evidence/bff.md`
    Bff,
}

/// One measured figure.
struct Figure {
    what: String,
    measured: String,
    target: String,
}

impl Figure {
    fn new(what: impl Into<String>, measured: impl Into<String>, target: impl Into<String>) -> Self {
        Self { what: what.into(), measured: measured.into(), target: target.into() }
    }
}

/// A rate and how late the slowest were.
fn per_second(load: &Load) -> String {
    format!("{:.0}/s, p99 {:.1} ms", load.per_second, load.p99_ms)
}

/// How many pages are looked at before memory is read.
const VIEWS: usize = 1_000;

/// Measures and prints a table.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    match args.what {
        What::Site => packages::install(wrk::NEEDS)?,
        What::Services => return services::run(&workspace, args.seconds),
        What::Bff => return bff::run(&workspace, args.corpus.as_deref(), args.seconds),
    }
    let modules = build::modules(&workspace, &build::Args::default())?;
    let program = run::maru(&workspace, true)?;
    let sizes = progress::step("compressing", || build::sizes(&workspace, Mode::chosen(false), &[]))?;
    let mut figures: Vec<Figure> = sizes.iter().map(size).collect();
    figures.extend(serving(&workspace, &program, &modules, args)?);
    println!("{:<62} {:>22}   target", "figure", "measured");
    for Figure { what, measured, target } in &figures {
        println!("{what:<62} {measured:>22}   {target}");
    }
    Ok(())
}

fn size(sizes: &Sizes) -> Figure {
    let target = sizes.budget.map(|budget| format!("≤ {}", build::kilobytes(budget))).unwrap_or_default();
    Figure::new(format!("{}: browser half, brotli 11", sizes.name), build::kilobytes(sizes.client()), target)
}

/// Renders a post in the sandbox alone.
fn sandbox(program: &Path, modules: &Path) -> Result<Vec<Figure>> {
    let mut command = Command::new(program);
    command.arg("bench-render").arg("--json").arg("--modules").arg(modules);
    let said = progress::step("rendering in the sandbox", || tools::output(&mut command))?;
    let said: Value = serde_json::from_str(&said).context("`maru bench-render --json` did not answer JSON")?;
    let figure = |name: &str| said.get(name).and_then(Value::as_f64).with_context(|| format!("no `{name}` in {said}"));
    Ok(vec![
        Figure::new("sandbox: instantiation", format!("{:.1} µs", figure("instantiate_us")?), "≤ 50 µs"),
        Figure::new("sandbox: a post page, one core", format!("{:.0}/s", figure("renders_per_second")?), "≥ 3,000/s"),
    ])
}

fn serving(workspace: &Workspace, program: &Path, modules: &Path, args: &Args) -> Result<Vec<Figure>> {
    let data = workspace.target.join("maru/bench-data");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot remove {}", data.display()))?;
    }
    let server = progress::step("starting maru", || Server::start(program, &data, modules))?;
    if let Some(corpus) = &args.corpus {
        let mut import = Command::new(program);
        import.args(["import", "markdown"]).arg(corpus).arg("--data").arg(&data);
        progress::command("importing", &mut import)?;
    }
    let slugs = progress::step("listing posts", || slugs(&server))?;
    let Some(first) = slugs.first() else { bail!("there are no posts to serve") };
    let weight = progress::step("weighing documents", || document_ratio(&server, &slugs))?;
    progress::step(&format!("looking at {VIEWS} pages"), || look_around(&server, &slugs))?;
    let memory = server.resident()?;
    let mut figures = vec![
        Figure::new(
            "documents with their data / their articles, together",
            format!("{:.2}", weight.together),
            "≤ 2.20",
        ),
        Figure::new("the same for the median post", format!("{:.2}", weight.median), ""),
        Figure::new(
            format!("resident after {} posts and {VIEWS} views", slugs.len()),
            format!("{} MB", memory / 1_000_000),
            "≤ 250 MB",
        ),
    ];
    figures.extend(sandbox(program, modules)?);
    for (what, path) in [("home", "/".to_owned()), ("a post", format!("/posts/{first}"))] {
        let load = wrk::load(&format!("http://{}{path}", server.address()), &Ask::default(), args.seconds)?;
        figures.push(Figure::new(format!("from the page cache: {what}"), per_second(&load), "≥ 15,000/s"));
    }
    drop(server);
    figures.extend(uncached::figures(program, modules, &data, &slugs, args.seconds)?);
    Ok(figures)
}

/// All posts, as they stand in a URL.
fn slugs(server: &Server) -> Result<Vec<String>> {
    let mut slugs = Vec::new();
    for page in 1.. {
        let answer = server.json(&format!("/api/posts?size=100&page={page}"))?;
        let items = answer.get("items").and_then(Value::as_array).context("/api/posts: no items")?;
        slugs.extend(items.iter().filter_map(|item| Some(encode(item.get("slug")?.as_str()?))));
        if items.len() < 100 {
            break;
        }
    }
    Ok(slugs)
}

/// How much bigger documents are than the articles in them.
struct Weight {
    /// All of them together.
    together: f64,
    /// The one in the middle: what a short article's head, header and integrity digests come to.
    median: f64,
}

fn document_ratio(server: &Server, slugs: &[String]) -> Result<Weight> {
    let mut ratios = Vec::new();
    let (mut documents, mut articles) = (0, 0);
    for slug in slugs.iter().step_by((slugs.len() / 100).max(1)) {
        let page = server.json(&format!("/bff/pages/post/{slug}"))?;
        let article = page.get("html").and_then(Value::as_str).map_or(0, str::len);
        let document = server.get(&format!("/posts/{slug}"))?.len();
        if article > 0 {
            ratios.push(document as f64 / article as f64);
            documents += document;
            articles += article;
        }
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len() / 2).copied().context("no post has a text")?;
    Ok(Weight { together: documents as f64 / articles as f64, median })
}

fn look_around(server: &Server, slugs: &[String]) -> Result<()> {
    for (index, slug) in slugs.iter().cycle().take(VIEWS).enumerate() {
        match index % 10 {
            0 => server.get("/")?,
            1 => server.get(&format!("/posts?page={}", index % 30 + 1))?,
            _ => server.get(&format!("/posts/{slug}"))?,
        };
    }
    Ok(())
}
