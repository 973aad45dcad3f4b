//! Attempts, by key. In the database, so that a restart does not forgive and replicas count together.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

use crate::domain::throttle::Limit;

#[derive(FromQueryResult)]
struct Bucket {
    full_at: i64,
}

/// Notes an attempt. When there were too many: after how many seconds the next one is allowed.
pub(crate) async fn attempt<C: ConnectionTrait>(
    db: &C,
    limit: Limit,
    whose: &str,
    now: i64,
) -> Result<Result<(), u64>, DbErr> {
    let key = key(limit, whose);
    let query = "INSERT INTO throttle (key, full_at) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE
        SET full_at = CASE WHEN throttle.full_at > $3 THEN throttle.full_at ELSE $3 END + $4
        WHERE throttle.full_at <= $5";
    let cost = limit.one_more_every_ms;
    let latest = now + limit.room() - cost;
    let values = [key.as_str().into(), (now + cost).into(), now.into(), cost.into(), latest.into()];
    if sql::execute(db, query, values).await? > 0 {
        return Ok(Ok(()));
    }
    let query = "SELECT full_at FROM throttle WHERE key = $1";
    let full_at = sql::one::<Bucket, _>(db, query, [key.into()]).await?.map_or(now, |bucket| bucket.full_at);
    let wait = limit.wait(full_at, now).max(1);
    Ok(Err(u64::try_from(wait).unwrap_or_default().div_ceil(1000)))
}

/// Forgets the attempts: it was them.
pub(crate) async fn forgive<C: ConnectionTrait>(db: &C, limit: Limit, whose: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM throttle WHERE key = $1", [key(limit, whose).into()]).await.map(|_| ())
}

/// Full buckets are the same as none.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM throttle WHERE full_at <= $1", [now.into()]).await
}

fn key(limit: Limit, whose: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{}\n{whose}", limit.name)))
}
