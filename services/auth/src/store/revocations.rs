//! Access that was revoked lately.

use contracts::auth::{Revocations, RevokedUser};
use kit::{db::sql, id};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

/// Longer than an access token lasts.
const REMEMBERED_MS: i64 = 10 * 60 * 1000;

/// Notes what was revoked of the user.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    user_id: &str,
    generation: u32,
    sessions: &[String],
    now: i64,
) -> Result<(), DbErr> {
    let query = "INSERT INTO revocations (id, user_id, session_id, generation, at) VALUES ($1, $2, $3, $4, $5)";
    let generation = i32::try_from(generation).unwrap_or(i32::MAX);
    let rows = sessions.iter().cloned().map(Some).chain([None]);
    for session in rows {
        let values = [id::new().into(), user_id.into(), session.into(), generation.into(), now.into()];
        sql::execute(tx, query, values).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    user_id: String,
    session_id: Option<String>,
    generation: i32,
}

/// What tokens may still be about of.
pub(crate) async fn recent<C: ConnectionTrait>(db: &C, now: i64) -> Result<Revocations, DbErr> {
    let query = "SELECT user_id, session_id, generation FROM revocations WHERE at > $1 ORDER BY at, id";
    let mut recent = Revocations::default();
    for row in sql::all::<Row, _>(db, query, [(now - REMEMBERED_MS).into()]).await? {
        match row.session_id {
            Some(session) => recent.sessions.push(session),
            None => recent.users.push(RevokedUser {
                user_id: row.user_id,
                generation: u32::try_from(row.generation).unwrap_or_default(),
            }),
        }
    }
    Ok(recent)
}

pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM revocations WHERE at <= $1", [(now - REMEMBERED_MS).into()]).await
}
