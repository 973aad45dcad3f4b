//! How large the modules are, and how large they may be.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::bundle::Manifest;
use super::cargo::Mode;
use crate::workspace::Workspace;

/// Sizes of one built module.
pub(crate) struct Sizes {
    /// Module.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// Each file: part, bytes, bytes at brotli 11.
    pub(crate) files: Vec<(String, u64, u64)>,
    /// Largest accepted browser half at brotli 11.
    pub(crate) budget: Option<u64>,
}

impl Sizes {
    /// WebAssembly and script of the browser half at brotli 11.
    pub(crate) fn client(&self) -> u64 {
        self.files.iter().filter(|(part, ..)| part.starts_with("client_")).map(|(_, _, brotli)| brotli).sum()
    }
}

/// Measures the built bundles; `only` some when it names any.
pub(crate) fn sizes(workspace: &Workspace, mode: Mode, only: &[String]) -> Result<Vec<Sizes>> {
    let folder = mode.bundles(workspace);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.join("module.json").is_file() {
            names.push(path);
        }
    }
    names.sort();
    let wanted = |path: &&std::path::PathBuf| {
        only.is_empty() || path.file_name().is_some_and(|name| only.iter().any(|only| name == only.as_str()))
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = names.iter().filter(wanted).map(|path| scope.spawn(|| measure(path))).collect();
        running.into_iter().map(|one| one.join().map_err(|_| anyhow!("measuring a module failed"))?).collect()
    })
}

/// Modules whose browser half is larger than its budget.
pub(crate) fn over_budget(sizes: &[Sizes]) -> Vec<String> {
    let over = sizes.iter().filter(|sizes| sizes.budget.is_some_and(|budget| sizes.client() > budget));
    over.map(|sizes| {
        format!("{} ({} of {})", sizes.name, kilobytes(sizes.client()), kilobytes(sizes.budget.unwrap_or_default()))
    })
    .collect()
}

/// The table.
pub(super) fn print(sizes: &[Sizes]) {
    println!("{:<8} {:<20} {:>10} {:>10} {:>10}", "module", "part", "raw", "brotli 11", "budget");
    for module in sizes {
        println!("{:<8} {}", module.name, module.version);
        for (part, raw, brotli) in &module.files {
            println!("{:<8} {part:<20} {:>10} {:>10}", "", kilobytes(*raw), kilobytes(*brotli));
        }
        let budget = module.budget.map(kilobytes).unwrap_or_default();
        println!("{:<8} {:<20} {:>10} {:>10} {budget:>10}", "", "browser half", "", kilobytes(module.client()));
    }
}

/// Thousands of bytes, as in the design.
pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

fn measure(folder: &Path) -> Result<Sizes> {
    let manifest = folder.join("module.json");
    let manifest: Manifest = serde_json::from_slice(&fs::read(&manifest)?)
        .with_context(|| format!("{} is not a manifest", manifest.display()))?;
    let mut files = Vec::new();
    for file in manifest.files {
        let bytes = fs::read(folder.join(&file.name))?;
        // The sandbox reads the server half from the disk: its compressed size says nothing.
        let compressed = if file.part == "server" { 0 } else { brotli_size(&bytes)? };
        files.push((file.part, bytes.len() as u64, compressed));
    }
    Ok(Sizes { name: manifest.name, version: manifest.version, files, budget: manifest.budgets.client })
}

fn brotli_size(bytes: &[u8]) -> Result<u64> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner().len() as u64)
}
