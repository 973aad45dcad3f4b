//! Buckets of all replicas. Redis's own clock counts, so that replicas need not agree about the time.

use async_trait::async_trait;
use redis::{Script, aio::ConnectionManager};

use super::{Buckets, Local, Quota, Taken};
use crate::cache::Redis;

/// `KEYS`: the bucket. `ARGV`: interval and window, in microseconds. Answers whether it is allowed (1 or 0),
/// and in how many microseconds the bucket is full. Numbers are written out: Lua would round a time.
const TAKE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_in = math.max(tonumber(redis.call('GET', KEYS[1]) or now) - now, 0)
local after = full_in + interval
if after > window then
    return {0, full_in}
end
redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', math.ceil(after / 1000))
return {1, after}";

/// Buckets in Redis.
pub(super) struct Shared {
    redis: Redis,
    prefix: String,
    script: Script,
    /// Counts while Redis is away.
    own: Local,
}

impl Shared {
    pub(super) fn new(redis: Redis, prefix: &str) -> Self {
        Self { redis, prefix: format!("{prefix}rates:"), script: Script::new(TAKE), own: Local::default() }
    }
}

#[async_trait]
impl Buckets for Shared {
    async fn take(&self, key: &str, quota: Quota) -> Taken {
        let mut call = self.script.prepare_invoke();
        call.key(format!("{}{key}", self.prefix)).arg(quota.interval()).arg(quota.span());
        let ask = async |mut redis: ConnectionManager| call.invoke_async::<(u8, u64)>(&mut redis).await;
        match self.redis.ask(ask).await {
            Some((allowed, full_in)) => quota.taken(allowed == 1, full_in),
            None => self.own.take(key, quota).await,
        }
    }
}
