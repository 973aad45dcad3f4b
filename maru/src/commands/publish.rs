//! `maru publish DIR`

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Args;
use contracts::{CONTRACT_VERSION, manifest::Manifest};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha384};

use super::module::{Reach, report};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Bundle: a folder with `module.json` and its files, as `cargo xtask build` writes them
    dir: PathBuf,
    #[command(flatten)]
    reach: Reach,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let operator = arguments.reach.operator()?;
    let start = Instant::now();
    let archive = tokio::task::spawn_blocking(move || pack(&arguments.dir)).await??;
    report(&operator.publish(archive).await?, start);
    Ok(())
}

/// Checks the bundle as far as that needs no running Maru, and packs it.
fn pack(dir: &Path) -> Result<Vec<u8>> {
    let manifest_path = dir.join("module.json");
    let text = fs::read(&manifest_path)
        .with_context(|| format!("{} is not a bundle: {} cannot be read", dir.display(), manifest_path.display()))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).with_context(|| format!("{} is not a manifest", manifest_path.display()))?;
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    ensure!(
        major(&manifest.contract) == major(CONTRACT_VERSION),
        "{} was built for contract {}; this Maru speaks {CONTRACT_VERSION}",
        manifest.name,
        manifest.contract
    );
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    append(&mut archive, "module.json", &text)?;
    for file in &manifest.files {
        if file.name.contains(['/', '\\']) || file.name.starts_with('.') {
            bail!("{}: the file name {:?} is not allowed", manifest_path.display(), file.name);
        }
        let path = dir.join(&file.name);
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let integrity = format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(&bytes)));
        ensure!(
            integrity == file.integrity,
            "{} is not the file that module.json describes; build the module again",
            path.display()
        );
        append(&mut archive, &file.name, &bytes)?;
    }
    Ok(archive.into_inner()?.finish()?)
}

fn append(archive: &mut tar::Builder<GzEncoder<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(bytes.len())?);
    header.set_mode(0o644);
    archive.append_data(&mut header, name, bytes).with_context(|| format!("{name} cannot be packed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(contract: &str, integrity: &str, name: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let manifest = serde_json::json!({
            "name": "blog", "version": "1.0.0", "kind": "area", "contract": contract,
            "files": [{"name": name, "part": "client_js", "size": 2, "integrity": integrity}],
        });
        fs::write(folder.path().join("module.json"), manifest.to_string()).unwrap();
        fs::write(folder.path().join("client.js"), "hi").unwrap();
        folder
    }

    fn digest() -> String {
        format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(b"hi")))
    }

    #[test]
    fn packs_what_the_manifest_names() {
        let folder = bundle(CONTRACT_VERSION, &digest(), "client.js");
        fs::write(folder.path().join("left-over"), "x").unwrap();
        let packed = pack(folder.path()).unwrap();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let names: Vec<String> =
            archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string()).collect();
        assert_eq!(names, ["module.json", "client.js"]);
    }

    #[test]
    fn refuses_what_cannot_be_right() {
        for (folder, expected) in [
            (bundle("9.0", &digest(), "client.js"), "contract 9.0"),
            (bundle(CONTRACT_VERSION, "sha384-no", "client.js"), "client.js is not the file"),
            (bundle(CONTRACT_VERSION, &digest(), "../client.js"), "not allowed"),
            (bundle(CONTRACT_VERSION, &digest(), "missing.js"), "missing.js cannot be read"),
        ] {
            let message = format!("{:#}", pack(folder.path()).unwrap_err());
            assert!(message.contains(expected), "{message}");
        }
        let empty = tempfile::tempdir().unwrap();
        assert!(format!("{:#}", pack(empty.path()).unwrap_err()).contains("not a bundle"));
    }
}
