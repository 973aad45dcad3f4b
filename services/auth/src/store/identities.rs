//! Who a user is elsewhere.

use contracts::auth;
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Row {
    provider: String,
    subject: String,
    email: Option<String>,
    created_at: i64,
}

#[derive(FromQueryResult)]
struct Owner {
    user_id: String,
}

/// Identities of the user.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, user_id: &str) -> Result<Vec<auth::Identity>, DbErr> {
    let query = "SELECT provider, subject, email, created_at FROM identities WHERE user_id = $1 ORDER BY provider";
    let rows = sql::all::<Row, _>(db, query, [user_id.into()]).await?;
    let identity = |row: Row| auth::Identity {
        provider: row.provider,
        subject: row.subject,
        email: row.email,
        created_at: rfc3339(row.created_at),
    };
    Ok(rows.into_iter().map(identity).collect())
}

/// Whose identity it is.
pub(crate) async fn owner<C: ConnectionTrait>(db: &C, provider: &str, subject: &str) -> Result<Option<String>, DbErr> {
    let query = "SELECT user_id FROM identities WHERE provider = $1 AND subject = $2";
    Ok(sql::one::<Owner, _>(db, query, [provider.into(), subject.into()]).await?.map(|row| row.user_id))
}

/// The identity is the user's. False when it, or the user's place for one, is taken.
pub(crate) async fn link(
    tx: &DatabaseTransaction,
    user_id: &str,
    provider: &str,
    subject: &str,
    email: Option<&str>,
    now: i64,
) -> Result<bool, DbErr> {
    let query = "INSERT INTO identities (provider, subject, user_id, email, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING";
    let email = email.map(str::to_owned);
    let values = [provider.into(), subject.into(), user_id.into(), email.into(), now.into()];
    Ok(sql::execute(tx, query, values).await? > 0)
}

/// It is theirs no longer.
pub(crate) async fn unlink(tx: &DatabaseTransaction, user_id: &str, provider: &str) -> Result<bool, DbErr> {
    let query = "DELETE FROM identities WHERE user_id = $1 AND provider = $2";
    Ok(sql::execute(tx, query, [user_id.into(), provider.into()]).await? > 0)
}

/// None is theirs any longer.
pub(crate) async fn unlink_all(tx: &DatabaseTransaction, user_id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM identities WHERE user_id = $1", [user_id.into()]).await.map(|_| ())
}
