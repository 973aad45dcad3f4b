//! Signing keys, sealed.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// A key as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredKey {
    pub(crate) kid: String,
    pub(crate) alg: String,
    pub(crate) sealed: String,
    pub(crate) created_at: i64,
    pub(crate) active_at: i64,
}

/// All keys, newest first.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<StoredKey>, DbErr> {
    let query = "SELECT kid, alg, sealed, created_at, active_at FROM signing_keys ORDER BY active_at DESC, kid";
    sql::all(db, query, []).await
}

pub(crate) async fn add<C: ConnectionTrait>(db: &C, key: StoredKey) -> Result<(), DbErr> {
    let query = "INSERT INTO signing_keys (kid, alg, sealed, created_at, active_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kid) DO UPDATE SET sealed = excluded.sealed";
    let StoredKey { kid, alg, sealed, created_at, active_at } = key;
    sql::execute(db, query, [kid.into(), alg.into(), sealed.into(), created_at.into(), active_at.into()])
        .await
        .map(|_| ())
}

pub(crate) async fn remove<C: ConnectionTrait>(db: &C, kid: &str) -> Result<bool, DbErr> {
    Ok(sql::execute(db, "DELETE FROM signing_keys WHERE kid = $1", [kid.into()]).await? > 0)
}

/// Takes them all away; answers their names.
pub(crate) async fn remove_all<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Kid {
        kid: String,
    }
    let rows = sql::all::<Kid, _>(db, "DELETE FROM signing_keys RETURNING kid", []).await?;
    Ok(rows.into_iter().map(|row| row.kid).collect())
}
