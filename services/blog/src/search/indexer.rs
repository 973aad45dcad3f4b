//! Keeps the index as the database is.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use kit::{Shared, db::Db};
use sea_orm::DbErr;
use tantivy::{IndexWriter, TantivyError, Term};
use tokio::{
    sync::{Notify, watch},
    task::spawn_blocking,
    time::{Instant, timeout},
};

use super::{
    index::{State, Store},
    log, posts, schema,
};

/// The log is read this often: what was committed is found within a second.
const EVERY: Duration = Duration::from_millis(200);
/// After a failure, and while another process writes the index.
const PAUSE: Duration = Duration::from_secs(1);
/// How long somebody waits for the indexer to be through.
const SETTLE_WITHIN: Duration = Duration::from_secs(3);
/// Old notes are forgotten this often.
const TRIM_EVERY: Duration = Duration::from_secs(3600);
/// Notes read at once.
const NOTES: i64 = 1_000;
/// Posts taken in at once.
const BATCH: usize = 200;

/// Why the index could not be brought up to date this time.
#[derive(Debug, thiserror::Error)]
pub(super) enum IndexError {
    #[error("the database could not be read")]
    Database(#[from] DbErr),
    #[error("the search index could not be written")]
    Index(#[from] TantivyError),
    #[error("indexing stopped half-way")]
    Panicked(#[from] tokio::task::JoinError),
}

/// What others ask of the indexer.
#[derive(Debug, Default)]
pub(super) struct Requests {
    rebuild: AtomicBool,
    wake: Notify,
    /// How many rounds have begun, and how many of them are over.
    begun: AtomicU64,
    over: watch::Sender<u64>,
    /// The last round did not end well.
    failing: AtomicBool,
}

/// How the index stands to what was committed before somebody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// It has it.
    Yes,
    /// It is about to take it in.
    Busy,
    /// It cannot take anything in at the moment.
    Failing,
}

impl Requests {
    /// Waits, not for long, until what is committed now is in the index.
    pub(super) async fn settle(&self) -> Settled {
        // A round under way may have read the log already.
        let round = self.begun.load(Ordering::Acquire) + 1;
        let mut over = self.over.subscribe();
        self.wake.notify_one();
        match timeout(SETTLE_WITHIN, over.wait_for(|over| *over >= round)).await {
            Ok(_) => Settled::Yes,
            Err(_) if self.failing.load(Ordering::Acquire) => Settled::Failing,
            Err(_) => Settled::Busy,
        }
    }

    fn begin(&self) {
        self.begun.fetch_add(1, Ordering::AcqRel);
    }

    fn end(&self) {
        self.failing.store(false, Ordering::Release);
        self.over.send_replace(self.begun.load(Ordering::Acquire));
    }

    /// Everything is to be indexed anew.
    pub(super) fn rebuild(&self) {
        self.rebuild.store(true, Ordering::Release);
        self.wake.notify_one();
    }
}

pub(super) struct Indexer {
    db: Db,
    store: Arc<Store>,
    requests: Arc<Requests>,
    position: i64,
    /// Notes near the position that were read already, with their times.
    seen: HashMap<String, i64>,
    trimmed: Option<Instant>,
}

/// Starts the indexer as a background task that ends at shutdown.
pub(super) fn spawn(db: Db, store: Arc<Store>, requests: Arc<Requests>, shared: &Shared) {
    let mut indexer = Indexer { db, store, requests, position: 0, seen: HashMap::new(), trimmed: None };
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = indexer.write().await {
                indexer.requests.failing.store(true, Ordering::Release);
                tracing::error!(cause = %kit::error::Chain(&error), "the search index is behind");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }));
}

impl Indexer {
    /// Writes for as long as nothing fails; until this process may, it only reads.
    async fn write(&mut self) -> Result<(), IndexError> {
        self.requests.begin();
        let Some(mut writer) = self.store.writer()? else {
            self.store.reload()?;
            self.requests.end();
            return Ok(());
        };
        log::install(&self.db).await?;
        let state = self.store.state()?;
        let oldest = log::now(&self.db).await? - log::KEPT_MILLIS / 2;
        match state.filter(|state| state.position > oldest) {
            Some(state) => {
                self.position = state.position;
                self.seen.clear();
                self.store.reload()?;
            }
            None => writer = self.rebuild(writer).await?,
        }
        loop {
            self.requests.begin();
            if self.requests.rebuild.swap(false, Ordering::AcqRel) {
                writer = self.rebuild(writer).await?;
            }
            writer = self.catch_up(writer).await?;
            self.requests.end();
            self.trim().await?;
            // Whichever comes first.
            let _ = tokio::time::timeout(EVERY, self.requests.wake.notified()).await;
        }
    }

    /// Takes in all public posts. Readers see the old index until the new one is whole.
    async fn rebuild(&mut self, writer: IndexWriter) -> Result<IndexWriter, IndexError> {
        // What changes from here on is in the log.
        let position = log::now(&self.db).await?;
        writer.delete_all_documents()?;
        let mut writer = writer;
        let mut after = String::new();
        loop {
            let page = posts::page(&self.db, &after, i64::try_from(BATCH).unwrap_or(1)).await?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            let ids: Vec<String> = page.into_iter().map(|(id, _)| id).collect();
            writer = self.take_in(writer, ids).await?;
        }
        self.position = position;
        self.seen.clear();
        self.commit(writer).await
    }

    /// Takes in what changed since the last time.
    async fn catch_up(&mut self, mut writer: IndexWriter) -> Result<IndexWriter, IndexError> {
        let overlap = log::overlap(self.db.backend()).max(1);
        let (mut since, mut after) = (self.position - overlap, String::new());
        let mut changed = false;
        loop {
            let notes = log::read(&self.db, since, &after, NOTES).await?;
            let Some(last) = notes.last() else { break };
            (since, after) = (last.at, last.id.clone());
            let full = i64::try_from(notes.len()).is_ok_and(|read| read == NOTES);
            let mut ids = Vec::new();
            for note in notes {
                self.position = self.position.max(note.at);
                if self.seen.insert(note.id, note.at).is_none() && !ids.contains(&note.post_id) {
                    ids.push(note.post_id);
                }
            }
            for batch in ids.chunks(BATCH) {
                writer = self.take_in(writer, batch.to_vec()).await?;
                changed = true;
            }
            if !full {
                break;
            }
        }
        let known = self.position - overlap;
        self.seen.retain(|_, at| *at >= known);
        if changed { self.commit(writer).await } else { Ok(writer) }
    }

    /// Makes the index have these posts as they are: public ones as written, others not at all.
    async fn take_in(&self, writer: IndexWriter, ids: Vec<String>) -> Result<IndexWriter, IndexError> {
        let entries = posts::load(&self.db, &ids).await?;
        let store = self.store.clone();
        let work = move || -> Result<IndexWriter, TantivyError> {
            for id in &ids {
                writer.delete_term(Term::from_field_text(store.fields.id, id));
            }
            for entry in entries {
                writer.add_document(entry.into_document(&store.fields))?;
            }
            Ok(writer)
        };
        Ok(spawn_blocking(work).await??)
    }

    /// Makes it last, together with how far the log was read, and visible.
    async fn commit(&self, writer: IndexWriter) -> Result<IndexWriter, IndexError> {
        let state = State { version: schema::VERSION, position: self.position };
        let store = self.store.clone();
        let work = move || -> Result<IndexWriter, TantivyError> {
            let mut writer = writer;
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&serde_json::to_string(&state).unwrap_or_default());
            commit.commit()?;
            store.reload()?;
            Ok(writer)
        };
        Ok(spawn_blocking(work).await??)
    }

    async fn trim(&mut self) -> Result<(), IndexError> {
        if self.trimmed.is_none_or(|then| then.elapsed() > TRIM_EVERY) {
            log::trim(&self.db, log::now(&self.db).await?).await?;
            self.trimmed = Some(Instant::now());
        }
        Ok(())
    }
}
