//! Keeps the answers that are the same for everybody: documents for guests, feeds, the site map.
//!
//! An answer is kept only if it was made with no viewer and without credentials, so it cannot hold anything that is
//! somebody's own; cookies are set after. It goes when one of its tags is purged, when a module version goes live
//! or back, or when there is no room. However many ask for the same thing, it is made once.

pub(crate) mod admin;
mod encoding;
mod flights;
mod front;
mod kept;
mod key;
mod tags;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use kit::Clock;
use metrics::Counter;

pub(crate) use front::Front;
pub(crate) use kept::{Keeping, Kept, etag};
pub(crate) use key::{Shared, named, shared_file};
use tags::Index;
pub(crate) use tags::{Sources, tag};

/// How long an answer that could not be made anew is not tried again.
const RETRY_MS: i64 = 2_000;
/// How long a page is shown after it went stale when a new one cannot be made.
const STALE_IF_ERROR_MS: i64 = 24 * 3600 * 1000;

/// The cache of a process.
pub(crate) struct PageCache {
    pages: moka::sync::Cache<String, Arc<Kept>>,
    index: Mutex<Index>,
    /// What moka put out, until the index has forgotten it too. A lock of its own: moka may tell at any time.
    gone: Arc<Mutex<Vec<Gone>>>,
    flights: flights::Flights,
    clock: Clock,
    counts: Counts,
}

/// An answer that is not kept any more.
struct Gone {
    key: Arc<String>,
    kept: Arc<Kept>,
}

/// What happened since the start.
struct Counts {
    hits: Count,
    stale: Count,
    misses: Count,
    failures: Count,
    purged: Count,
}

struct Count {
    here: AtomicU64,
    exported: Counter,
}

impl Count {
    fn new(outcome: &'static str) -> Self {
        Self { here: AtomicU64::new(0), exported: metrics::counter!("maru_page_cache_total", "outcome" => outcome) }
    }

    fn add(&self, more: u64) {
        self.here.fetch_add(more, Ordering::Relaxed);
        self.exported.increment(more);
    }

    fn get(&self) -> u64 {
        self.here.load(Ordering::Relaxed)
    }
}

/// What is kept, and what became of those who asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statistics {
    /// Answers.
    pub(crate) entries: u64,
    /// Bytes that they are counted with, and how many there may be.
    pub(crate) bytes: u64,
    pub(crate) capacity: u64,
    /// Answered from what was kept and fresh, or was stale and shown meanwhile.
    pub(crate) hits: u64,
    pub(crate) stale: u64,
    /// Had to be made.
    pub(crate) misses: u64,
    /// Could not be made.
    pub(crate) failures: u64,
    /// Went because something changed.
    pub(crate) purged: u64,
    /// Tags and how many answers have them, the most first.
    pub(crate) tags: Vec<(String, usize)>,
}

/// What is purged.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purge<'a> {
    Tag(&'a str),
    /// One document in all languages, or one file: the path as in the URL, whatever the query.
    Path(&'a str),
    All,
}

impl PageCache {
    /// A cache that holds answers of at most `capacity` bytes together.
    pub(crate) fn new(capacity: u64, clock: Clock, tasks: tokio_util::task::TaskTracker) -> Self {
        let gone: Arc<Mutex<Vec<Gone>>> = Arc::default();
        let told = gone.clone();
        let pages = moka::sync::Cache::builder()
            .max_capacity(capacity)
            .weigher(|key: &String, kept: &Arc<Kept>| kept.weight(key))
            .eviction_listener(move |key, kept, _| lock(&told).push(Gone { key, kept }))
            .build();
        metrics::describe_counter!("maru_page_cache_total", "Answers of the page cache by what became of them");
        Self {
            pages,
            index: Mutex::default(),
            gone,
            flights: flights::Flights::new(tasks),
            clock,
            counts: Counts {
                hits: Count::new("hit"),
                stale: Count::new("stale"),
                misses: Count::new("miss"),
                failures: Count::new("failure"),
                purged: Count::new("purged"),
            },
        }
    }

    /// What is kept under `key` and still fresh.
    fn fresh(&self, key: &str, release: &str) -> Option<Arc<Kept>> {
        let kept = self.pages.get(key)?;
        (kept.is_of(release) && self.clock.millis() < kept.fresh_until()).then_some(kept)
    }

    fn count_hit(&self) {
        self.counts.hits.add(1);
    }

    /// The answer for `key`: what is kept, or what `make` makes, once for all who ask meanwhile. What is stale is
    /// answered while a new one is made, and as long as none can be made.
    pub(crate) async fn answer<F>(self: &Arc<Self>, key: &str, release: &str, make: impl FnOnce() -> F) -> Arc<Kept>
    where
        F: Future<Output = Kept> + Send + 'static,
    {
        let kept = self.pages.get(key).filter(|kept| kept.is_of(release));
        let now = self.clock.millis();
        match kept {
            Some(kept) if now < kept.fresh_until() => {
                self.counts.hits.add(1);
                kept
            }
            Some(kept) if now < kept.retry_at() => {
                self.counts.stale.add(1);
                kept
            }
            Some(kept) if now < kept.stale_until() => {
                self.counts.stale.add(1);
                drop(self.fly(key, release, make));
                kept
            }
            old => {
                self.counts.misses.add(1);
                let made = self.fly(key, release, make).landed().await;
                let usable = |old: &Arc<Kept>| now < old.stale_until() + STALE_IF_ERROR_MS;
                match old.filter(usable) {
                    // What was kept is more than what could be made now.
                    Some(old) if made.is_failed() => old,
                    _ => made,
                }
            }
        }
    }

    fn fly<F>(self: &Arc<Self>, key: &str, release: &str, make: impl FnOnce() -> F) -> flights::Flight
    where
        F: Future<Output = Kept> + Send + 'static,
    {
        let since = lock(&self.index).now();
        self.flights.join(key, || {
            let (cache, key, release, making) = (self.clone(), key.to_owned(), release.to_owned(), make());
            async move {
                // Another may have landed between the look at what is kept and this.
                if let Some(kept) = cache.fresh(&key, &release) {
                    return kept;
                }
                let made = Arc::new(making.await);
                cache.take(&key, &made, since);
                made
            }
        })
    }

    /// Keeps what was made, unless something that it was made of has changed since.
    fn take(&self, key: &str, made: &Arc<Kept>, since: u64) {
        if made.is_failed() {
            self.counts.failures.add(1);
            if let Some(old) = self.pages.get(key) {
                old.retry_after(self.clock.millis() + RETRY_MS);
                return;
            }
        }
        let mut index = self.index();
        if !made.may_be_kept() {
            // There is no such page any more, or it is not for everybody.
            self.pages.invalidate(key);
        } else if !index.purged_since(since, made.tags()) {
            let key: Arc<str> = key.into();
            index.add(&key, made.id(), made.tags());
            self.pages.insert(key.as_ref().to_owned(), made.clone());
        }
    }

    /// Forgets what `what` names; answers how many answers those were. What is being made of it is not kept.
    pub(crate) fn purge(&self, what: Purge<'_>) -> usize {
        let mut index = self.index();
        let keys: Vec<String> = match what {
            Purge::Tag(tag) => index.purge(tag).iter().map(|key| key.as_ref().to_owned()).collect(),
            Purge::Path(path) => {
                index.purge_all();
                self.keys_where(|key| key::path_of(key) == path)
            }
            Purge::All => {
                index.purge_all();
                self.keys_where(|_| true)
            }
        };
        // Who asks from now on does not get what was begun before.
        self.flights.detach();
        for key in &keys {
            self.pages.invalidate(key);
        }
        self.counts.purged.add(keys.len() as u64);
        keys.len()
    }

    fn keys_where(&self, matches: impl Fn(&str) -> bool) -> Vec<String> {
        self.pages.iter().map(|(key, _)| key.as_ref().clone()).filter(|key| matches(key)).collect()
    }

    /// The keys of the answers that have that tag, in order.
    pub(crate) fn keys(&self, tag: &str) -> Vec<String> {
        let mut keys: Vec<String> = self.index().keys(tag).map(str::to_owned).collect();
        keys.sort_unstable();
        keys
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.pages.run_pending_tasks();
        Statistics {
            entries: self.pages.entry_count(),
            bytes: self.pages.weighted_size(),
            capacity: self.pages.policy().max_capacity().unwrap_or_default(),
            hits: self.counts.hits.get(),
            stale: self.counts.stale.get(),
            misses: self.counts.misses.get(),
            failures: self.counts.failures.get(),
            purged: self.counts.purged.get(),
            tags: self.index().tags(),
        }
    }

    /// The index, without what is not kept any more.
    fn index(&self) -> MutexGuard<'_, Index> {
        let mut index = lock(&self.index);
        let gone = std::mem::take(&mut *lock(&self.gone));
        for Gone { key, kept } in gone {
            index.remove(&key, kept.id(), kept.tags());
        }
        index
    }
}

impl std::fmt::Debug for PageCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageCache").field("entries", &self.pages.entry_count()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
