//! How much somebody did lately. In the database, so that it holds for all replicas and over a
//! restart.

use kit::{
    ApiError, ApiResult,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

/// A bucket of `burst` attempts that gets one more every so often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) burst: i64,
    pub(crate) one_more_every_ms: i64,
}

/// Comments written or changed, by writer.
pub(crate) const WRITING: Limit = Limit { burst: 6, one_more_every_ms: 20_000 };
/// The same by address, whoever writes there: room for an office, and not for one who has many accounts.
pub(crate) const WRITING_THERE: Limit = Limit { burst: 30, one_more_every_ms: 5_000 };
/// Reports, by reporter.
pub(crate) const REPORTING: Limit = Limit { burst: 10, one_more_every_ms: 60_000 };
/// Guesses at the password of one comment from one address.
pub(crate) const GUESSING_HERE: Limit = Limit { burst: 5, one_more_every_ms: 60_000 };
/// Guesses at the password of one comment from everywhere.
pub(crate) const GUESSING: Limit = Limit { burst: 30, one_more_every_ms: 60_000 };
/// Previews, by address.
pub(crate) const PREVIEWING: Limit = Limit { burst: 30, one_more_every_ms: 1_000 };

#[derive(FromQueryResult)]
struct FullAt {
    full_at: i64,
}

/// Notes an attempt; 429 when there were too many.
pub(crate) async fn take(db: &Db, name: &str, limit: Limit, now: i64) -> ApiResult<()> {
    let cost = limit.one_more_every_ms;
    // One statement, so that attempts at once count each.
    let take = "INSERT INTO buckets (name, full_at) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
        ON CONFLICT (name) DO UPDATE SET full_at = $3 + CASE WHEN buckets.full_at > $2 THEN buckets.full_at ELSE $2 END
        WHERE buckets.full_at <= $4";
    let latest = now + cost * (limit.burst - 1);
    let values = [name.into(), now.into(), cost.into(), latest.into()];
    if sql::execute(db.write(), take, values).await? > 0 {
        return Ok(());
    }
    let full_at =
        sql::one::<FullAt, _>(db.write(), "SELECT full_at FROM buckets WHERE name = $1", [name.into()]).await?;
    let wait = full_at.map_or(cost, |bucket| bucket.full_at - latest);
    Err(ApiError::too_many(u64::try_from(wait).unwrap_or_default().div_ceil(1000).max(1)))
}

/// Makes those who take from this bucket wait until the transaction ends.
pub(crate) async fn hold(tx: &DatabaseTransaction, name: &str, now: i64) -> Result<(), DbErr> {
    // Changes nothing, but locks the row on PostgreSQL; a bucket that is gone is full.
    let lock = "INSERT INTO buckets (name, full_at) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET full_at = buckets.full_at";
    sql::execute(tx, lock, [name.into(), now.into()]).await.map(|_| ())
}

/// Forgets the attempts: it was them.
pub(crate) async fn forgive<C: ConnectionTrait>(db: &C, name: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM buckets WHERE name = $1", [name.into()]).await.map(|_| ())
}

/// Forgets full buckets.
pub(crate) async fn tidy<C: ConnectionTrait>(db: &C, now: i64) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM buckets WHERE full_at < $1", [now.into()]).await.map(|_| ())
}
