//! The archive: `.tar.gz` with `services/<name>.ndjson`, `objects/<name>` and, last, `manifest.json`
//! with the digest of each. An archive that was cut off has no manifest and is none.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use contracts::storage::BackupPart;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use futures_util::StreamExt;
use kit::id;
use object_store::{ObjectStore, ObjectStoreExt, buffered::BufWriter as ObjectWriter, path::Path as ObjectPath};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::{
    domain::name::{format_of, hex},
    store::backups::Archive,
};

const FORMAT: &str = "maru-backup/1";
const MANIFEST: &str = "manifest.json";
/// Longest manifest.
const MANIFEST_LIMIT: u64 = 256 << 20;

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    #[error("it cannot be read")]
    Read(#[from] io::Error),
    #[error("it is not a backup of Maru")]
    Foreign,
    #[error("{0} is not as the manifest says")]
    Damaged(String),
    #[error("it is not there any more")]
    Missing,
    #[error("the place of the archives")]
    Place(#[from] object_store::Error),
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: String,
    parts: Vec<BackupPart>,
    objects: BTreeMap<String, String>,
}

/// Where an archive lies among archives.
pub(crate) fn path(id: &str) -> ObjectPath {
    ObjectPath::from(format!("{id}.tar.gz"))
}

/// Whose archive lies there; `None` when none does that is ours.
pub(crate) fn id_of(path: &ObjectPath) -> Option<String> {
    path.as_ref().strip_suffix(".tar.gz").and_then(id::parse)
}

/// An archive that is being written.
pub(crate) struct Writer {
    tar: tar::Builder<GzEncoder<BufWriter<File>>>,
    manifest: Manifest,
}

impl Writer {
    pub(crate) fn create(file: &Path) -> io::Result<Self> {
        let file = BufWriter::new(File::create(file)?);
        let tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
        let manifest = Manifest { format: FORMAT.to_owned(), parts: Vec::new(), objects: BTreeMap::new() };
        Ok(Self { tar, manifest })
    }

    /// Adds the rows of a service.
    pub(crate) fn part(&mut self, part: BackupPart, rows: &Path) -> io::Result<()> {
        let file = BufReader::new(File::open(rows)?);
        append(&mut self.tar, &format!("services/{}.ndjson", part.service), part.size, file)?;
        self.manifest.parts.push(part);
        Ok(())
    }

    /// Adds a file.
    pub(crate) fn object(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        append(&mut self.tar, &format!("objects/{name}"), bytes.len() as u64, bytes)?;
        self.manifest.objects.insert(name.to_owned(), hex(&Sha256::digest(bytes)));
        Ok(())
    }

    /// Ends it, down to the disk.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let manifest = serde_json::to_vec(&self.manifest).map_err(io::Error::other)?;
        append(&mut self.tar, MANIFEST, manifest.len() as u64, manifest.as_slice())?;
        let mut file = self.tar.into_inner()?.finish()?;
        file.flush()?;
        file.get_ref().sync_all()
    }
}

fn append(tar: &mut tar::Builder<impl Write>, name: &str, size: u64, content: impl Read) -> io::Result<()> {
    let mut head = tar::Header::new_gnu();
    head.set_size(size);
    head.set_mode(0o600);
    head.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut head, name, content)
}

/// What an entry of an archive is.
enum Entry {
    Part(String),
    Object(String),
    Manifest,
}

fn entry_of(path: &Path) -> Option<Entry> {
    let path = path.to_str()?;
    if path == MANIFEST {
        return Some(Entry::Manifest);
    }
    if let Some(name) = path.strip_prefix("objects/") {
        return format_of(name).map(|_| Entry::Object(name.to_owned()));
    }
    let service = path.strip_prefix("services/")?.strip_suffix(".ndjson")?;
    let is_name = !service.is_empty() && service.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name.then(|| Entry::Part(service.to_owned()))
}

/// Reads a whole archive, compares all digests and says what it holds. Rows go into `folder`, one file
/// a service, where there is one; `object` gets each file.
pub(crate) fn read(
    file: &Path,
    folder: Option<&Path>,
    mut object: impl FnMut(&str, Vec<u8>) -> io::Result<()>,
) -> Result<Archive, ArchiveError> {
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(File::open(file)?)));
    let mut parts: BTreeMap<String, (u32, u64, String)> = BTreeMap::new();
    let mut objects: BTreeMap<String, String> = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    for entry in tar.entries().map_err(|_| ArchiveError::Foreign)? {
        let mut entry = entry.map_err(|_| ArchiveError::Foreign)?;
        let kind = entry.path().ok().and_then(|path| entry_of(&path)).ok_or(ArchiveError::Foreign)?;
        match kind {
            Entry::Part(service) => {
                let mut target: Box<dyn Write> = match folder {
                    Some(folder) => Box::new(BufWriter::new(File::create(rows_in(folder, &service))?)),
                    None => Box::new(io::sink()),
                };
                let counted = copy(&mut entry, &mut target)?;
                target.flush()?;
                parts.insert(service, counted);
            }
            Entry::Object(name) => {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                objects.insert(name.clone(), hex(&Sha256::digest(&bytes)));
                object(&name, bytes)?;
            }
            Entry::Manifest => {
                manifest = serde_json::from_reader(entry.take(MANIFEST_LIMIT)).ok();
            }
        }
    }
    let manifest = manifest.filter(|manifest| manifest.format == FORMAT).ok_or(ArchiveError::Foreign)?;
    for part in &manifest.parts {
        let expected = (part.rows, part.size, part.digest.clone());
        if parts.remove(&part.service) != Some(expected) {
            return Err(ArchiveError::Damaged(format!("the part of {}", part.service)));
        }
    }
    if let Some((name, _)) = manifest.objects.iter().find(|(name, digest)| objects.get(*name) != Some(*digest)) {
        return Err(ArchiveError::Damaged(format!("the file {name}")));
    }
    if !parts.is_empty() || objects.len() != manifest.objects.len() {
        return Err(ArchiveError::Foreign);
    }
    let (size, digest) = digest_of(file)?;
    let count = u32::try_from(manifest.objects.len()).unwrap_or(u32::MAX);
    Ok(Archive { size, digest, parts: manifest.parts, objects: count })
}

/// Where [`read`] puts the rows of a service.
pub(crate) fn rows_in(folder: &Path, service: &str) -> PathBuf {
    folder.join(format!("{service}.ndjson"))
}

/// Copies rows; says how many, how long and with which digest.
fn copy(source: &mut impl Read, target: &mut impl Write) -> io::Result<(u32, u64, String)> {
    let mut counter = RowCounter::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = source.read(&mut buffer)?;
        if length == 0 {
            return Ok(counter.finish());
        }
        counter.add(&buffer[..length]);
        target.write_all(&buffer[..length])?;
    }
}

/// Counts rows and bytes that go by.
#[derive(Default)]
pub(crate) struct RowCounter {
    rows: u32,
    bytes: u64,
    digest: Sha256,
}

impl RowCounter {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.rows += u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or_default();
        self.bytes += bytes.len() as u64;
        self.digest.update(bytes);
    }

    pub(crate) fn finish(self) -> (u32, u64, String) {
        (self.rows, self.bytes, hex(&self.digest.finalize()))
    }
}

fn digest_of(file: &Path) -> io::Result<(u64, String)> {
    let (_, size, digest) = copy(&mut File::open(file)?, &mut io::sink())?;
    Ok((size, digest))
}

/// Puts a finished archive among the archives, whole or not at all.
pub(crate) async fn store(store: &Arc<dyn ObjectStore>, id: &str, file: &Path) -> Result<(), ArchiveError> {
    let mut source = tokio::fs::File::open(file).await?;
    let mut target = ObjectWriter::new(store.clone(), path(id));
    tokio::io::copy(&mut source, &mut target).await?;
    target.shutdown().await?;
    Ok(())
}

/// Brings an archive from among the archives into a file.
pub(crate) async fn fetch(store: &Arc<dyn ObjectStore>, id: &str, file: &Path) -> Result<(), ArchiveError> {
    let object = match store.get(&path(id)).await {
        Ok(object) => object,
        Err(object_store::Error::NotFound { .. }) => return Err(ArchiveError::Missing),
        Err(error) => return Err(error.into()),
    };
    let mut target = tokio::fs::File::create(file).await?;
    let mut chunks = object.into_stream();
    while let Some(chunk) = chunks.next().await {
        target.write_all(&chunk?).await?;
    }
    target.flush().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ArchiveError, Entry, Writer, entry_of, read};

    #[test]
    fn only_names_that_were_written_are_read() {
        for bad in ["../x", "objects/../x", "services/../x.ndjson", "/etc/passwd", "services/A.ndjson", "x"] {
            assert!(entry_of(Path::new(bad)).is_none(), "{bad}");
        }
        assert!(matches!(entry_of(Path::new("services/blog.ndjson")), Some(Entry::Part(name)) if name == "blog"));
    }

    #[test]
    fn a_cut_archive_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.tar.gz");
        let mut writer = Writer::create(&file).expect("a file");
        let noise: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        writer.object("0123456789abcdef0123456789abcdef01234567.png", &noise).expect("added");
        writer.finish().expect("finished");
        assert_eq!(read(&file, None, |_, _| Ok(())).expect("whole").objects, 1);
        let bytes = std::fs::read(&file).expect("the file");
        for length in [0, 10, bytes.len() / 2, bytes.len() - 200] {
            std::fs::write(&file, &bytes[..length]).expect("written");
            assert!(read(&file, None, |_, _| Ok(())).is_err(), "{length}");
        }
        let mut turned = bytes.clone();
        turned[bytes.len() / 2] ^= 1;
        std::fs::write(&file, turned).expect("written");
        let error = read(&file, None, |_, _| Ok(())).expect_err("a bit turned");
        assert!(matches!(error, ArchiveError::Damaged(_) | ArchiveError::Read(_) | ArchiveError::Foreign));
    }
}
