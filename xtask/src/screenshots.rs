//! `cargo xtask screenshots`: the pictures in `docs/`, taken from the demo content.

use std::process::Command;

use anyhow::Result;

use crate::build;
use crate::workspace::Workspace;
use crate::{progress, run};

/// Takes them with the browser of the end-to-end tests.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let modules = build::modules(&workspace, &build::Args::default())?;
    let program = run::maru(&workspace, false)?;
    let mut command = Command::new("npx");
    command.current_dir(workspace.root.join("e2e")).args(["playwright", "test", "--config", "screenshots.config.ts"]);
    command.env("MARU_BIN", program).env("MARU_MODULES", modules).env("MARU_TARGET", &workspace.target);
    progress::command("taking screenshots", &mut command)
}
