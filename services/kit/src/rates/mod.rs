//! How often somebody may do something: a bucket for each that fills again evenly, in this process or
//! in Redis for all replicas.
//!
//! Both count by the generic cell rate algorithm: all that is kept of a bucket is when it will be full
//! again. Whoever asks leaves it full one interval later, and is refused when that is more than the window
//! away; being refused costs nothing.
//!
//! ```ignore
//! let taken = buckets.take("login:203.0.113.9", Quota::per_minute(10)).await;
//! if !taken.allowed { return Err(ApiError::too_many(taken.retry_after.as_secs())); }
//! ```

mod local;
mod redis;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

pub use local::Local;

use crate::cache::Cache;

/// How often in how long. A bucket that was left alone for a whole window allows all of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// At least 1.
    pub requests: u32,
    /// At least a millisecond.
    pub window: Duration,
}

impl Quota {
    /// So many a minute.
    pub fn per_minute(requests: u32) -> Self {
        Self { requests, window: Duration::from_secs(60) }
    }

    /// Microseconds after which one more is allowed.
    fn interval(self) -> u64 {
        (self.span() / u64::from(self.requests.max(1))).max(1)
    }

    /// The window in microseconds.
    fn span(self) -> u64 {
        u64::try_from(self.window.as_micros()).unwrap_or(u64::MAX).clamp(1000, 1 << 50)
    }

    /// What a bucket answers that is full again so many microseconds from now.
    fn taken(self, allowed: bool, full_in: u64) -> Taken {
        let free = self.span().saturating_sub(full_in) / self.interval();
        let wait = (full_in + self.interval()).saturating_sub(self.span());
        Taken {
            allowed,
            remaining: u32::try_from(free).unwrap_or(u32::MAX).min(self.requests),
            full_in: Duration::from_micros(full_in),
            retry_after: Duration::from_micros(if allowed { 0 } else { wait }),
        }
    }
}

/// What a bucket answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Whether it may be done now.
    pub allowed: bool,
    /// How many more are allowed at once.
    pub remaining: u32,
    /// When all are allowed again, if nobody asks meanwhile.
    pub full_in: Duration,
    /// When one more is allowed; zero when this one was.
    pub retry_after: Duration,
}

/// Buckets by key.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// Asks whether what `key` stands for may be done once more, and counts it if so. A key is to be asked
    /// with one quota only.
    async fn take(&self, key: &str, quota: Quota) -> Taken;
}

/// Buckets that are kept where `cache` keeps its values. While its Redis is away each process counts for
/// itself.
pub fn beside(cache: &Cache) -> Arc<dyn Buckets> {
    match cache.shared_redis() {
        Some((redis, prefix)) => Arc::new(redis::Shared::new(redis, &prefix)),
        None => Arc::new(Local::default()),
    }
}
