//! Accounts.

use contracts::{
    auth::{UserCard, UserStatus},
    module::Role,
};
use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Value};

use crate::domain::names;

/// An account.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) name: String,
    pub(crate) bio: String,
    pub(crate) avatar: Option<String>,
    role: String,
    status: String,
    pub(crate) locale: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) email_verified_at: Option<i64>,
    pub(crate) generation: i32,
    pub(crate) last_seen_at: Option<i64>,
    pub(crate) deleted_at: Option<i64>,
}

/// A new account, its fields checked.
#[derive(Debug, Default)]
pub(crate) struct NewAccount {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) name: String,
    pub(crate) bio: String,
    pub(crate) avatar: Option<String>,
    pub(crate) role: Role,
    pub(crate) locale: Option<String>,
    pub(crate) author_key: Option<String>,
    pub(crate) email_verified_at: Option<i64>,
}

pub(super) const COLUMNS: &str = "id, email, password_hash, name, bio, avatar, role, status, locale, created_at, \
    email_verified_at, generation, last_seen_at, deleted_at";

/// What stands in the place of a deleted user's name.
pub(crate) const DELETED_NAME: &str = "Deleted user";

impl User {
    pub(crate) fn role(&self) -> Role {
        // The table's CHECK admits nothing else.
        Role::parse(&self.role).unwrap_or_default()
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == "ACTIVE" && self.deleted_at.is_none()
    }

    pub(crate) fn status(&self) -> UserStatus {
        if self.is_active() { UserStatus::Active } else { UserStatus::Suspended }
    }

    /// The first generation of tokens that is good.
    pub(crate) fn generation(&self) -> u32 {
        u32::try_from(self.generation).unwrap_or_default()
    }

    /// As everybody sees them.
    pub(crate) fn card(&self) -> UserCard {
        let Self { id, name, bio, avatar, .. } = self.clone();
        UserCard { id, name, bio, avatar }
    }
}

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<User>, DbErr> {
    one(db, "id = $1", id).await
}

/// The account, locked for the change that follows.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: &str) -> Result<Option<User>, DbErr> {
    one(tx, &format!("id = $1{}", for_update(tx)), id).await
}

/// `email` in lower case.
pub(crate) async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<User>, DbErr> {
    one(db, "email = $1", email).await
}

pub(crate) async fn by_author_key<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<User>, DbErr> {
    one(db, "author_key = $1", key).await
}

async fn one<C: ConnectionTrait>(db: &C, condition: &str, value: &str) -> Result<Option<User>, DbErr> {
    sql::one(db, &format!("SELECT {COLUMNS} FROM users WHERE {condition}"), [value.into()]).await
}

fn for_update(tx: &DatabaseTransaction) -> &'static str {
    // A transaction on SQLite is the only one that writes.
    if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" }
}

/// Those of `ids` that exist, in no particular order.
pub(crate) async fn by_ids<C: ConnectionTrait>(db: &C, ids: &[&str]) -> Result<Vec<User>, DbErr> {
    let places = (1..=ids.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let values = ids.iter().map(|id| Value::from(*id));
    sql::all(db, &format!("SELECT {COLUMNS} FROM users WHERE id IN ({places})"), values).await
}

/// A new account; nothing happens when its author key exists.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, account: NewAccount, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO users (id, email, password_hash, name, name_key, bio, avatar, role, locale, author_key,
            email_verified_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) ON CONFLICT (author_key) DO NOTHING";
    let values = [
        account.id.into(),
        account.email.into(),
        account.password_hash.into(),
        account.name.as_str().into(),
        names::key(&account.name).into(),
        account.bio.into(),
        account.avatar.into(),
        account.role.as_str().into(),
        account.locale.into(),
        account.author_key.into(),
        account.email_verified_at.into(),
        now.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// Writes what an owner may change.
pub(crate) async fn update_profile(tx: &DatabaseTransaction, user: &User, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET name = $2, name_key = $3, bio = $4, avatar = $5, locale = $6, updated_at = $7
        WHERE id = $1";
    let key = names::key(&user.name);
    let User { id, name, bio, avatar, locale, .. } = user.clone();
    let values = [id.into(), name.into(), key.into(), bio.into(), avatar.into(), locale.into(), now.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

pub(crate) async fn set_password<C: ConnectionTrait>(db: &C, id: &str, hash: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1";
    sql::execute(db, query, [id.into(), hash.into(), now.into()]).await.map(|_| ())
}

/// The address of the account is this one, and it was shown that it is theirs.
pub(crate) async fn set_email<C: ConnectionTrait>(db: &C, id: &str, email: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET email = $2, email_verified_at = $3, updated_at = $3 WHERE id = $1";
    sql::execute(db, query, [id.into(), email.into(), now.into()]).await.map(|_| ())
}

pub(crate) async fn set_role<C: ConnectionTrait>(db: &C, id: &str, role: Role, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET role = $2, updated_at = $3 WHERE id = $1";
    sql::execute(db, query, [id.into(), role.as_str().into(), now.into()]).await.map(|_| ())
}

pub(crate) async fn set_status<C: ConnectionTrait>(db: &C, id: &str, to: UserStatus, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET status = $2, updated_at = $3 WHERE id = $1";
    let name = match to {
        UserStatus::Active => "ACTIVE",
        UserStatus::Suspended => "SUSPENDED",
    };
    sql::execute(db, query, [id.into(), name.into(), now.into()]).await.map(|_| ())
}

/// They were here.
pub(crate) async fn seen<C: ConnectionTrait>(db: &C, id: &str, now: i64) -> Result<(), DbErr> {
    sql::execute(db, "UPDATE users SET last_seen_at = $2 WHERE id = $1", [id.into(), now.into()]).await.map(|_| ())
}

/// Tokens so far stop being good.
pub(crate) async fn next_generation(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "UPDATE users SET generation = generation + 1 WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// Takes everything away that tells who it was. The row stays: others name its id.
pub(crate) async fn anonymise(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET email = NULL, password_hash = NULL, name = $2, name_key = '', bio = '',
        avatar = NULL, locale = NULL, author_key = NULL, role = 'USER', status = 'SUSPENDED', email_verified_at = NULL,
        last_seen_at = NULL, deleted_at = $3, updated_at = $3 WHERE id = $1";
    sql::execute(tx, query, [id.into(), DELETED_NAME.into(), now.into()]).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Ids of the admins who can sign in, locked: two who take the role from each other wait for one
/// another.
pub(crate) async fn lock_admins(tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let query = format!(
        "SELECT id FROM users WHERE role = 'ADMIN' AND status = 'ACTIVE' AND email IS NOT NULL ORDER BY id{}",
        for_update(tx)
    );
    Ok(sql::all::<Id, _>(tx, &query, []).await?.into_iter().map(|row| row.id).collect())
}

/// How many accounts can sign in.
pub(crate) async fn count<C: ConnectionTrait>(db: &C) -> Result<i64, DbErr> {
    sql::number(db, "SELECT COUNT(*) AS n FROM users WHERE email IS NOT NULL", []).await
}

/// Whether a member is called so; authors of imports count.
pub(crate) async fn is_name_taken<C: ConnectionTrait>(db: &C, name: &str) -> Result<bool, DbErr> {
    let key = names::key(name);
    if key.is_empty() {
        return Ok(false);
    }
    let query = "SELECT COUNT(*) AS n FROM users WHERE name_key = $1";
    Ok(sql::number(db, query, [key.into()]).await? > 0)
}

#[derive(FromQueryResult)]
struct Named {
    id: String,
    name: String,
}

/// Fills in the key of names that were written before there was one.
pub(crate) async fn fill_name_keys<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let query = "SELECT id, name FROM users WHERE name_key = '' AND deleted_at IS NULL";
    for row in sql::all::<Named, _>(db, query, []).await? {
        let update = "UPDATE users SET name_key = $2 WHERE id = $1";
        sql::execute(db, update, [row.id.into(), names::key(&row.name).into()]).await?;
    }
    Ok(())
}
