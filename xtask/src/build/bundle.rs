//! A bundle: the files of a module and the manifest that names them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384};

use super::cargo::{Half, Mode, artifact};
use super::spec::{Budgets, Spec};
use super::{glue, style};
use crate::workspace::Workspace;

/// `module.json`. The contract has the same type; this crate depends on none of ours, so that it is
/// there before they compile.
#[derive(Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Module.
    pub(crate) name: String,
    /// Semantic version with the content's digest.
    pub(crate) version: String,
    kind: String,
    contract: String,
    routes: Vec<Value>,
    nav: Vec<Value>,
    reads: Vec<String>,
    /// Files of the bundle.
    pub(crate) files: Vec<BundleFile>,
    /// Largest accepted sizes.
    pub(crate) budgets: Budgets,
}

/// A file of the bundle.
#[derive(Serialize, Deserialize)]
pub(crate) struct BundleFile {
    /// Name.
    pub(crate) name: String,
    /// `server`, `client_js`, `client_wasm`, `css`, `skeleton`.
    pub(crate) part: String,
    size: u64,
    integrity: String,
}

/// Puts the bundle of `spec` into `out/<name>/`, replacing what was there at once.
pub(super) fn write(workspace: &Workspace, spec: &Spec, mode: Mode, out: &Path) -> Result<()> {
    let server = artifact(workspace, spec, Half::Server, mode);
    let server = fs::read(&server).with_context(|| format!("cannot read {}", server.display()))?;
    let (script, wasm) = glue::client(workspace, spec, mode, &artifact(workspace, spec, Half::Client, mode))?;
    let mut parts = vec![
        ("server.wasm", "server", server),
        ("client.js", "client_js", script),
        ("client_bg.wasm", "client_wasm", wasm),
        ("style.css", "css", style::sheet(workspace, spec)?.into_bytes()),
    ];
    if let Some(skeleton) = skeleton(spec)? {
        parts.push(("skeleton.html", "skeleton", skeleton));
    }
    let mut file = spec.file.clone();
    // Budgets are for what is delivered: as small as can be.
    if mode != Mode::Small {
        file.budgets = Budgets::default();
    }
    let mut manifest = Manifest {
        name: spec.name.clone(),
        version: String::new(),
        kind: file.kind,
        contract: file.contract,
        routes: file.routes,
        nav: file.nav,
        reads: file.reads,
        files: parts.iter().map(|(name, part, bytes)| BundleFile::of(name, part, bytes)).collect(),
        budgets: file.budgets,
    };
    manifest.version = content_version(&spec.version, &manifest)?;

    let staged = out.join(format!(".{}", spec.name));
    let target = out.join(&spec.name);
    remove(&staged)?;
    fs::create_dir_all(&staged).with_context(|| format!("cannot make {}", staged.display()))?;
    for (name, _, bytes) in &parts {
        fs::write(staged.join(name), bytes)?;
    }
    fs::write(staged.join("module.json"), serde_json::to_vec_pretty(&manifest)?)?;
    remove(&target)?;
    fs::rename(&staged, &target).with_context(|| format!("cannot put {} in place", target.display()))
}

/// `<version>-g<digest>`: the same content has the same version, another content another.
pub(crate) fn content_version(version: &str, manifest: &Manifest) -> Result<String> {
    let digest = Sha256::digest(serde_json::to_vec(&(
        (&manifest.name, &manifest.kind, &manifest.contract),
        (&manifest.routes, &manifest.nav, &manifest.reads),
        (&manifest.files, &manifest.budgets),
    ))?);
    Ok(format!("{version}-g{}", digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// Subresource integrity of some bytes.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(Sha384::digest(bytes)))
}

impl BundleFile {
    fn of(name: &str, part: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), part: part.to_owned(), size: bytes.len() as u64, integrity: integrity(bytes) }
    }
}

/// What the outlet shows until the area is there. A shell has none.
fn skeleton(spec: &Spec) -> Result<Option<Vec<u8>>> {
    let path = spec.dir.join("skeleton.html");
    match (path.is_file(), spec.is_shell()) {
        (true, _) => Ok(Some(fs::read(path)?)),
        (false, true) => Ok(None),
        (false, false) => bail!("{} is missing: what the outlet shows until the module is there", path.display()),
    }
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
