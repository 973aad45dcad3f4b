//! Copies of the accounts that write.

use kit::db::sql;
use sea_orm::{DatabaseTransaction, DbErr};

/// What is left of the name of somebody who deleted their account.
pub(crate) const DELETED: &str = "deleted user";

/// Makes sure that the author is there. A copy that exists stays: events keep it fresh, and a token
/// may be older than the last of them.
pub(crate) async fn ensure(tx: &DatabaseTransaction, id: &str, name: &str, avatar: Option<&str>) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, avatar) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    sql::execute(tx, query, [id.into(), name.into(), avatar.map(str::to_owned).into()]).await.map(|_| ())
}

/// The author as they are called now, whether or not they have written yet. Who is gone stays gone.
pub(crate) async fn set(tx: &DatabaseTransaction, id: &str, name: &str, avatar: Option<&str>) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, avatar) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, avatar = excluded.avatar WHERE NOT authors.deleted";
    sql::execute(tx, query, [id.into(), name.into(), avatar.map(str::to_owned).into()]).await.map(|_| ())
}

/// The account is gone: no name, no picture, and no event that comes late brings them back.
pub(crate) async fn forget(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO authors (id, name, avatar, deleted) VALUES ($1, $2, NULL, TRUE)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, avatar = NULL, deleted = TRUE";
    sql::execute(tx, query, [id.into(), DELETED.into()]).await.map(|_| ())
}
