//! The cache in the process.
//!
//! A tag is a number that grows when it is forgotten. What is kept remembers the numbers that its tags
//! had before it was made, and counts only while they are the same: forgetting takes one addition, and
//! what was made of older things is never answered, however late it comes.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use moka::{Expiry, future::Cache};

/// So many tags are known before those that nothing has any more are looked for.
const TAGS: usize = 4096;

#[derive(Clone)]
pub(super) struct Local {
    kept: Cache<String, Arc<Kept>>,
    tags: Arc<RwLock<HashMap<String, Tag>>>,
    /// Grows whenever a key or a prefix is forgotten.
    keys: Tag,
}

type Tag = Arc<AtomicU64>;

/// How tags and keys stood at a moment.
pub(super) struct Marks {
    tags: Vec<(Tag, u64)>,
    keys: u64,
}

struct Kept {
    bytes: Bytes,
    ttl: Duration,
    tags: Vec<(Tag, u64)>,
}

impl Kept {
    fn counts(&self) -> bool {
        self.tags.iter().all(|(tag, then)| tag.load(Ordering::SeqCst) == *then)
    }
}

struct ByTtl;

impl Expiry<String, Arc<Kept>> for ByTtl {
    fn expire_after_create(&self, _: &String, kept: &Arc<Kept>, _: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(&self, _: &String, kept: &Arc<Kept>, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(kept.ttl)
    }
}

impl Local {
    pub(super) fn new(bytes: u64) -> Self {
        let kept = Cache::builder()
            .max_capacity(bytes)
            .weigher(|key: &String, kept: &Arc<Kept>| {
                u32::try_from(key.len() + kept.bytes.len() + 128).unwrap_or(u32::MAX)
            })
            .expire_after(ByTtl)
            .support_invalidation_closures()
            .build();
        Self { kept, tags: Arc::default(), keys: Tag::default() }
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        let kept = self.kept.get(key).await?;
        kept.counts().then(|| kept.bytes.clone())
    }

    /// How these tags stand now. Taken before something is made, for [`Self::set`].
    pub(super) fn marks(&self, tags: &[String]) -> Marks {
        let tags = tags.iter().map(|tag| self.tag(tag)).map(|tag| (tag.clone(), tag.load(Ordering::SeqCst))).collect();
        Marks { tags, keys: self.keys.load(Ordering::SeqCst) }
    }

    /// Keeps what was made after `marks` were taken.
    pub(super) async fn set(&self, key: String, bytes: Bytes, ttl: Duration, marks: Marks) {
        if marks.keys == self.keys.load(Ordering::SeqCst) {
            self.kept.insert(key, Arc::new(Kept { bytes, ttl, tags: marks.tags })).await;
        }
    }

    pub(super) async fn forget(&self, key: &str) {
        self.keys.fetch_add(1, Ordering::SeqCst);
        self.kept.invalidate(key).await;
    }

    pub(super) fn forget_tag(&self, tag: &str) {
        // One that nobody knows is of nothing that is kept or being made.
        if let Some(tag) = self.tags.read().unwrap_or_else(PoisonError::into_inner).get(tag) {
            tag.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// What begins like that is no longer answered from now on; it is removed in the background.
    pub(super) fn forget_prefix(&self, prefix: &str) {
        self.keys.fetch_add(1, Ordering::SeqCst);
        let prefix = prefix.to_owned();
        if self.kept.invalidate_entries_if(move |key, _| key.starts_with(&prefix)).is_err() {
            // Only without `support_invalidation_closures`.
            self.kept.invalidate_all();
        }
    }

    fn tag(&self, name: &str) -> Tag {
        if let Some(tag) = self.tags.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return tag.clone();
        }
        let mut tags = self.tags.write().unwrap_or_else(PoisonError::into_inner);
        if tags.len() >= TAGS {
            tags.retain(|_, tag| Arc::strong_count(tag) > 1);
        }
        tags.entry(name.to_owned()).or_default().clone()
    }
}
