//! Reading a bundle from a folder or a `.tar.gz`, before anything in it is believed.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Component, Path},
};

use bytes::Bytes;
use contracts::manifest::{FilePart, Manifest};
use sha2::{Digest, Sha256};

use super::Refusal;

/// Bytes of all files together, unpacked.
pub(super) const BUNDLE_LIMIT: u64 = 32 << 20;
const FILES_LIMIT: usize = 200;
const MANIFEST: &str = "module.json";

/// A manifest and the files that came with it.
#[derive(Debug)]
pub struct Bundle {
    /// What it says about itself.
    pub manifest: Manifest,
    manifest_bytes: Bytes,
    files: BTreeMap<String, Bytes>,
}

impl Bundle {
    /// Reads the bundle in `folder`. Blocks.
    pub fn from_folder(folder: &Path) -> Result<Self, Refusal> {
        let shown = folder.display();
        let unreadable = |error: std::io::Error| Refusal::invalid(format!("{shown} cannot be read: {error}."));
        let mut files = BTreeMap::new();
        let mut left = BUNDLE_LIMIT;
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !entry.file_type().map_err(unreadable)?.is_file() {
                return Err(Refusal::invalid(format!("{shown}/{name} is not a plain file.")));
            }
            let file = std::fs::File::open(entry.path()).map_err(unreadable)?;
            take(&mut files, &mut left, &name, file)?;
        }
        Self::assemble(files)
    }

    /// Reads a `.tar.gz`. Only plain files at its top count, under names without tricks. Blocks.
    pub fn from_tar_gz(archive: &[u8]) -> Result<Self, Refusal> {
        let unreadable = |error: std::io::Error| Refusal::invalid(format!("The archive is not a .tar.gz: {error}."));
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive).take(BUNDLE_LIMIT * 2));
        let mut files = BTreeMap::new();
        let mut left = BUNDLE_LIMIT;
        for entry in archive.entries().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path().map_err(unreadable)?.into_owned();
            let kind = entry.header().entry_type();
            if kind.is_dir() && path.components().all(|part| part == Component::CurDir) {
                continue;
            }
            let mut parts = path.components().filter(|part| *part != Component::CurDir);
            match (kind.is_file(), parts.next(), parts.next()) {
                (true, Some(Component::Normal(name)), None) => {
                    take(&mut files, &mut left, &name.to_string_lossy(), entry)?;
                }
                _ => {
                    return Err(Refusal::invalid(format!(
                        "{} is not a plain file at the top of the archive.",
                        path.display()
                    )));
                }
            }
        }
        Self::assemble(files)
    }

    fn assemble(mut files: BTreeMap<String, Bytes>) -> Result<Self, Refusal> {
        let manifest_bytes =
            files.remove(MANIFEST).ok_or_else(|| Refusal::invalid(format!("{MANIFEST} is missing.")))?;
        let manifest = serde_json::from_slice(&manifest_bytes)
            .map_err(|error| Refusal::invalid(format!("{MANIFEST}: {error}.")))?;
        Ok(Self { manifest, manifest_bytes, files })
    }

    /// The files beside the manifest, by name.
    pub(super) fn files(&self) -> &BTreeMap<String, Bytes> {
        &self.files
    }

    pub(super) fn manifest_bytes(&self) -> &Bytes {
        &self.manifest_bytes
    }

    /// The bytes of the first file that is a `part`.
    pub(super) fn part(&self, part: FilePart) -> Option<&Bytes> {
        let file = self.manifest.files.iter().find(|file| file.part == part)?;
        self.files.get(&file.name)
    }

    /// The same for the same bytes, and only for them.
    pub(super) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (name, bytes) in std::iter::once((MANIFEST, &self.manifest_bytes))
            .chain(self.files.iter().map(|(name, bytes)| (name.as_str(), bytes)))
        {
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        super::hex(&hash.finalize())
    }
}

fn take(files: &mut BTreeMap<String, Bytes>, left: &mut u64, name: &str, source: impl Read) -> Result<(), Refusal> {
    if !super::check::is_file_name(name) {
        return Err(Refusal::invalid(format!("{name:?} is not a file name that a bundle may have.")));
    }
    let mut bytes = Vec::new();
    source
        .take(*left + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Refusal::invalid(format!("{name} cannot be read: {error}.")))?;
    *left = left
        .checked_sub(bytes.len() as u64)
        .ok_or_else(|| Refusal::invalid(format!("The bundle is larger than {} MB.", BUNDLE_LIMIT >> 20)))?;
    if files.insert(name.to_owned(), bytes.into()).is_some() || files.len() > FILES_LIMIT {
        return Err(Refusal::invalid(format!("{name} is there twice, or there are more than {FILES_LIMIT} files.")));
    }
    Ok(())
}
