//! Where things are, and what the workspace's crates are, as `cargo metadata` tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

/// The workspace, read once per command.
pub(crate) struct Workspace {
    /// Folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Folder of the styles that all modules share.
    pub(crate) styles: PathBuf,
    /// Names of the crates that a plain `cargo build` means: all but the front-end modules.
    pub(crate) native: Vec<String>,
    /// Our crates by name.
    pub(crate) crates: BTreeMap<String, Crate>,
}

/// A crate of ours.
pub(crate) struct Crate {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// Names of our crates that it depends on, development dependencies left out.
    pub(crate) uses: BTreeSet<String>,
    /// Names of all crates it names as dependencies, of any kind.
    pub(crate) names: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_default_members: Vec<String>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start cargo; install Rust with rustup")?;
        if !output.status.success() {
            bail!("cargo metadata failed");
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata answered nonsense")?;
        let is_native = |package: &&Package| metadata.workspace_default_members.contains(&package.id);
        let native = metadata.packages.iter().filter(is_native).map(|package| package.name.clone()).collect();
        let crates = metadata.packages.into_iter().map(|package| (package.name.clone(), package.into())).collect();
        let styles = metadata.workspace_root.join("style");
        Ok(Self { root: metadata.workspace_root, styles, target: metadata.target_directory, native, crates })
    }

    /// The crate of that name.
    pub(crate) fn krate(&self, name: &str) -> Result<&Crate> {
        self.crates.get(name).ok_or_else(|| anyhow!("there is no crate `{name}` in the workspace"))
    }

    /// Folders of the crate and of ours that it uses, directly or not.
    pub(crate) fn sources(&self, name: &str) -> Result<Vec<&Path>> {
        let mut seen = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(self.krate(next)?.uses.iter().map(String::as_str));
            }
        }
        seen.into_iter().map(|name| Ok(self.krate(name)?.dir.as_path())).collect()
    }
}

impl From<Package> for Crate {
    fn from(package: Package) -> Self {
        let dir = package.manifest_path.parent().map(Path::to_owned).unwrap_or_default();
        let uses = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some() && dependency.kind.as_deref() != Some("dev"))
            .map(|dependency| dependency.name.clone())
            .collect();
        let names = package.dependencies.into_iter().map(|dependency| dependency.name).collect();
        Self { name: package.name, version: package.version, dir, uses, names }
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
