//! The cache in the process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use moka::{Expiry, future::Cache};

#[derive(Clone)]
pub(super) struct Local {
    kept: Cache<String, Arc<Kept>>,
    /// Grows whenever anything is forgotten.
    generation: Arc<AtomicU64>,
}

struct Kept {
    bytes: Vec<u8>,
    ttl: Duration,
    tags: Vec<String>,
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
        Self { kept, generation: Arc::default() }
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.kept.get(key).await.map(|kept| kept.bytes.clone())
    }

    pub(super) async fn set(&self, key: String, bytes: Vec<u8>, ttl: Duration, tags: Vec<String>) {
        self.kept.insert(key, Arc::new(Kept { bytes, ttl, tags })).await;
    }

    pub(super) async fn forget(&self, key: &str) {
        self.changed();
        self.kept.invalidate(key).await;
    }

    pub(super) async fn forget_tag(&self, tag: &str) {
        let tag = tag.to_owned();
        self.forget_where(move |_, kept| kept.tags.contains(&tag));
    }

    pub(super) async fn forget_prefix(&self, prefix: &str) {
        let prefix = prefix.to_owned();
        self.forget_where(move |key, _| key.starts_with(&prefix));
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// What matches is no longer answered from now on; it is removed in the background.
    fn forget_where(&self, matches: impl Fn(&String, &Arc<Kept>) -> bool + Send + Sync + 'static) {
        self.changed();
        if self.kept.invalidate_entries_if(matches).is_err() {
            // Only without `support_invalidation_closures`.
            self.kept.invalidate_all();
        }
    }
}
