//! What is kept for a while because making it takes longer: in process, or in Redis for all replicas.
//!
//! ```ignore
//! let tags: Vec<Tag> = cache.get_or("tags", TTL, &["terms"], || store::tags::all(db)).await?;
//! cache.forget_tag("terms").await; // after the commit that changed one
//! ```
//!
//! A cache never makes a request fail: when Redis is away or holds what cannot be read, the value is
//! made anew. Who must see a change at once forgets after the commit; a change that another process
//! made while Redis was away is seen after the time to live at the latest.

mod local;
mod redis;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Mutex;

pub use redis::InvalidUrl;
pub(crate) use redis::Redis;

/// A cache. Cheap to clone; clones share what is kept. Keys are its own by a prefix, so that services
/// do not meet in one Redis.
#[derive(Clone)]
pub struct Cache {
    part: Part,
    prefix: Arc<str>,
    /// Keys that are being made, so that one makes for all.
    making: Arc<std::sync::Mutex<HashMap<String, Weak<Mutex<()>>>>>,
}

#[derive(Clone)]
enum Part {
    Local(local::Local),
    Redis(redis::Redis),
}

/// How things stood before something was made.
enum Before {
    Local(local::Marks),
    /// `None` where Redis did not say.
    Redis(Option<u64>),
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Cache {
    /// In this process, at most so many bytes.
    pub fn in_process(bytes: u64) -> Self {
        Self::of(Part::Local(local::Local::new(bytes)))
    }

    /// In Redis (`redis://` or `rediss://`), which need not be there yet.
    ///
    /// # Errors
    /// When `url` is not one of Redis.
    pub fn redis(url: &str) -> Result<Self, InvalidUrl> {
        Ok(Self::of(Part::Redis(redis::Redis::new(url)?)))
    }

    fn of(part: Part) -> Self {
        Self { part, prefix: "maru:".into(), making: Arc::default() }
    }

    /// The same cache for the keys of `name` only.
    #[must_use]
    pub fn scoped(&self, name: &str) -> Self {
        Self { prefix: format!("{}{name}:", self.prefix).into(), ..self.clone() }
    }

    /// The Redis it is in, if it is in one, and what its keys begin with.
    pub(crate) fn shared_redis(&self) -> Option<(Redis, Arc<str>)> {
        match &self.part {
            Part::Local(_) => None,
            Part::Redis(redis) => Some((redis.clone(), self.prefix.clone())),
        }
    }

    /// What is kept under `key`.
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let found = self.find(key).await;
        self.count(found.is_some());
        found
    }

    async fn find<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        // What an older version wrote may have another shape: it is made anew.
        serde_json::from_slice(&self.bytes(key).await?).ok()
    }

    async fn bytes(&self, key: &str) -> Option<Bytes> {
        let key = self.key(key);
        match &self.part {
            Part::Local(local) => local.get(&key).await,
            Part::Redis(redis) => redis.get(&key).await.map(Bytes::from),
        }
    }

    /// Keeps `value` under `key` for `ttl`, to be forgotten with any of its `tags`.
    pub async fn set<T: Serialize>(&self, key: &str, value: &T, ttl: Duration, tags: &[&str]) {
        let Ok(bytes) = serde_json::to_vec(value) else { return };
        let (key, tags) = (self.key(key), self.tags(tags));
        match &self.part {
            Part::Local(local) => local.set(key, bytes.into(), ttl, local.marks(&tags)).await,
            Part::Redis(redis) => redis.set(&key, bytes, ttl, &tags).await,
        }
    }

    /// What is kept under `key`, or what `make` answers, kept from then on: for half of `ttl` to all of it, so that what
    /// was made together is not all made again together. However many ask this process at once, one makes it and the
    /// others wait. A failure is not kept.
    ///
    /// What was begun before one of its tags was forgotten is answered and not kept: it may be of before
    /// the change.
    ///
    /// # Errors
    /// What `make` answers.
    pub async fn get_or<T, E>(
        &self,
        key: &str,
        ttl: Duration,
        tags: &[&str],
        make: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
    {
        if let Some(found) = self.get(key).await {
            return Ok(found);
        }
        let turn = self.turn(key);
        let _mine = turn.lock().await;
        if let Some(found) = self.find(key).await {
            return Ok(found);
        }
        let before = self.before(key, tags).await;
        let made = make().await?;
        if let Ok(bytes) = serde_json::to_vec(&made) {
            self.keep(key, bytes.into(), ttl, tags, before).await;
        }
        Ok(made)
    }

    /// The same for a whole answer, which goes out as it is kept and is not read again.
    ///
    /// # Errors
    /// What `make` answers.
    pub async fn bytes_or<E>(
        &self,
        key: &str,
        ttl: Duration,
        tags: &[&str],
        make: impl AsyncFnOnce() -> Result<Bytes, E>,
    ) -> Result<Bytes, E> {
        let found = self.bytes(key).await;
        self.count(found.is_some());
        if let Some(found) = found {
            return Ok(found);
        }
        let turn = self.turn(key);
        let _mine = turn.lock().await;
        if let Some(found) = self.bytes(key).await {
            return Ok(found);
        }
        let before = self.before(key, tags).await;
        let made = make().await?;
        self.keep(key, made.clone(), ttl, tags, before).await;
        Ok(made)
    }

    /// Forgets one key.
    pub async fn forget(&self, key: &str) {
        let key = self.key(key);
        match &self.part {
            Part::Local(local) => local.forget(&key).await,
            Part::Redis(redis) => redis.forget(&key).await,
        }
    }

    /// Forgets all that was kept with this tag.
    pub async fn forget_tag(&self, tag: &str) {
        let tag = self.key(tag);
        match &self.part {
            Part::Local(local) => local.forget_tag(&tag),
            Part::Redis(redis) => redis.forget_tag(&tag).await,
        }
    }

    /// Forgets all keys that begin with `prefix`; with "" all of this scope.
    pub async fn forget_prefix(&self, prefix: &str) {
        let prefix = self.key(prefix);
        match &self.part {
            Part::Local(local) => local.forget_prefix(&prefix),
            Part::Redis(redis) => redis.forget_prefix(&prefix, &self.prefix).await,
        }
    }

    /// How everything stands that `key` depends on, before it is made.
    async fn before(&self, key: &str, tags: &[&str]) -> Before {
        let mut names = self.tags(tags);
        match &self.part {
            Part::Local(local) => Before::Local(local.marks(&names)),
            Part::Redis(redis) => {
                names.extend([self.key(key), self.prefix.to_string()]);
                Before::Redis(redis.generation(&names).await)
            }
        }
    }

    /// Keeps what was made, unless something that it depends on was forgotten meanwhile.
    async fn keep(&self, key: &str, bytes: Bytes, ttl: Duration, tags: &[&str], before: Before) {
        let ttl = spread(ttl, rand::random());
        match (&self.part, before) {
            (Part::Local(local), Before::Local(marks)) => local.set(self.key(key), bytes, ttl, marks).await,
            (Part::Redis(redis), Before::Redis(Some(before))) => {
                let Before::Redis(Some(now)) = self.before(key, tags).await else { return };
                if before == now {
                    redis.set(&self.key(key), bytes.into(), ttl, &self.tags(tags)).await;
                }
            }
            _ => {}
        }
    }

    /// Scopes are services and what they keep, so they are few.
    fn count(&self, hit: bool) {
        let scope = self.prefix.trim_start_matches("maru:").trim_end_matches(':').to_owned();
        let outcome = if hit { "hit" } else { "miss" };
        metrics::counter!("maru_cache_requests_total", "cache" => scope, "outcome" => outcome).increment(1);
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    fn tags(&self, tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| self.key(tag)).collect()
    }

    /// The turn to make `key`.
    fn turn(&self, key: &str) -> Arc<Mutex<()>> {
        let key = self.key(key);
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = making.get(&key).and_then(Weak::upgrade) {
            return turn;
        }
        if making.len() >= 1024 {
            making.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::new(Mutex::new(()));
        making.insert(key, Arc::downgrade(&turn));
        turn
    }
}

/// From half of `ttl` at 0 to all of it at 1.
fn spread(ttl: Duration, chance: f64) -> Duration {
    ttl.mul_f64(chance.mul_add(0.5, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_spread() {
        let ttl = Duration::from_secs(10);
        assert_eq!([0.0, 0.5, 1.0].map(|chance| spread(ttl, chance).as_millis()), [5_000, 7_500, 10_000]);
    }
}
