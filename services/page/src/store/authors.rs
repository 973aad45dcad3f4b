//! Copies of the accounts that write.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

/// An account as it is known here.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Author {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) avatar: Option<String>,
}

/// Up to `limit` accounts that were not deleted, after `after`, by id.
pub(crate) async fn page<C: ConnectionTrait>(db: &C, after: &str, limit: i64) -> Result<Vec<Author>, DbErr> {
    let query = "SELECT id, name, avatar FROM authors WHERE id > $1 AND NOT deleted ORDER BY id LIMIT $2";
    sql::all(db, query, [after.into(), limit.into()]).await
}

/// Makes sure that the author is there. A copy that exists stays: events keep it fresh, and a token
/// may be older than the last of them.
pub(crate) async fn ensure(tx: &DatabaseTransaction, id: &str, name: &str, avatar: Option<&str>) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, avatar) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    sql::execute(tx, query, [id.into(), name.into(), avatar.map(str::to_owned).into()]).await.map(|_| ())
}

/// The author as they are called now, unless the account was deleted.
pub(crate) async fn set<C: ConnectionTrait>(db: &C, id: &str, name: &str, avatar: Option<&str>) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, avatar) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, avatar = excluded.avatar WHERE NOT authors.deleted";
    sql::execute(db, query, [id.into(), name.into(), avatar.map(str::to_owned).into()]).await.map(|_| ())
}

/// The account is gone: nothing of it is left but that.
pub(crate) async fn forget(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, deleted) VALUES ($1, '', TRUE)
        ON CONFLICT (id) DO UPDATE SET name = '', avatar = NULL, deleted = TRUE";
    sql::execute(tx, query, [id.into()]).await.map(|_| ())
}
