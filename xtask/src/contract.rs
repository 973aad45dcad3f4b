//! The contract test: schemathesis calls every service as its OpenAPI document says and as it does not.
//! What is called, as whom and about what stands in `services/contract/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::progress;
use crate::workspace::{Workspace, cargo};

/// How much is called, and on what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Form {
    /// Many examples of each operation rather than a few.
    pub(crate) long: bool,
    /// On PostgreSQL rather than SQLite.
    pub(crate) postgres: bool,
}

/// The services that are called, as one program.
pub(crate) fn services(workspace: &Workspace) -> Result<PathBuf> {
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root).args(["build", "--locked", "--package", "maru", "--example", "services"]);
    progress::command("compiling the services to call", &mut build)?;
    Ok(workspace.target.join(format!("debug/examples/services{}", std::env::consts::EXE_SUFFIX)))
}

/// The command that runs it on these [`services`]: prints how much passed and failed, and leaves `report.json` in
/// [`folder`].
pub(crate) fn command(workspace: &Workspace, services: &Path, form: Form) -> Result<Command> {
    let python = environment(workspace)?;
    let mut command = Command::new(python);
    command.arg("-B").arg(workspace.root.join("services/contract/run.py"));
    command.arg("--program").arg(services).arg("--work").arg(folder(workspace, form));
    command.args(form.long.then_some("--long")).args(form.postgres.then_some("--postgres"));
    Ok(command)
}

/// What the runs leave: their reports, and what the services logged.
pub(crate) fn folder(workspace: &Workspace, form: Form) -> PathBuf {
    let database = if form.postgres { "postgres" } else { "sqlite" };
    workspace.target.join("maru/contract").join(database)
}

/// A Python with schemathesis as `requirements.txt` pins it; made when it is missing or another.
pub(crate) fn environment(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("services/contract/requirements.txt");
    let environment = workspace.target.join("maru/contract/python");
    let (python, installed) = (environment.join("bin/python"), environment.join("installed.txt"));
    let wanted = fs::read(&requirements)?;
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let mut make = Command::new("python3");
    progress::command("making a Python environment", make.args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut install = Command::new(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
    ]);
    progress::command("installing schemathesis", install.arg(&requirements))?;
    fs::write(installed, wanted)?;
    Ok(python)
}
