//! How often somebody may try.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// A bucket of `burst` attempts that gets one more every so often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) burst: u32,
    pub(crate) one_more_every_ms: i64,
}

/// Counts attempts by key. In memory: a restart forgives, and each replica counts for itself.
pub(crate) struct Throttle {
    limit: Limit,
    /// For each key the time at which its bucket is full again.
    full_at: Mutex<HashMap<String, i64>>,
}

/// More keys than this and those with full buckets are forgotten.
const MANY: usize = 10_000;

impl Throttle {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, full_at: Mutex::default() }
    }

    /// Notes an attempt. When there were too many: after how many seconds the next one is allowed.
    pub(crate) fn attempt(&self, key: &str, now_ms: i64) -> Result<(), u64> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() > MANY {
            full_at.retain(|_, at| *at > now_ms);
        }
        let cost = self.limit.one_more_every_ms;
        let next = full_at.get(key).map_or(now_ms, |at| (*at).max(now_ms)) + cost;
        let wait = next - now_ms - cost * i64::from(self.limit.burst);
        if wait > 0 {
            return Err(u64::try_from(wait).unwrap_or_default().div_ceil(1000));
        }
        full_at.insert(key.to_owned(), next);
        Ok(())
    }

    /// Forgets the attempts of `key`: it was them.
    pub(crate) fn forgive(&self, key: &str) {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, Throttle};

    #[test]
    fn a_burst_then_one_at_a_time() {
        let throttle = Throttle::new(Limit { burst: 3, one_more_every_ms: 10_000 });
        for _ in 0..3 {
            assert_eq!(throttle.attempt("a", 0), Ok(()));
        }
        assert_eq!(throttle.attempt("a", 0), Err(10));
        assert_eq!(throttle.attempt("b", 0), Ok(()), "others are not concerned");
        assert_eq!(throttle.attempt("a", 4_500), Err(6));
        assert_eq!(throttle.attempt("a", 10_000), Ok(()));
        assert_eq!(throttle.attempt("a", 10_000), Err(10));
        throttle.forgive("a");
        assert_eq!(throttle.attempt("a", 10_000), Ok(()));
    }
}
