//! The index itself: opened, or made when there is none that fits.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyError, directory::MmapDirectory,
    indexer::IndexWriterOptions,
};

use super::{
    facets::Kept,
    schema::{self, Fields},
    tokens,
};

/// What one indexing thread may hold before it writes a segment.
const WRITER_MEMORY: usize = 20_000_000;
/// Texts are kept in blocks of this size: to show a post's, its whole block is unpacked.
const TEXTS_TOGETHER: usize = 4096;

/// What stands beside the last commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// [`schema::VERSION`] of the build that wrote it.
    pub(super) version: u32,
    /// How far the log was read.
    pub(super) position: i64,
}

/// The index, open for reading.
pub(super) struct Store {
    pub(super) fields: Fields,
    pub(super) index: Index,
    reader: IndexReader,
    pub(super) facets: Kept,
    /// Grows with each change that readers see.
    generation: AtomicU64,
}

impl Store {
    /// Opens the index in `folder`, or in memory. What is there and cannot be used is thrown away: the
    /// database has it all.
    pub(super) fn open(folder: Option<&Path>) -> tantivy::Result<Self> {
        let fields = Fields::new();
        let index = match folder {
            None => Index::create_in_ram(fields.schema.clone()),
            Some(folder) => open_folder(folder, &fields)?,
        };
        tokens::register(index.tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, index, reader, facets: Kept::default(), generation: AtomicU64::new(0) })
    }

    /// The right to write; nobody else has it then. None while another process does.
    pub(super) fn writer(&self) -> tantivy::Result<Option<IndexWriter>> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_MEMORY)
            .build();
        match self.index.writer_with_options(options) {
            Ok(writer) => Ok(Some(writer)),
            Err(TantivyError::LockFailure(..)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the last commit says of itself; none when there was none, or one of another build.
    pub(super) fn state(&self) -> tantivy::Result<Option<State>> {
        let payload = self.index.load_metas()?.payload;
        let state = payload.and_then(|payload| serde_json::from_str::<State>(&payload).ok());
        Ok(state.filter(|state| state.version == schema::VERSION))
    }

    /// Shows readers what was committed.
    pub(super) fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

fn open_folder(folder: &Path, fields: &Fields) -> tantivy::Result<Index> {
    std::fs::create_dir_all(folder).map_err(|error| TantivyError::IoError(Arc::new(error)))?;
    match Index::open_in_dir(folder) {
        Ok(index) if index.schema() == fields.schema => return Ok(index),
        Ok(_) => tracing::info!("the search index has another shape; it is made anew"),
        Err(TantivyError::OpenDirectoryError(error)) => return Err(error.into()),
        Err(_) if is_empty(folder) => {}
        Err(error) => tracing::warn!(cause = %error, "the search index cannot be read; it is made anew"),
    }
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        remove(file.path());
    }
    let directory = MmapDirectory::open(folder)?;
    let settings = IndexSettings { docstore_blocksize: TEXTS_TOGETHER, ..IndexSettings::default() };
    Index::create(directory, fields.schema.clone(), settings)
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_none())
}

fn remove(file: PathBuf) {
    if let Err(error) = std::fs::remove_file(&file) {
        tracing::warn!(cause = %error, "a file of the old search index stays");
    }
}
