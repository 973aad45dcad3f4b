//! `maru bench-render BUNDLE`: how fast a module renders in the sandbox, on this machine.

use std::{collections::HashMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use backend_bff::sandbox::bench_render;
use clap::Args;

use super::tell;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Bundle: a folder with `server.wasm`
    bundle: PathBuf,
    /// JSON file of the request (`contracts::module::RenderRequest`)
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// JSON file of the answers to what the page reads, by path
    #[arg(long, value_name = "FILE")]
    answers: PathBuf,
    /// How often it is rendered
    #[arg(long, default_value_t = 2000)]
    rounds: u32,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let read = |path: &PathBuf| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let component = read(&arguments.bundle.join("server.wasm"))?;
    let request = String::from_utf8(read(&arguments.request)?).context("the request is not text")?;
    let answers: HashMap<String, serde_json::Value> = serde_json::from_slice(&read(&arguments.answers)?)
        .context("the answers are not an object of path and answer")?;
    let answers = answers.into_iter().map(|(path, answer)| (path, answer.to_string())).collect();
    let figures = bench_render(&component, &request, answers, arguments.rounds).await?;
    tell(&format!(
        "instantiate {:.1} µs, render {:.0}/s, {} bytes of HTML",
        figures.instantiate.as_secs_f64() * 1e6,
        figures.renders_per_second,
        figures.html_bytes
    ));
    Ok(())
}
