//! `cargo xtask run`: from a clone to a served page, with nothing built twice.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{self, of_folders};
use crate::progress;
use crate::workspace::{Workspace, cargo};

/// How to build, and what `maru serve` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The optimised program: slower to build, faster to serve
    #[arg(long)]
    release: bool,
    /// More for `maru serve`: `cargo xtask run -- --listen 127.0.0.1:9000`
    #[arg(last = true)]
    serve: Vec<String>,
}

/// Builds what is not up to date and serves it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    let modules = build::modules(&workspace, &build::Args::default())?;
    let mut command = Command::new(maru(&workspace, args.release)?);
    command.current_dir(&workspace.root).arg("serve").arg("--modules").arg(modules).args(&args.serve);
    replace_with(&mut command)
}

/// The `maru` program, built when it is not up to date.
pub(crate) fn maru(workspace: &Workspace, release: bool) -> Result<PathBuf> {
    let profile = if release { "release" } else { "debug" };
    let program = workspace.target.join(profile).join(format!("maru{}", std::env::consts::EXE_SUFFIX));
    let folders = workspace.sources("maru")?;
    let inputs = |program: &PathBuf| of_folders(workspace, &folders, &describe(program));
    if inputs(&program)?.matches(&program) {
        return Ok(program);
    }
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root).args(["build", "--locked", "--package", "maru"]);
    if release {
        command.arg("--release");
    }
    progress::command("compiling maru", &mut command)?;
    inputs(&program)?.write(&program)?;
    Ok(program)
}

/// Length and time of the program itself, so that one built from other sources is not taken for it.
pub(crate) fn describe(program: &Path) -> String {
    let about = std::fs::metadata(program).and_then(|about| Ok((about.len(), about.modified()?)));
    format!("{about:?}")
}

/// Becomes the other program, so that signals and its exit code are its own.
#[cfg(unix)]
fn replace_with(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))
}

#[cfg(not(unix))]
fn replace_with(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    std::process::exit(status.code().unwrap_or(1));
}
