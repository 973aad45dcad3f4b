//! `cargo xtask dev`: what you change is built again and the open page takes it.
//!
//! It does not ask which file changed: the stamps of the modules and of the program know what is out
//! of date.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{RecursiveMode, Watcher};

use crate::build::{self, Manifest};
use crate::run;
use crate::workspace::Workspace;

/// What `maru serve` is told beside.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// More for `maru serve`: `cargo xtask dev -- --listen 127.0.0.1:9000`
    #[arg(last = true)]
    serve: Vec<String>,
}

/// Development keeps its data apart from that of `cargo xtask run`.
const DATA: &str = ".data";

/// Serves until it is interrupted.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    let running = Running::default();
    running.end_with_us()?;
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // The receiver is gone only when the program ends.
            let _ = sender.send(());
        }
    })?;
    for folder in watched(&workspace) {
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {}", folder.display()))?;
    }
    let mut session = Session::start(workspace, args.serve.clone(), running.clone())?;
    loop {
        if let Err(error) = settle(&changes) {
            running.stop()?;
            return Err(error);
        }
        if let Err(error) = session.refresh() {
            eprintln!("error: {error:#}\n   waiting for the next change");
        }
    }
}

/// The crates' own folders and the shared styles: not the target folder, not the data.
fn watched(workspace: &Workspace) -> Vec<&Path> {
    let style = workspace.styles.as_path();
    let crates = workspace.crates.values().filter(|krate| krate.name != "xtask").map(|krate| krate.dir.as_path());
    crates.chain([style]).filter(|folder| folder.is_dir()).collect()
}

/// Waits for a change and then until nothing changes for a moment: editors write in several steps.
fn settle(changes: &Receiver<()>) -> Result<()> {
    changes.recv().context("watching the files has ended")?;
    while changes.recv_timeout(Duration::from_millis(80)).is_ok() {}
    Ok(())
}

struct Session {
    workspace: Workspace,
    serve: Vec<String>,
    running: Running,
    /// The program that runs.
    identity: String,
    /// Versions that the server has, by module.
    live: BTreeMap<String, String>,
}

impl Session {
    fn start(workspace: Workspace, serve: Vec<String>, running: Running) -> Result<Self> {
        let modules = build::modules(&workspace, &debug())?;
        let program = run::maru(&workspace, false)?;
        let identity = self::serve(&running, &workspace, &program, &modules, &serve)?;
        let live = versions(&modules)?;
        Ok(Self { workspace, serve, running, identity, live })
    }

    /// Brings everything up to date with the files.
    fn refresh(&mut self) -> Result<()> {
        self.workspace = Workspace::load()?;
        let modules = build::modules(&self.workspace, &debug())?;
        let program = run::maru(&self.workspace, false)?;
        let built = versions(&modules)?;
        if run::describe(&program) == self.identity {
            for (name, _) in built.iter().filter(|(name, version)| self.live.get(*name) != Some(*version)) {
                publish(&self.workspace, &program, &modules.join(name))?;
            }
        } else {
            self.identity = serve(&self.running, &self.workspace, &program, &modules, &self.serve)?;
        }
        self.live = built;
        Ok(())
    }
}

fn debug() -> build::Args {
    build::Args { debug_modules: true, only: Vec::new() }
}

fn publish(workspace: &Workspace, program: &Path, bundle: &Path) -> Result<()> {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).arg("publish").arg(bundle).args(["--data", DATA]);
    crate::progress::command("publishing", &mut command)
}

/// Versions of the bundles in `folder`, by module.
fn versions(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut versions = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let manifest = entry?.path().join("module.json");
        if manifest.is_file() {
            let manifest: Manifest = serde_json::from_slice(&fs::read(&manifest)?)?;
            versions.insert(manifest.name, manifest.version);
        }
    }
    Ok(versions)
}

/// The process of `maru serve`, for whoever has to end it.
#[derive(Clone, Default)]
struct Running(Arc<Mutex<Option<Child>>>);

impl Running {
    fn stop(&self) -> Result<()> {
        if let Some(mut child) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Ends it when somebody ends us: Ctrl-C, SIGTERM, a closed terminal.
    fn end_with_us(&self) -> Result<()> {
        let running = self.clone();
        ctrlc::set_handler(move || {
            // It may have ended by itself.
            let _ = running.stop();
            std::process::exit(130);
        })
        .context("cannot listen for signals")
    }
}

/// Starts `maru serve` in the place of the one that runs, and says which program that is.
fn serve(running: &Running, workspace: &Workspace, program: &Path, modules: &Path, more: &[String]) -> Result<String> {
    running.stop()?;
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).args(["serve", "--data", DATA, "--modules"]).arg(modules).args(more);
    let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
    *running.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
    Ok(run::describe(program))
}
