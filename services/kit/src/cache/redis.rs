//! The cache of all replicas.
//!
//! A tag or a key that is forgotten gets a new generation (`…#g`); a set of keys stands beside each tag
//! (`…#t`). Both live a day longer than what they speak of may.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use redis::{
    AsyncCommands, Client, IntoConnectionInfo, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::OnceCell;

use crate::error::Chain;

/// The URL is not one of Redis. It is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("the URL of the cache must be redis:// or rediss://")]
pub struct InvalidUrl;

#[derive(Clone)]
pub(crate) struct Redis {
    client: Client,
    connection: Arc<OnceCell<ConnectionManager>>,
    /// Until when nobody asks, since it did not answer.
    away_until: Arc<Mutex<Option<Instant>>>,
}

/// A cache that takes longer than this is no use.
const PATIENCE: Duration = Duration::from_millis(250);
/// A Redis that did not answer is not asked for so long: every request would wait for it.
const LEAVE_ALONE: Duration = Duration::from_secs(1);
/// Longest time to live.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// `KEYS`: the key, then its tags' sets. `ARGV`: the bytes, the milliseconds to live, how long sets live.
const SET: &str = "
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 2, #KEYS do
    redis.call('SADD', KEYS[i], KEYS[1])
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
end";

/// `KEYS`: the tag's set, its generation. `ARGV`: how long generations live.
const FORGET_TAG: &str = "
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
local keys = redis.call('SMEMBERS', KEYS[1])
for i = 1, #keys, 1000 do
    redis.call('UNLINK', unpack(keys, i, math.min(i + 999, #keys)))
end
redis.call('UNLINK', KEYS[1])";

impl Redis {
    pub(super) fn new(url: &str) -> Result<Self, InvalidUrl> {
        let info = url.into_connection_info().map_err(|_| InvalidUrl)?;
        let client = Client::open(info).map_err(|_| InvalidUrl)?;
        Ok(Self { client, connection: Arc::default(), away_until: Arc::default() })
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.ask(async |mut redis| redis.get::<_, Option<Vec<u8>>>(key).await).await?
    }

    pub(super) async fn set(&self, key: &str, bytes: Vec<u8>, ttl: Duration, tags: &[String]) {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let script = Script::new(SET);
        let mut call = script.prepare_invoke();
        call.key(key).arg(bytes).arg(millis(ttl.min(LONGEST))).arg(millis(LONGEST * 2));
        for tag in tags {
            call.key(format!("{tag}#t"));
        }
        self.ask(async |mut redis| call.invoke_async::<()>(&mut redis).await).await;
    }

    pub(super) async fn forget(&self, key: &str) {
        let generation = format!("{key}#g");
        let longest = i64::try_from((LONGEST * 2).as_secs()).unwrap_or(i64::MAX);
        let forget = async |mut redis: ConnectionManager| {
            let mut both = redis::pipe();
            both.atomic().incr(&generation, 1).ignore().expire(&generation, longest).ignore().unlink(key).ignore();
            both.query_async::<()>(&mut redis).await
        };
        self.ask(forget).await;
    }

    pub(super) async fn forget_tag(&self, tag: &str) {
        let script = Script::new(FORGET_TAG);
        let mut call = script.prepare_invoke();
        let longest = u64::try_from((LONGEST * 2).as_millis()).unwrap_or(u64::MAX);
        call.key(format!("{tag}#t")).key(format!("{tag}#g")).arg(longest);
        self.ask(async |mut redis| call.invoke_async::<()>(&mut redis).await).await;
    }

    /// `scope` is what all keys of the caller begin with.
    pub(super) async fn forget_prefix(&self, prefix: &str, scope: &str) {
        // What is being made at the moment must not be kept either.
        self.forget(scope).await;
        let pattern = format!("{}*", escaped(prefix));
        let mut cursor = 0_u64;
        loop {
            let step = async |mut redis: ConnectionManager| {
                let (next, keys): (u64, Vec<String>) = redis::cmd("SCAN")
                    .arg(cursor)
                    .arg("MATCH")
                    .arg(&pattern)
                    .arg("COUNT")
                    .arg(1000)
                    .query_async(&mut redis)
                    .await?;
                let keys: Vec<String> = keys.into_iter().filter(|key| !key.ends_with("#g")).collect();
                if !keys.is_empty() {
                    redis.unlink::<_, ()>(keys).await?;
                }
                Ok(next)
            };
            match self.ask(step).await {
                Some(0) | None => return,
                Some(next) => cursor = next,
            }
        }
    }

    /// The generations of these keys and tags together.
    pub(super) async fn generation(&self, names: &[String]) -> Option<u64> {
        let keys: Vec<String> = names.iter().map(|name| format!("{name}#g")).collect();
        let all = self.ask(async |mut redis| redis.mget::<_, Vec<Option<u64>>>(&keys).await).await?;
        Some(all.into_iter().flatten().sum())
    }

    /// Asks Redis; `None` when it is away or says no, which is logged and no more.
    pub(crate) async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(ConnectionManager) -> Result<T, RedisError>,
    ) -> Option<T> {
        if self.away_until().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let answer = async {
            let connection = self.connection.get_or_try_init(|| self.connect()).await?;
            question(connection.clone()).await
        };
        let cause = match tokio::time::timeout(PATIENCE * 2, answer).await {
            Ok(Ok(answer)) => return Some(answer),
            // It is there and says no.
            Ok(Err(error)) if error.code().is_some() => {
                tracing::warn!(cause = %Chain(&error), "Redis refused");
                return None;
            }
            Ok(Err(error)) => Chain(&error).to_string(),
            Err(_) => "it took too long".to_owned(),
        };
        tracing::warn!(cause, "Redis is away; going on without it");
        *self.away_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + LEAVE_ALONE);
        None
    }

    fn away_until(&self) -> Option<Instant> {
        *self.away_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<ConnectionManager, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        self.client.get_connection_manager_with_config(config).await
    }
}

/// A prefix for MATCH, where `*`, `?`, `[` and `\` mean something.
fn escaped(prefix: &str) -> String {
    prefix.chars().fold(String::with_capacity(prefix.len()), |mut text, letter| {
        if matches!(letter, '*' | '?' | '[' | ']' | '\\') {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}
