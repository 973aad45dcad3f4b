//! Sign-ins under way at a provider, and id tokens that were taken.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::tokens::hash;

/// How long a sign-in may take.
const LIFETIME_MS: i64 = 10 * 60 * 1000;

/// A sign-in that is under way.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Login {
    pub(crate) provider: String,
    pub(crate) binding_hash: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) next: String,
    pub(crate) user_id: Option<String>,
}

pub(crate) async fn begin<C: ConnectionTrait>(db: &C, state: &str, login: &Login, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO oidc_logins (state_hash, provider, binding_hash, nonce, verifier, next, user_id,
            expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Login { provider, binding_hash, nonce, verifier, next, user_id } = login.clone();
    let values = [
        hash(state).into(),
        provider.into(),
        binding_hash.into(),
        nonce.into(),
        verifier.into(),
        next.into(),
        user_id.into(),
        (now + LIFETIME_MS).into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// The sign-in of this state, which is used up by it.
pub(crate) async fn take<C: ConnectionTrait>(db: &C, state: &str, now: i64) -> Result<Option<Login>, DbErr> {
    let query = "DELETE FROM oidc_logins WHERE state_hash = $1 AND expires_at > $2
        RETURNING provider, binding_hash, nonce, verifier, next, user_id";
    sql::one(db, query, [hash(state).into(), now.into()]).await
}

/// Notes that an id token was taken; false when it was before.
pub(crate) async fn use_id_token<C: ConnectionTrait>(db: &C, token: &str, expires_at: i64) -> Result<bool, DbErr> {
    let query = "INSERT INTO used_id_tokens (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    Ok(sql::execute(db, query, [hash(token).into(), expires_at.into()]).await? > 0)
}

pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    let logins = sql::execute(db, "DELETE FROM oidc_logins WHERE expires_at <= $1", [now.into()]).await?;
    Ok(logins + sql::execute(db, "DELETE FROM used_id_tokens WHERE expires_at <= $1", [now.into()]).await?)
}
