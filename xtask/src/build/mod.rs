//! `cargo xtask build`: the modules, both halves of each, as bundles ready to publish.

mod bundle;
mod cargo;
mod glue;
mod report;
mod spec;
mod stamp;
mod style;

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{progress, tools};

pub(crate) use bundle::Manifest;
pub(crate) use cargo::{Half, Mode, feature_flags, front_end};
pub(crate) use report::{Sizes, kilobytes, sizes};
pub(crate) use spec::Spec;
pub(crate) use stamp::of_folders;

/// What to build, and how.
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Only these modules, by name (`blog`); may be repeated
    #[arg(long = "only", value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Quick to build, large, and panics say what happened
    #[arg(long)]
    pub(crate) debug_modules: bool,
}

/// Builds, prints the sizes and compares them with the budgets.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::load()?;
    modules(&workspace, args)?;
    let mode = Mode::chosen(args.debug_modules);
    let sizes = progress::step("compressing", || sizes(&workspace, mode, &args.only))?;
    report::print(&sizes);
    match report::over_budget(&sizes).as_slice() {
        [] => Ok(()),
        _ if mode != Mode::Small => Ok(()),
        over => bail!("over budget: {}", over.join(", ")),
    }
}

/// Brings the bundles up to date and answers the folder that holds them.
pub(crate) fn modules(workspace: &Workspace, args: &Args) -> Result<PathBuf> {
    let mode = Mode::chosen(args.debug_modules);
    let out = mode.bundles(workspace);
    let all = Spec::all(workspace)?;
    if let Some(unknown) = args.only.iter().find(|name| all.iter().all(|spec| spec.name != **name)) {
        let known: Vec<&str> = all.iter().map(|spec| spec.name.as_str()).collect();
        bail!("there is no module `{unknown}`; there are {}", known.join(", "));
    }
    let mut stale = Vec::new();
    for spec in all.iter().filter(|spec| args.only.is_empty() || args.only.contains(&spec.name)) {
        let stamp = stamp::of_module(workspace, spec, mode)?;
        if !stamp.matches(&out.join(&spec.name)) {
            stale.push((spec, stamp));
        }
    }
    if stale.is_empty() {
        return Ok(out);
    }
    tools::ensure_targets(&[Half::Server.target(), Half::Client.target()])?;
    let specs: Vec<&Spec> = stale.iter().map(|(spec, _)| *spec).collect();
    let mode = mode.with_available_parts();
    cargo::build(workspace, &specs, Half::Client, mode)?;
    cargo::build(workspace, &specs, Half::Server, mode)?;
    for (spec, stamp) in stale {
        progress::step(&format!("bundling {}", spec.name), || bundle::write(workspace, spec, mode, &out))?;
        stamp.write(&out.join(&spec.name))?;
    }
    Ok(out)
}
