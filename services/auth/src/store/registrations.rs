//! Accounts that wait for the link sent to their address.

use kit::{db::sql, id};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::links::lifetime_ms;

/// What somebody typed, the password hashed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Registration {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: String,
    pub(crate) locale: Option<String>,
    pub(crate) invitation_id: Option<String>,
}

/// A new one; `id` is given here.
pub(crate) async fn add(tx: &DatabaseTransaction, registration: Registration, now: i64) -> Result<Registration, DbErr> {
    let registration = Registration { id: id::new(), ..registration };
    let query = "INSERT INTO registrations (id, email, name, password_hash, locale, invitation_id, created_at,
            expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Registration { id, email, name, password_hash, locale, invitation_id } = registration.clone();
    let expires_at = now + lifetime_ms(contracts::auth::LinkPurpose::Registration);
    let values = [
        id.into(),
        email.into(),
        name.into(),
        password_hash.into(),
        locale.into(),
        invitation_id.into(),
        now.into(),
        expires_at.into(),
    ];
    sql::execute(tx, query, values).await?;
    Ok(registration)
}

const SELECT: &str = "SELECT id, email, name, password_hash, locale, invitation_id FROM registrations WHERE ";

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Registration>, DbErr> {
    sql::one(db, &format!("{SELECT} id = $1"), [id.into()]).await
}

/// The newest that waits for this address.
pub(crate) async fn newest<C: ConnectionTrait>(db: &C, email: &str, now: i64) -> Result<Option<Registration>, DbErr> {
    let query = format!("{SELECT} email = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 1");
    sql::one(db, &query, [email.into(), now.into()]).await
}

pub(crate) async fn remove<C: ConnectionTrait>(db: &C, id: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM registrations WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// All that wait for this address.
pub(crate) async fn remove_all<C: ConnectionTrait>(db: &C, email: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM registrations WHERE email = $1", [email.into()]).await.map(|_| ())
}

pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM registrations WHERE expires_at <= $1", [now.into()]).await
}
