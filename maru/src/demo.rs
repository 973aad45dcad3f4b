//! What an empty blog shows at its first start: a few posts of its own, brought in by the importer.

use std::{fs, sync::Arc};

use anyhow::{Context, Result};
use contracts::blog::PostCounts;

use crate::{
    data_dir::DataDir,
    importer::{Import, Library, Progress},
    services::Services,
};

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_bytes!(concat!("../demo/", $name)))),*] };
}

/// The embedded folder.
const FILES: &[(&str, &[u8])] = files![
    "bukchon.svg",
    "coffee.svg",
    "hanok.svg",
    "life/_index.md",
    "life/bukchon.md",
    "life/coffee.md",
    "life/hangul-type.md",
    "life/slow-networks.md",
    "making/_index.md",
    "making/markdown.md",
    "making/maru-ko.md",
    "making/rooms.md",
    "making/what-is-a-maru.md",
    "ondol.svg",
    "rooms.svg",
];

struct Silent;

impl Progress for Silent {
    fn advance(&self) {}
}

/// Brings the demo in when `data` is served for the first time and holds no post. Never again after
/// that, so that who deletes it is rid of it.
///
/// # Errors
/// When the data folder cannot be written or the blog does not answer.
pub(crate) async fn install_once(services: &Services, data: &DataDir) -> Result<()> {
    let marker = data.root().join("run").join("demo");
    if marker.exists() {
        return Ok(());
    }
    let counts: PostCounts = services.blog().get("/internal/posts/counts").await.context("counting posts")?;
    if counts.public + counts.drafts == 0 {
        install(services).await?;
    }
    fs::write(&marker, "This folder was started; the demo is not brought again.\n")
        .with_context(|| format!("{} cannot be written", marker.display()))
}

async fn install(services: &Services) -> Result<()> {
    let folder = tempfile::tempdir().context("a folder for the demo")?;
    for (name, bytes) in FILES {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    let (library, notes) = Library::load(folder.path(), None)?;
    let report = Import::new(services.clone(), library, "demo", Arc::new(Silent)).run().await;
    for note in notes.failed.iter().chain(&report.failed).chain(&report.warnings) {
        tracing::warn!("demo: {note}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_demo_is_embedded_and_sound() {
        let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let (library, report) = Library::load(&demo, None).unwrap();
        assert!(report.failed.is_empty() && report.warnings.is_empty(), "{report}");
        let embedded = FILES.iter().filter(|(name, _)| name.ends_with(".md")).count();
        assert_eq!(library.len() + report.skipped.len(), embedded);
    }
}
