//! `cargo xtask bench bff`: the gateway and the page cache beside nginx, in one run on one machine.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::nginx::{self, Nginx};
use super::server::Server;
use super::wrk::{self, Ask, CONNECTIONS, Load};
use crate::build;
use crate::machine;
use crate::packages;
use crate::workspace::Workspace;
use crate::{progress, run, tools};

/// Another query each time, so that nobody can answer two requests with one.
const VARY: &str = "local n = 0
request = function()
    n = n + 1
    return wrk.format('GET', '/api/posts?page=' .. n)
end
";
/// How often both gateways are loaded, in turns: who gets a core when is chance, and one run may have bad luck.
const ROUNDS: usize = 5;
/// Milliseconds that a connection waits before each request, when nobody is to be at their limit.
const PAUSE: u32 = 2;

/// The same asked of Maru and of nginx.
struct Pair {
    what: String,
    maru: Load,
    nginx: Load,
    /// Least requests per second of nginx's that Maru is to reach.
    target: f64,
}

/// Measures, and writes `docs/evidence/bff.md`.
pub(super) fn run(workspace: &Workspace, corpus: Option<&Path>, seconds: u32) -> Result<()> {
    packages::install(wrk::NEEDS)?;
    let modules = build::modules(workspace, &build::Args::default())?;
    let program = run::maru(workspace, true)?;
    let place = workspace.target.join("maru/bench-bff");
    fs::create_dir_all(&place)?;
    let nginx_program = nginx::program(&workspace.target.join("maru/nginx"))?;
    let answer = serde_json::json!({ "items": vec![serde_json::json!({ "title": "What is a maru?" }); 40] });
    let nginx = Nginx::start(&nginx_program, &place, &answer.to_string())?;
    let Gateways { nginx: before, maru, paced } = gateway(&program, &place, &nginx, seconds)?;
    let mut pairs = vec![Pair {
        what: "gateway: an answer of 1.2 kB passed on".to_owned(),
        nginx: Load::median(&before),
        maru: Load::median(&maru),
        target: 0.6,
    }];
    pairs.extend(pages(&program, &place, &modules, corpus, &nginx, seconds)?);
    let page = page(&pairs, [&before, &maru], &paced, seconds)?;
    print!("{page}");
    let folder = workspace.root.join("docs/evidence");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("bff.md"), page)?;
    Ok(())
}

/// What came of loading both gateways.
struct Gateways {
    /// Of each round.
    nginx: Vec<Load>,
    maru: Vec<Load>,
    paced: Paced,
}

/// What a gateway adds to a service that is asked now and then.
struct Paced {
    service: Load,
    nginx: Load,
    maru: Load,
}

/// The gateway alone, before the service that nginx's proxy stands before as well.
fn gateway(program: &Path, place: &Path, nginx: &Nginx, seconds: u32) -> Result<Gateways> {
    let (vary, pausing) = (place.join("vary.lua"), place.join("pausing.lua"));
    fs::write(&vary, VARY)?;
    fs::write(&pausing, format!("{VARY}delay = function() return {PAUSE} end\n"))?;
    let mut command = Command::new(program);
    command.arg("bench-gateway").arg("--upstream").arg(format!("http://{}", nginx.service));
    let server = Server::run(&mut command)?;
    let ask = |address, script: &Path| {
        let url = format!("http://{address}/api/posts");
        wrk::load(&url, &Ask { script: Some(script), ..Ask::default() }, seconds)
    };
    progress::step("loading both gateways", || {
        let (mut before, mut maru) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            before.push(ask(nginx.proxy, &vary)?);
            maru.push(ask(server.address(), &vary)?);
        }
        let paced = Paced {
            service: ask(nginx.service, &pausing)?,
            nginx: ask(nginx.proxy, &pausing)?,
            maru: ask(server.address(), &pausing)?,
        };
        Ok(Gateways { nginx: before, maru, paced })
    })
}

/// Pages from the cache, and the same bytes from nginx's disk.
fn pages(
    program: &Path,
    place: &Path,
    modules: &Path,
    corpus: Option<&Path>,
    nginx: &Nginx,
    seconds: u32,
) -> Result<Vec<Pair>> {
    let data = place.join("data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let server = progress::step("starting maru", || Server::start(program, &data, modules))?;
    if let Some(corpus) = corpus {
        let mut import = Command::new(program);
        import.args(["import", "markdown"]).arg(corpus).arg("--data").arg(&data);
        progress::command("importing", &mut import)?;
    }
    let first = server.json("/api/posts?size=1")?;
    let slug = first.pointer("/items/0/slug").and_then(Value::as_str).context("there are no posts")?;
    let mut pairs = Vec::new();
    for (what, path) in [("home", "/".to_owned()), ("a post", format!("/posts/{}", super::server::encode(slug)))] {
        let name = format!("{}.html", what.replace(' ', "-"));
        let file = place.join("files").join(&name);
        fs::write(&file, server.get(&path)?)?;
        tools::output(Command::new("gzip").args(["--keep", "--force", "-6"]).arg(&file))?;
        for encoding in [None, Some("gzip")] {
            pairs.push(cached(&server, nginx, what, &path, &name, encoding, seconds)?);
        }
    }
    Ok(pairs)
}

fn cached(
    server: &Server,
    nginx: &Nginx,
    what: &str,
    path: &str,
    file: &str,
    encoding: Option<&str>,
    seconds: u32,
) -> Result<Pair> {
    let header = encoding.map(|encoding| format!("Accept-Encoding: {encoding}"));
    let ask = |url: &str| wrk::load(url, &Ask { header: header.as_deref(), ..Ask::default() }, seconds);
    let what = format!("cached page: {what}{}", encoding.map(|one| format!(", {one}")).unwrap_or_default());
    progress::step(&format!("loading {what}"), || {
        Ok(Pair {
            nginx: ask(&format!("http://{}/{file}", nginx.files))?,
            maru: ask(&format!("http://{}{path}", server.address()))?,
            target: 0.5,
            what: what.clone(),
        })
    })
}

fn page(pairs: &[Pair], rounds: [&[Load]; 2], paced: &Paced, seconds: u32) -> Result<String> {
    let mut page = format!(
        "# The gateway and the page cache beside nginx\n\n\
         Repeat it with `cargo xtask bench bff`. {CONNECTIONS} connections that ask again as soon as they are answered, for \
         {seconds} seconds each, one after the other in one run on {}. The load, nginx or Maru, and the service behind \
         them share the cores.\n\n\
         The gateway: `GET /api/posts?page=<n>`, each time another, before a service that answers from memory (an nginx of its own); Maru's gateway, \
         which such a request of a guest takes a short way through, limits off, beside nginx as a reverse proxy with kept connections; {ROUNDS} rounds in turns, of which the medians stand here. Cached pages: Maru's answer for a guest \
         beside nginx serving the same bytes from disk (`sendfile`, open files remembered, `gzip_static`).\n\n\
         | | nginx/s | Maru/s | ratio | target | nginx p99, ms | Maru p99, ms | ratio |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        machine::describe("release build")
    );
    for Pair { what, maru, nginx, target } in pairs {
        let (rate, late) = (maru.per_second / nginx.per_second, maru.p99_ms / nginx.p99_ms);
        writeln!(
            page,
            "| {what} | {:.0} | {:.0} | {rate:.2} | ≥ {target} | {:.2} | {:.2} | {late:.2} |",
            nginx.per_second, maru.per_second, nginx.p99_ms, maru.p99_ms
        )?;
    }
    let least = pairs.iter().skip(1).map(|pair| pair.maru.per_second).fold(f64::INFINITY, f64::min);
    writeln!(page, "\nPages per second from the cache, the slowest of them: {least:.0} (target: ≥ 15,000).")?;
    let median = pairs.iter().map(|pair| format!("{:.2}", pair.maru.p50_ms)).collect::<Vec<_>>().join(", ");
    writeln!(page, "\nMedian latency of Maru, in the order above, ms: {median}.")?;
    let [nginx, maru] =
        rounds.map(|loads| loads.iter().map(|load| format!("{:.2}", load.p99_ms)).collect::<Vec<_>>().join(", "));
    writeln!(page, "\nThe gateways' p99 of each round, ms: nginx {nginx}; Maru {maru}.")?;
    writeln!(
        page,
        "\nWhat a gateway adds while nobody is at a limit: the same {CONNECTIONS} connections pause {PAUSE} ms before each request.\n\n\
         | | answers/s | p50, ms | p99, ms |\n| --- | ---: | ---: | ---: |"
    )?;
    for (what, load) in
        [("the service", paced.service), ("nginx before it", paced.nginx), ("Maru before it", paced.maru)]
    {
        writeln!(page, "| {what} | {:.0} | {:.2} | {:.2} |", load.per_second, load.p50_ms, load.p99_ms)?;
    }
    writeln!(page, "\nMaru's p99 is {:.2} times nginx's (target: ≤ 2).", paced.maru.p99_ms / paced.nginx.p99_ms)?;
    Ok(page)
}
