//! What users keep for later.

use contracts::content::{Bookmark, Bookmarks};
use kit::{
    auth::Viewer,
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};

use super::unsigned;
use crate::posts;

#[derive(FromQueryResult)]
struct Row {
    post_id: String,
    created_at: i64,
}

impl From<Row> for Bookmark {
    fn from(row: Row) -> Self {
        Self { post_id: row.post_id, created_at: rfc3339(row.created_at) }
    }
}

/// Keeps it. True when it was not kept before.
pub(crate) async fn add(tx: &DatabaseTransaction, user: &str, post: &str, now: i64) -> Result<bool, DbErr> {
    let query = "INSERT INTO bookmarks (user_id, post_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(sql::execute(tx, query, [user.into(), post.into(), now.into()]).await? > 0)
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, user: &str, post: &str) -> Result<Option<Bookmark>, DbErr> {
    let query = "SELECT post_id, created_at FROM bookmarks WHERE user_id = $1 AND post_id = $2";
    Ok(sql::one::<Row, _>(db, query, [user.into(), post.into()]).await?.map(Bookmark::from))
}

pub(crate) async fn remove<C: ConnectionTrait>(db: &C, user: &str, post: &str) -> Result<(), DbErr> {
    let query = "DELETE FROM bookmarks WHERE user_id = $1 AND post_id = $2";
    sql::execute(db, query, [user.into(), post.into()]).await.map(|_| ())
}

pub(crate) async fn forget(tx: &DatabaseTransaction, user: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM bookmarks WHERE user_id = $1", [user.into()]).await.map(|_| ())
}

/// One page of the viewer's bookmarks, those of posts that they may see.
pub(crate) async fn page(db: &Db, viewer: &Viewer, page: u32, size: u32) -> Result<Bookmarks, DbErr> {
    let mut values: Vec<Value> = vec![viewer.id().into()];
    let readable = posts::readable_condition(Some(viewer), "p", &mut values);
    let from = format!("FROM bookmarks b JOIN posts p ON p.id = b.post_id WHERE b.user_id = $1 AND {readable}");
    let total = sql::number(db.read(), &format!("SELECT COUNT(*) AS n {from}"), values.clone()).await?;
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let query = format!(
        "SELECT b.post_id, b.created_at {from} ORDER BY b.created_at DESC, b.post_id DESC LIMIT ${} OFFSET ${}",
        values.len() - 1,
        values.len()
    );
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    Ok(Bookmarks { items: rows.into_iter().map(Bookmark::from).collect(), total: unsigned(total) })
}
