//! Where versions lie on disk: `<root>/<name>/<version>/`, written whole or not at all, never changed after.
//!
//! Beside the bundle's own files stand those that browsers get, under `<digest>.<ext>`, with their
//! compressed siblings `.br` and `.gz`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use contracts::manifest::{BundleFile, FilePart, Manifest};

use super::{Bundle, Refusal, compress};

/// The folder of all versions.
#[derive(Debug)]
pub(super) struct Shelf {
    root: PathBuf,
}

/// A bundle's public files, compressed.
pub(super) struct Packed {
    files: Vec<PackedFile>,
}

struct PackedFile {
    /// `<digest>.<ext>`
    name: String,
    part: FilePart,
    plain: Bytes,
    brotli: Vec<u8>,
    gzip: Vec<u8>,
}

impl Packed {
    /// Compresses what browsers download of `bundle`. Blocks.
    pub(super) fn new(bundle: &Bundle) -> std::io::Result<Self> {
        let public = bundle.manifest.files.iter().filter(|file| file.part != FilePart::Server);
        let files = public
            .filter_map(|file| Some((file, bundle.files().get(&file.name)?)))
            .map(|(file, plain)| {
                Ok(PackedFile {
                    name: public_name(file),
                    part: file.part,
                    plain: plain.clone(),
                    brotli: compress::brotli(plain)?,
                    gzip: compress::gzip(plain)?,
                })
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self { files })
    }

    /// Bytes of the browser half at brotli 11: WebAssembly and script together.
    pub(super) fn client_size(&self) -> u64 {
        let client = |part| matches!(part, FilePart::ClientJs | FilePart::ClientWasm);
        self.files.iter().filter(|file| client(file.part)).map(|file| file.brotli.len() as u64).sum()
    }
}

/// `<digest>.<ext>`, from the integrity in the manifest.
pub(super) fn public_name(file: &BundleFile) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let digest = file.integrity.strip_prefix("sha384-").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let extension = Path::new(&file.name).extension().and_then(|ext| ext.to_str()).unwrap_or("bin");
    format!("{}.{extension}", super::hex(digest.get(..16).unwrap_or_default()))
}

impl Shelf {
    pub(super) fn new(root: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    fn folder(&self, name: &str, version: &str) -> PathBuf {
        self.root.join(name).join(version)
    }

    /// Writes a version: into a folder beside, synced, then renamed to its place. Blocks.
    pub(super) fn put(&self, bundle: &Bundle, packed: &Packed) -> std::io::Result<()> {
        let target = self.folder(&bundle.manifest.name, &bundle.manifest.version);
        let parent = self.root.join(&bundle.manifest.name);
        std::fs::create_dir_all(&parent)?;
        let fresh = tempfile::Builder::new().prefix(".new-").tempdir_in(&self.root)?;
        write(fresh.path(), "module.json", bundle.manifest_bytes())?;
        for part in [FilePart::Server, FilePart::Skeleton] {
            if let Some(bytes) = bundle.part(part) {
                write(fresh.path(), part_name(part), bytes)?;
            }
        }
        for file in &packed.files {
            write(fresh.path(), &file.name, &file.plain)?;
            write(fresh.path(), &format!("{}.br", file.name), &file.brotli)?;
            write(fresh.path(), &format!("{}.gz", file.name), &file.gzip)?;
        }
        sync_folder(fresh.path())?;
        // What a crash left here was never known to the database, or this would be no new version.
        if target.exists() {
            std::fs::remove_dir_all(&target)?;
        }
        std::fs::rename(fresh.keep(), &target)?;
        sync_folder(&parent)
    }

    /// The manifest of a version. Blocks.
    pub(super) fn manifest(&self, name: &str, version: &str) -> Result<Manifest, Refusal> {
        let bytes = self.read(name, version, "module.json")?;
        serde_json::from_slice(&bytes).map_err(Refusal::internal)
    }

    /// A part that the BFF itself uses. Blocks.
    pub(super) fn part(&self, name: &str, version: &str, part: FilePart) -> Result<Vec<u8>, Refusal> {
        self.read(name, version, part_name(part))
    }

    fn read(&self, name: &str, version: &str, file: &str) -> Result<Vec<u8>, Refusal> {
        let path = self.folder(name, version).join(file);
        std::fs::read(&path).map_err(|error| Refusal::internal(format!("{}: {error}", path.display())))
    }

    /// Where the public file of that URL lies, if the URL is well-formed.
    pub(super) fn public(&self, name: &str, version: &str, file: &str) -> Option<PathBuf> {
        let (digest, extension) = file.split_once('.')?;
        let hex = digest.len() == 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let plain = !extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let known = super::check::is_module_name(name) && semver::Version::parse(version).is_ok();
        (hex && plain && known).then(|| self.folder(name, version).join(file))
    }
}

fn part_name(part: FilePart) -> &'static str {
    match part {
        FilePart::Skeleton => "skeleton.html",
        _ => "server.wasm",
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(folder.join(name))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
