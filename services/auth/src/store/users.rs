//! Accounts.

use contracts::{
    auth::{Me, UserCard},
    module::Role,
};
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};

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
    created_at: i64,
}

/// A new account, its fields checked.
#[derive(Debug)]
pub(crate) struct NewAccount {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) name: String,
    pub(crate) bio: String,
    pub(crate) avatar: Option<String>,
    pub(crate) role: Role,
    pub(crate) author_key: Option<String>,
}

const SELECT: &str =
    "SELECT id, email, password_hash, name, bio, avatar, role, status, locale, created_at FROM users WHERE ";

impl User {
    pub(crate) fn role(&self) -> Role {
        // The table's CHECK admits nothing else.
        Role::parse(&self.role).unwrap_or_default()
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// As they see themselves.
    pub(crate) fn me(&self) -> Me {
        Me {
            id: self.id.clone(),
            email: self.email.clone().unwrap_or_default(),
            name: self.name.clone(),
            bio: self.bio.clone(),
            avatar: self.avatar.clone(),
            role: self.role(),
            locale: self.locale.clone(),
            created_at: rfc3339(self.created_at),
            ..Me::default()
        }
    }

    /// As everybody sees them.
    pub(crate) fn card(&self) -> UserCard {
        let Self { id, name, bio, avatar, .. } = self.clone();
        UserCard { id, name, bio, avatar }
    }
}

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<User>, DbErr> {
    sql::one(db, &format!("{SELECT} id = $1"), [id.into()]).await
}

/// `email` in lower case.
pub(crate) async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<User>, DbErr> {
    sql::one(db, &format!("{SELECT} email = $1"), [email.into()]).await
}

pub(crate) async fn by_author_key<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<User>, DbErr> {
    sql::one(db, &format!("{SELECT} author_key = $1"), [key.into()]).await
}

/// Those of `ids` that exist, in no particular order.
pub(crate) async fn by_ids<C: ConnectionTrait>(db: &C, ids: &[&str]) -> Result<Vec<User>, DbErr> {
    let places = (1..=ids.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let values = ids.iter().map(|id| Value::from(*id));
    sql::all(db, &format!("{SELECT} id IN ({places})"), values).await
}

/// A new account; nothing happens when its author key exists.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, account: NewAccount, now: i64) -> Result<(), DbErr> {
    let query =
        "INSERT INTO users (id, email, password_hash, name, bio, avatar, role, author_key, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (author_key) DO NOTHING";
    let values = [
        account.id.into(),
        account.email.into(),
        account.password_hash.into(),
        account.name.into(),
        account.bio.into(),
        account.avatar.into(),
        account.role.as_str().into(),
        account.author_key.into(),
        now.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// Writes what an owner may change.
pub(crate) async fn update_profile(tx: &DatabaseTransaction, user: &User, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE users SET name = $2, bio = $3, avatar = $4, locale = $5, updated_at = $6 WHERE id = $1";
    let User { id, name, bio, avatar, locale, .. } = user.clone();
    let values = [id.into(), name.into(), bio.into(), avatar.into(), locale.into(), now.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// How many accounts can sign in.
pub(crate) async fn count<C: ConnectionTrait>(db: &C) -> Result<i64, DbErr> {
    sql::number(db, "SELECT COUNT(*) AS n FROM users WHERE email IS NOT NULL", []).await
}
