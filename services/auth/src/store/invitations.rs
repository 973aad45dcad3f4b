//! Invitations to register.

use contracts::{auth, blog::Paged, module::Role};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::tokens::hash;

/// An invitation.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    role: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    used_by: Option<String>,
}

/// A new one, its fields checked.
#[derive(Clone, Debug)]
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) role: Role,
    pub(crate) created_by: &'a str,
    pub(crate) expires_at: i64,
}

impl Invitation {
    pub(crate) fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or_default()
    }

    /// As an admin sees it.
    pub(crate) fn into_dto(self) -> auth::Invitation {
        auth::Invitation {
            role: self.role(),
            id: self.id,
            email: self.email,
            created_at: rfc3339(self.created_at),
            expires_at: rfc3339(self.expires_at),
            used_at: self.used_at.map(rfc3339),
            used_by: self.used_by,
        }
    }
}

const SELECT: &str = "SELECT id, email, role, created_at, expires_at, used_at, used_by FROM invitations";

pub(crate) async fn add(tx: &DatabaseTransaction, new: &NewInvitation<'_>, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO invitations (id, hash, email, role, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        hash(new.token).into(),
        new.email.map(str::to_owned).into(),
        new.role.as_str().into(),
        new.created_by.into(),
        now.into(),
        new.expires_at.into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Invitation>, DbErr> {
    sql::one(db, &format!("{SELECT} WHERE id = $1"), [id.into()]).await
}

/// The invitation of this token, while it is good.
pub(crate) async fn good<C: ConnectionTrait>(db: &C, token: &str, now: i64) -> Result<Option<Invitation>, DbErr> {
    let query = format!("{SELECT} WHERE hash = $1 AND used_at IS NULL AND expires_at > $2");
    sql::one(db, &query, [hash(token).into(), now.into()]).await
}

/// Uses it up, in the transaction that makes the account. Of several at once, one gets it.
pub(crate) async fn take(tx: &DatabaseTransaction, id: &str, user_id: &str, now: i64) -> Result<bool, DbErr> {
    let query = "UPDATE invitations SET used_at = $3, used_by = $2
        WHERE id = $1 AND used_at IS NULL AND expires_at > $3";
    Ok(sql::execute(tx, query, [id.into(), user_id.into(), now.into()]).await? > 0)
}

/// Withdraws one that was not used.
pub(crate) async fn withdraw(tx: &DatabaseTransaction, id: &str) -> Result<bool, DbErr> {
    Ok(sql::execute(tx, "DELETE FROM invitations WHERE id = $1 AND used_at IS NULL", [id.into()]).await? > 0)
}

/// Takes away what tells of a deleted account: invitations to its address that wait, and of used ones whose they were.
/// They stay used.
pub(crate) async fn anonymise(tx: &DatabaseTransaction, user_id: &str, email: &str) -> Result<(), DbErr> {
    let waiting = "DELETE FROM invitations WHERE email = $1 AND used_at IS NULL";
    sql::execute(tx, waiting, [email.into()]).await?;
    let used = "UPDATE invitations SET email = NULL, used_by = CASE WHEN used_by = $1 THEN NULL ELSE used_by END
        WHERE used_by = $1 OR (email = $2 AND used_at IS NOT NULL)";
    sql::execute(tx, used, [user_id.into(), email.into()]).await.map(|_| ())
}

/// Newest first.
pub(crate) async fn page(db: &Db, page: u32, size: u32) -> Result<Paged<auth::Invitation>, DbErr> {
    let query = format!("{SELECT} ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2");
    let offset = i64::from(page.saturating_sub(1)) * i64::from(size);
    let rows = sql::all::<Invitation, _>(db.read(), &query, [i64::from(size).into(), offset.into()]).await?;
    let total = sql::number(db.read(), "SELECT COUNT(*) AS n FROM invitations", []).await?;
    let items = rows.into_iter().map(Invitation::into_dto).collect();
    Ok(Paged { items, total: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// Forgets those that ended, used or not, before this.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, before: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM invitations WHERE expires_at < $1", [before.into()]).await
}
