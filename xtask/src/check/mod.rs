//! `cargo xtask check`: what must stay true of the repository and no compiler checks.

mod graph;
mod words;

use anyhow::{Result, bail};

use crate::build::Spec;
use crate::workspace::Workspace;

/// Checks everything and lists every violation, not only the first.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let mut violations = graph::violations(&workspace);
    violations.extend(words::violations(&workspace)?);
    violations.extend(without_budget(&Spec::all(&workspace)?));
    if violations.is_empty() {
        println!("crate graph, words and budgets are as agreed");
        return Ok(());
    }
    for violation in &violations {
        println!("{violation}");
    }
    bail!("{} violation{}", violations.len(), if violations.len() == 1 { "" } else { "s" });
}

/// Every module says how large it may become; whether it keeps to that is seen when it is built.
fn without_budget(specs: &[Spec]) -> Vec<String> {
    let unbounded = specs.iter().filter(|spec| spec.file.budgets.client.is_none());
    unbounded.map(|spec| format!("{}/module.toml: no [budgets] client", spec.krate)).collect()
}
