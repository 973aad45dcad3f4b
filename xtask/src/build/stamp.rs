//! Whether something must be built again: a digest of everything that it is made from.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::cargo::Mode;
use super::spec::Spec;
use crate::workspace::Workspace;

/// A digest of inputs.
pub(crate) struct Stamp(String);

impl Stamp {
    /// Whether `product` was made from these inputs.
    pub(crate) fn matches(&self, product: &Path) -> bool {
        product.exists() && fs::read_to_string(beside(product)).is_ok_and(|written| written == self.0)
    }

    /// Notes that `product` was made from these inputs.
    pub(crate) fn write(&self, product: &Path) -> Result<()> {
        let path = beside(product);
        fs::write(&path, &self.0).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The stamp of a module: sources, lock file, tools, mode.
pub(super) fn of_module(workspace: &Workspace, spec: &Spec, mode: Mode) -> Result<Stamp> {
    let mut folders = workspace.sources(&spec.krate)?;
    if spec.is_shell() {
        folders.push(&workspace.styles);
    }
    of_folders(workspace, &folders, &format!("{mode:?}"))
}

/// The stamp of what is made from all files in `folders`, the workspace's own files, this program
/// (whoever has another Rust has another of it) and `how`.
pub(crate) fn of_folders(workspace: &Workspace, folders: &[&Path], how: &str) -> Result<Stamp> {
    let mut digest = Sha256::new();
    digest.update(how);
    digest.update(itself()?);
    for name in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        add(&mut digest, &workspace.root.join(name))?;
    }
    for folder in folders.iter().filter(|folder| folder.exists()) {
        let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| entry.file_name() != "tests" || entry.depth() != 1) {
            let entry = entry?;
            if entry.file_type().is_file() {
                add(&mut digest, entry.path())?;
            }
        }
    }
    Ok(Stamp(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn add(digest: &mut Sha256, path: &Path) -> Result<()> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    digest.update(path.as_os_str().as_encoded_bytes());
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
    Ok(())
}

/// Length and time of this program: another Rust or another builder makes another one.
fn itself() -> Result<String> {
    let about = fs::metadata(std::env::current_exe()?)?;
    let time = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {}", about.len(), time.as_nanos()))
}

fn beside(product: &Path) -> PathBuf {
    let mut name = product.file_name().unwrap_or_default().to_owned();
    name.push(".stamp");
    product.with_file_name(name)
}
