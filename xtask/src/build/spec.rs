//! `module.toml`: what a front-end crate says about the module that it is.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::workspace::Workspace;

/// A module of the workspace.
pub(crate) struct Spec {
    /// Name: `blog`.
    pub(crate) name: String,
    /// Name of its crate: `mfe-blog`.
    pub(crate) krate: String,
    /// Folder of its crate.
    pub(crate) dir: PathBuf,
    /// Version of its crate, before the content is known.
    pub(crate) version: String,
    /// What `module.toml` says.
    pub(crate) file: File,
}

/// `module.toml`. Routes and navigation are handed on as they are: the registry checks them against
/// the contract when the bundle is published.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    name: String,
    /// `shell` or `area`.
    pub(crate) kind: String,
    /// Contract version: `1.0`.
    pub(crate) contract: String,
    /// Route claims.
    #[serde(default)]
    pub(crate) routes: Vec<Value>,
    /// Navigation entries.
    #[serde(default)]
    pub(crate) nav: Vec<Value>,
    /// Declared reads.
    #[serde(default)]
    pub(crate) reads: Vec<String>,
    /// Largest accepted sizes.
    #[serde(default)]
    pub(crate) budgets: Budgets,
}

/// Largest accepted sizes.
#[derive(Clone, Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budgets {
    /// WebAssembly and script of the browser half together, bytes at brotli 11.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<u64>,
}

impl Spec {
    /// The modules of the workspace, by name.
    pub(crate) fn all(workspace: &Workspace) -> Result<Vec<Self>> {
        let mut specs = Vec::new();
        for krate in workspace.crates.values() {
            let path = krate.dir.join("module.toml");
            if path.is_file() {
                let file = read(&path)?;
                let (krate, dir, version) = (krate.name.clone(), krate.dir.clone(), krate.version.clone());
                specs.push(Self { name: file.name.clone(), krate, dir, version, file });
            }
        }
        if specs.is_empty() {
            bail!("no crate of the workspace has a module.toml");
        }
        specs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(specs)
    }

    /// Whether this is the host.
    pub(crate) fn is_shell(&self) -> bool {
        self.file.kind == "shell"
    }
}

fn read(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    if !matches!(file.kind.as_str(), "shell" | "area") {
        bail!("{}: kind is `{}`; it is `shell` or `area`", path.display(), file.kind);
    }
    Ok(file)
}
