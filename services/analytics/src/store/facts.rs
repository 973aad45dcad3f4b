//! Numbers that content tells: comments and likes of a post.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr};

/// Takes the number of comments of a post, unless a newer one was there.
pub(crate) async fn comments<C: ConnectionTrait>(tx: &C, post: &str, count: u32, sequence: i64) -> Result<(), DbErr> {
    set(tx, "comments", post, count, sequence).await
}

/// Takes the number of likes of a post, unless a newer one was there.
pub(crate) async fn likes<C: ConnectionTrait>(tx: &C, post: &str, count: u32, sequence: i64) -> Result<(), DbErr> {
    set(tx, "likes", post, count, sequence).await
}

async fn set<C: ConnectionTrait>(tx: &C, what: &str, post: &str, count: u32, sequence: i64) -> Result<(), DbErr> {
    let query = format!(
        "INSERT INTO targets (kind, id, slug, title, status, {what}, {what}_sequence)
        VALUES ('post', $1, '', '', 'STALE', $2, $3)
        ON CONFLICT (kind, id) DO UPDATE SET {what} = excluded.{what}, {what}_sequence = excluded.{what}_sequence
        WHERE targets.{what}_sequence < excluded.{what}_sequence AND targets.status <> 'DELETED'"
    );
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    sql::execute(tx, &query, [post.into(), count.into(), sequence.into()]).await.map(|_| ())
}
