//! The steps, in the order in which they say most for the time they take.

use std::process::Command;

use anyhow::{Result, bail};

use super::machine;
use super::tally::{Tally, count};
use crate::build::{self, Half, Mode, Spec};
use crate::contract::{self, Form};
use crate::workspace::{Workspace, cargo};
use crate::{check, progress, run};

/// A step of `cargo xtask test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Step {
    /// What must be on the machine is installed where that is allowed, else named
    Deps,
    /// rustfmt
    Fmt,
    /// `cargo xtask check`
    Check,
    /// clippy on everything native, warnings denied
    Clippy,
    /// Unit and service tests; services on SQLite and on PostgreSQL
    Test,
    /// Both halves of every module, and their sizes against the budgets
    Modules,
    /// clippy on both halves of every module
    ModuleClippy,
    /// Unit tests of the front-end crates
    ModuleTest,
    /// Every service called by schemathesis as its OpenAPI document says, and as it does not
    Contract,
    /// Playwright in Chromium
    E2e,
}

impl Step {
    /// All of them.
    pub(super) const ALL: &[Self] = &[
        Self::Deps,
        Self::Fmt,
        Self::Check,
        Self::Clippy,
        Self::Test,
        Self::Modules,
        Self::ModuleClippy,
        Self::ModuleTest,
        Self::Contract,
        Self::E2e,
    ];

    /// As `--only` takes it.
    pub(super) fn name(self) -> String {
        clap::ValueEnum::to_possible_value(&self).map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Takes one step.
pub(super) fn take(step: Step, workspace: &Workspace) -> Result<Tally> {
    match step {
        Step::Deps => machine::prepare(workspace)?,
        Step::Fmt => progress::command("formatting", in_root(workspace).args(["fmt", "--all", "--check"]))?,
        Step::Check => check::run()?,
        Step::Clippy => {
            let mut command = in_root(workspace);
            command.args(["clippy", "--locked", "--all-targets", "--", "-D", "warnings"]);
            progress::command("clippy", &mut command)?;
        }
        Step::Test => return count(in_root(workspace).args(["test", "--locked", "--no-fail-fast"])),
        Step::Modules => return modules(workspace),
        Step::ModuleClippy => return module_clippy(workspace),
        Step::ModuleTest => return module_tests(workspace),
        Step::Contract => return count(&mut contract::command(workspace, Form::default())?),
        Step::E2e => return end_to_end(workspace),
    }
    Ok(Tally::PASSED)
}

fn in_root(workspace: &Workspace) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root);
    command
}

fn modules(workspace: &Workspace) -> Result<Tally> {
    build::run(&build::Args::default())?;
    let modules = u32::try_from(Spec::all(workspace)?.len())?;
    Ok(Tally { passed: modules, failed: 0 })
}

/// In the profile and environment of the build, whose procedural macros are compiled already.
fn module_clippy(workspace: &Workspace) -> Result<Tally> {
    let specs = Spec::all(workspace)?;
    let specs: Vec<&Spec> = specs.iter().collect();
    for half in [Half::Server, Half::Client] {
        let mut command = build::front_end(workspace, &specs, half, "clippy", Mode::chosen(false));
        command.args(["--package", "shared-ui", "--", "-D", "warnings"]);
        progress::command(&format!("clippy for {}", half.target()), &mut command)?;
    }
    Ok(Tally { passed: 2, failed: 0 })
}

/// On this machine, with the server half's features.
fn module_tests(workspace: &Workspace) -> Result<Tally> {
    let specs = Spec::all(workspace)?;
    let mut command = in_root(workspace);
    command.args(["test", "--locked", "--no-fail-fast", "--lib", "--package", "shared-ui"]);
    for spec in &specs {
        command.args(["--package", &spec.krate]);
    }
    let features = build::feature_flags(&specs.iter().collect::<Vec<_>>(), Half::Server);
    count(command.args(["--features", &features]))
}

fn end_to_end(workspace: &Workspace) -> Result<Tally> {
    let modules = build::modules(workspace, &build::Args::default())?;
    let program = run::maru(workspace, false)?;
    let folder = workspace.root.join("e2e");
    if !folder.join("node_modules").is_dir() {
        bail!("e2e/node_modules is missing; `cargo xtask test --only deps` installs it");
    }
    let mut command = Command::new("npx");
    command.current_dir(folder).args(["playwright", "test"]);
    command.env("MARU_BIN", program).env("MARU_MODULES", modules).env("MARU_TARGET", &workspace.target);
    count(&mut command)
}
