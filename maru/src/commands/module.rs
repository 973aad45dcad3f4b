//! `maru module list | release | rollback`

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use kit::Secret;
use serde_json::Map;
use url::Url;

use super::{Common, tell};
use crate::operator::{ModuleVersion, Operator, Outcome};

/// How to reach the running Maru.
#[derive(Debug, Args)]
pub(super) struct Reach {
    #[command(flatten)]
    common: Common,
    /// Address of its operator listener, when it is not on this machine
    #[arg(long, value_name = "URL", env = "MARU_OPERATOR_URL", requires = "token_file")]
    operator_url: Option<Url>,
    /// File with its operator token
    #[arg(long, value_name = "FILE", env = "MARU_OPERATOR_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

impl Reach {
    pub(super) fn operator(&self) -> Result<Operator> {
        let config = self.common.configure(Map::new(), true)?;
        let (Some(url), Some(file)) = (&self.operator_url, &self.token_file) else {
            return Operator::of_data(&config.data);
        };
        let token = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        Operator::at(url.clone(), Secret::new(token.trim()))
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Show every version, and which are live
    List {
        #[command(flatten)]
        reach: Reach,
    },
    /// Make a published version live
    Release {
        /// Module
        name: String,
        /// Version
        version: String,
        #[command(flatten)]
        reach: Reach,
    },
    /// Go back to the version that was live before
    Rollback {
        /// Module
        name: String,
        /// Go back to this version instead
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        #[command(flatten)]
        reach: Reach,
    },
}

pub(super) async fn run(action: Action) -> Result<()> {
    match action {
        Action::List { reach } => {
            for line in table(&reach.operator()?.modules().await?) {
                tell(&line);
            }
        }
        Action::Release { name, version, reach } => {
            let (operator, start) = (reach.operator()?, Instant::now());
            report(&operator.release(&name, &version).await?, start);
        }
        Action::Rollback { name, to, reach } => {
            let (operator, start) = (reach.operator()?, Instant::now());
            let outcome = match to {
                Some(version) => operator.release(&name, &version).await?,
                None => operator.rollback(&name).await?,
            };
            report(&outcome, start);
        }
    }
    Ok(())
}

/// Says what is live now and how long it took.
pub(super) fn report(outcome: &Outcome, start: Instant) {
    let Outcome { name, version, changed } = outcome;
    let elapsed = start.elapsed().as_millis();
    tell(&if *changed {
        format!("{name} {version} is live ({elapsed} ms)")
    } else {
        format!("{name} {version} was live already; nothing changed")
    });
}

fn table(modules: &[ModuleVersion]) -> Vec<String> {
    let width = |text: fn(&ModuleVersion) -> &str, least: usize| {
        modules.iter().map(|module| text(module).len()).fold(least, usize::max)
    };
    let (name, version) = (width(|module| &module.name, 6), width(|module| &module.version, 7));
    let head = format!(
        "{:name$}  {:version$}  {:4}  {:20}  {:>9}  {:>8}",
        "module", "version", "live", "published", "rendered", "failed"
    );
    let rows = modules.iter().map(|module| {
        let live = if module.live { "yes" } else { "" };
        format!(
            "{:name$}  {:version$}  {live:4}  {:20}  {:>9}  {:>8}",
            module.name,
            module.version,
            module.published_at.get(..19).unwrap_or(&module.published_at),
            module.renders,
            module.failures
        )
    });
    std::iter::once(head).chain(rows).collect()
}
