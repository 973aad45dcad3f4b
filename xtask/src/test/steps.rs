//! The steps, in the order in which they say most for the time they take.

use std::path::{Path, PathBuf};
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

/// Takes one step of those `chosen`.
pub(super) fn take(step: Step, chosen: &[Step], workspace: &Workspace) -> Result<Tally> {
    match step {
        Step::Deps => machine::prepare(workspace)?,
        Step::Fmt => progress::command("formatting", in_root(workspace).args(["fmt", "--all", "--check"]))?,
        Step::Check => check::run()?,
        Step::Clippy => {
            for packages in native(workspace) {
                let mut command = in_root(workspace);
                command.args(["clippy", "--locked", "--all-targets"]).args(packages).args(["--", "-D", "warnings"]);
                progress::command("clippy", &mut command)?;
            }
        }
        Step::Test => return native_tests(workspace),
        Step::Modules => return modules(workspace),
        Step::ModuleClippy => return module_clippy(workspace),
        Step::ModuleTest => return module_tests(workspace),
        Step::Contract => {
            let services = if chosen.contains(&Step::Test) {
                tested(workspace, "examples/services")?
            } else {
                contract::services(workspace)?
            };
            return count(&mut contract::command(workspace, &services, Form::default())?);
        }
        Step::E2e => {
            let program =
                if chosen.contains(&Step::Test) { tested(workspace, "maru")? } else { run::maru(workspace, false)? };
            return end_to_end(workspace, &program);
        }
    }
    Ok(Tally::PASSED)
}

fn in_root(workspace: &Workspace) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root);
    command
}

/// `--package` flags of everything native, xtask apart: it was compiled by itself to get here, and together
/// with the others its libraries would get other features and be compiled again.
fn native(workspace: &Workspace) -> [Vec<String>; 2] {
    let ours = workspace.native.iter().filter(|name| *name != XTASK);
    let flags = |names: Vec<String>| names.into_iter().flat_map(|name| ["--package".to_owned(), name]).collect();
    [flags(ours.cloned().collect()), flags(vec![XTASK.to_owned()])]
}

/// Our own crate.
const XTASK: &str = "xtask";

fn native_tests(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    for packages in native(workspace) {
        tally = tally.plus(count(in_root(workspace).args(["test", "--locked", "--no-fail-fast"]).args(packages))?);
    }
    Ok(tally)
}

/// The integration tests with this name, built with the features that [`Step::Test`] builds them with.
pub(crate) fn integration(workspace: &Workspace, name: &str) -> Command {
    let [ours, _] = native(workspace);
    let mut command = in_root(workspace);
    command.args(["test", "--locked", "--test", name]).args(ours).arg("--");
    command
}

/// A program as it was built beside the tests, with the features that they need: a build of its own would
/// compile most of it anew.
fn tested(workspace: &Workspace, program: &str) -> Result<PathBuf> {
    let [ours, _] = native(workspace);
    let mut command = in_root(workspace);
    command.args(["test", "--locked", "--no-run"]).args(ours);
    progress::command("seeing to what was tested", &mut command)?;
    Ok(workspace.target.join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
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

fn end_to_end(workspace: &Workspace, program: &Path) -> Result<Tally> {
    let modules = build::modules(workspace, &build::Args::default())?;
    let folder = workspace.root.join("e2e");
    if !folder.join("node_modules").is_dir() {
        bail!("e2e/node_modules is missing; `cargo xtask test --only deps` installs it");
    }
    let mut command = Command::new("npx");
    command.current_dir(folder).args(["playwright", "test"]);
    command.env("MARU_BIN", program).env("MARU_MODULES", modules).env("MARU_TARGET", &workspace.target);
    count(&mut command)
}
