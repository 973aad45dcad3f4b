//! What ends for good.

use std::collections::HashMap;

use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Nothing of the text or of who wrote it is left; the row keeps the place of its answers.
const EMPTY: &str = "UPDATE comments SET state_before = NULL, state = 'TRASHED', purged = TRUE, author_id = NULL,
    guest_name = NULL, password_hash = NULL, writer_hash = NULL, address_hash = NULL, held_for = '', reports = 0, likes = 0,
    text_digest = '', content = '', html = ''";

/// Makes one comment the empty place of its answers.
pub(crate) async fn empty(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sql::execute(tx, &format!("{EMPTY} WHERE id = $1"), [id.into()]).await.map(|_| ())
}

/// Ends one comment; what is left empty by it goes too.
pub(crate) async fn comment(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    empty(tx, id).await?;
    for table in ["comment_likes", "reports"] {
        sql::execute(tx, &format!("DELETE FROM {table} WHERE comment_id = $1"), [id.into()]).await?;
    }
    sweep(tx).await
}

/// Ends all comments of an account.
pub(crate) async fn all_of(tx: &DatabaseTransaction, author_id: &str) -> Result<(), DbErr> {
    for table in ["comment_likes", "reports"] {
        let query = format!("DELETE FROM {table} WHERE comment_id IN (SELECT id FROM comments WHERE author_id = $1)");
        sql::execute(tx, &query, [author_id.into()]).await?;
    }
    sql::execute(tx, &format!("{EMPTY} WHERE author_id = $1"), [author_id.into()]).await?;
    sweep(tx).await
}

/// Removes purged comments without answers, and then those that only they were under.
async fn sweep(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // Not `source IS NULL`: SQLite would look for it in the index of sources.
    let query = "DELETE FROM comments WHERE purged AND COALESCE(source, '') = ''
        AND NOT EXISTS (SELECT 1 FROM comments r WHERE r.parent_id = comments.id)";
    while sql::execute(tx, query, []).await? > 0 {}
    Ok(())
}

/// Takes from all comments of an account where they came from.
pub(crate) async fn forget_addresses(tx: &DatabaseTransaction, author_id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "UPDATE comments SET address_hash = NULL WHERE author_id = $1", [author_id.into()])
        .await
        .map(|_| ())
}

#[derive(FromQueryResult)]
struct Last {
    post_id: String,
    id: String,
}

/// Posts on which an account wrote something, with its last comment there.
pub(crate) async fn posts_of(tx: &DatabaseTransaction, author_id: &str) -> Result<HashMap<String, String>, DbErr> {
    let query = "SELECT post_id, MAX(id) AS id FROM comments WHERE author_id = $1 GROUP BY post_id";
    let rows = sql::all::<Last, _>(tx, query, [author_id.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.post_id, row.id)).collect())
}

/// Up to 100 comments that have been in the trash since before `since`.
pub(crate) async fn due<C: ConnectionTrait>(db: &C, since: i64) -> Result<Vec<String>, DbErr> {
    let query = "SELECT id FROM comments WHERE state = 'TRASHED' AND NOT purged AND trashed_at < $1
        ORDER BY trashed_at LIMIT 100";
    Ok(sql::all::<Id, _>(db, query, [since.into()]).await?.into_iter().map(|row| row.id).collect())
}
