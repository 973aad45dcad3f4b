//! Refresh tokens, hashed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

/// What is known of a token that was shown.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Known {
    pub(crate) session_id: String,
    pub(crate) user_id: String,
    pub(crate) session_created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) audience: String,
    pub(crate) replaced_at: Option<i64>,
}

/// What is kept of a token. It is 256 random bits, so one round of a fast digest is enough.
pub(crate) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// The token and its session, locked for the change that follows.
pub(crate) async fn lock(tx: &DatabaseTransaction, token: &str) -> Result<Option<Known>, DbErr> {
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let query = format!(
        "SELECT t.session_id, s.user_id, s.created_at AS session_created_at, s.expires_at, s.audience,
            t.replaced_at
        FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1{lock}"
    );
    sql::one(tx, &query, [hash(token).into()]).await
}

/// A new token of the session, in the place of `parent`.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    token: &str,
    session_id: &str,
    parent: Option<&str>,
    now: i64,
) -> Result<(), DbErr> {
    let query = "INSERT INTO refresh_tokens (hash, session_id, parent, issued_at) VALUES ($1, $2, $3, $4)";
    let values = [hash(token).into(), session_id.into(), parent.map(hash).into(), now.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Whether a token that took the place of this one was itself used: then its owner has long moved on.
pub(crate) async fn is_left_behind(tx: &DatabaseTransaction, token: &str) -> Result<bool, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM refresh_tokens WHERE parent = $1 AND replaced_at IS NOT NULL";
    Ok(sql::number(tx, query, [hash(token).into()]).await? > 0)
}

/// Replaced tokens are remembered for a week: who comes later with one is refused all the same.
const REMEMBERED_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The token of this session was used; the first time counts.
pub(crate) async fn replace(tx: &DatabaseTransaction, token: &str, session_id: &str, now: i64) -> Result<(), DbErr> {
    let forget = "DELETE FROM refresh_tokens WHERE session_id = $1 AND replaced_at < $2";
    sql::execute(tx, forget, [session_id.into(), (now - REMEMBERED_MS).into()]).await?;
    let query = "UPDATE refresh_tokens SET replaced_at = $2 WHERE hash = $1 AND replaced_at IS NULL";
    sql::execute(tx, query, [hash(token).into(), now.into()]).await.map(|_| ())
}
