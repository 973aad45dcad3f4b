//! Buckets of this process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use moka::future::Cache;

use super::{Buckets, Quota, Taken};

/// How many buckets are kept. Whoever brings more keys than that loses the rarely used first.
const MOST: u64 = 100_000;
/// A bucket that nobody asked for so long is full, whatever its quota (see [`Local::take`]).
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3600);

/// Buckets in memory.
pub struct Local {
    /// When a bucket is full again, in microseconds since `start`.
    full_at: Cache<String, Arc<AtomicU64>>,
    start: Instant,
}

impl Default for Local {
    fn default() -> Self {
        let full_at = Cache::builder().max_capacity(MOST).time_to_idle(FORGOTTEN_AFTER).build();
        Self { full_at, start: Instant::now() }
    }
}

impl Local {
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX / 2)
    }
}

#[async_trait]
impl Buckets for Local {
    async fn take(&self, key: &str, quota: Quota) -> Taken {
        let quota = Quota { window: quota.window.min(FORGOTTEN_AFTER), ..quota };
        let bucket = self.full_at.get_with_by_ref(key, async { Arc::default() }).await;
        let now = self.now();
        let mut full_in = 0;
        let counted = bucket.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            full_in = full_at.saturating_sub(now);
            let after = full_in + quota.interval();
            (after <= quota.span()).then_some(now + after)
        });
        match counted {
            Ok(_) => quota.taken(true, full_in + quota.interval()),
            Err(_) => quota.taken(false, full_in),
        }
    }
}
