//! Sessions: families of refresh tokens.

use kit::db::sql;
use sea_orm::{DatabaseTransaction, DbErr};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A session that is not used ends after this.
const IDLE_MS: i64 = 30 * DAY_MS;
/// And any after this.
const WHOLE_MS: i64 = 180 * DAY_MS;

/// A new session. Those of the user that ended by themselves are forgotten on the way.
pub(crate) async fn open(tx: &DatabaseTransaction, id: &str, user_id: &str, now: i64) -> Result<(), DbErr> {
    let forget = "DELETE FROM sessions WHERE user_id = $1 AND expires_at < $2";
    sql::execute(tx, forget, [user_id.into(), now.into()]).await?;
    let insert = "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
    sql::execute(tx, insert, [id.into(), user_id.into(), now.into(), (now + IDLE_MS).into()]).await.map(|_| ())
}

/// The session was used.
pub(crate) async fn touch(tx: &DatabaseTransaction, id: &str, created_at: i64, now: i64) -> Result<(), DbErr> {
    let expires_at = (now + IDLE_MS).min(created_at + WHOLE_MS);
    let query = "UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into(), expires_at.into()]).await.map(|_| ())
}

/// Ends the session and all its tokens.
pub(crate) async fn end(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM sessions WHERE id = $1", [id.into()]).await.map(|_| ())
}
