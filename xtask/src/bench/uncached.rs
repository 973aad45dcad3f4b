//! Documents that nothing keeps: services asked, page composed, rendered in the sandbox, each time.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::server::Server;
use super::wrk::{self, Ask};
use super::{Figure, per_second};
use crate::progress;

/// One who is signed in, cookie and all: nothing of theirs is kept or shared, so that nobody's page is
/// another's.
const MEMBER: &str = "email=reader%40example.com&name=Reader&password=correct+horse+battery";

/// Measures a site whose page cache keeps nothing.
pub(super) fn figures(
    program: &Path,
    modules: &Path,
    data: &Path,
    slugs: &[String],
    seconds: u32,
) -> Result<Vec<Figure>> {
    let server = progress::step("starting maru without its page cache", || {
        Server::start_with(program, data, modules, &[("MARU_CACHE__PAGES_MEGABYTES", "0")])
    })?;
    let cookie = server.sign_up(MEMBER)?;
    let header = format!("Cookie: {cookie}");
    let script = data.join("paths.lua");
    // Each connection would ask for the same at the same time, and be answered together.
    let paths: Vec<String> = slugs.iter().map(|slug| format!("'/posts/{slug}'")).collect();
    let lua = format!(
        "local paths, n = {{ {} }}, 0\nrequest = function()\n    n = n % #paths + 1\n    return wrk.format('GET', paths[n])\nend\n",
        paths.join(", ")
    );
    fs::write(&script, lua).with_context(|| script.display().to_string())?;
    let base = format!("http://{}/", server.address());
    let asked = [
        ("home of somebody signed in", Ask { header: Some(&header), ..Ask::default() }, "≥ 700/s"),
        ("all posts in turn, for a guest", Ask { script: Some(&script), ..Ask::default() }, "≥ 1,500/s"),
        ("all posts in turn, for somebody signed in", Ask { header: Some(&header), script: Some(&script) }, ""),
    ];
    let mut figures = Vec::new();
    for (what, ask, target) in asked {
        let load = progress::step(&format!("loading {what}"), || wrk::load(&base, &ask, seconds))?;
        figures.push(Figure::new(format!("uncached: {what}"), per_second(&load), target));
    }
    Ok(figures)
}
