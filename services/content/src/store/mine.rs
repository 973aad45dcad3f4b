//! The comments of one user.

use contracts::content::{CommentState, MyComment, MyComments};
use kit::{
    auth::Viewer,
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::{row::state, unsigned};
use crate::posts;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    post_id: String,
    slug: String,
    title: String,
    readable: bool,
    html: String,
    is_private: bool,
    state: String,
    trashed_by: Option<String>,
    created_at: i64,
    edited_at: Option<i64>,
    likes: i32,
    replies: i64,
}

impl From<Row> for MyComment {
    fn from(row: Row) -> Self {
        let state = state(&row.state);
        Self {
            id: row.id,
            post_id: row.post_id,
            post_slug: row.readable.then_some(row.slug),
            post_title: row.readable.then_some(row.title),
            html: row.html,
            is_private: row.is_private,
            state,
            created_at: rfc3339(row.created_at),
            edited_at: row.edited_at.map(rfc3339),
            likes: unsigned(row.likes),
            replies: unsigned(row.replies),
            can_restore: state == CommentState::Trashed && row.trashed_by.as_deref() == Some("WRITER"),
        }
    }
}

/// One page of the viewer's comments, in the trash or not. Those on posts in the trash are hidden
/// with their post.
pub(crate) async fn page(db: &Db, viewer: &Viewer, trashed: bool, page: u32, size: u32) -> Result<MyComments, DbErr> {
    let mut values: Vec<Value> = vec![viewer.id().into()];
    let state = if trashed { "c.state = 'TRASHED'" } else { "c.state <> 'TRASHED'" };
    let from = format!(
        "FROM comments c JOIN posts p ON p.id = c.post_id
        WHERE c.author_id = $1 AND NOT c.purged AND {state} AND p.status NOT IN ('TRASHED', 'DELETED')"
    );
    let total = sql::number(db.read(), &format!("SELECT COUNT(*) AS n {from}"), values.clone()).await?;
    let readable = posts::readable_condition(Some(viewer), "p", &mut values);
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let query = format!(
        "SELECT c.id, c.post_id, p.slug, p.title, {readable} AS readable, c.html, c.is_private, c.state, c.trashed_by,
            c.created_at, c.edited_at, c.likes, (SELECT COUNT(*) FROM comments r
                WHERE r.parent_id = c.id AND r.state = 'VISIBLE' AND (c.is_private OR NOT r.is_private)) AS replies
        {from} ORDER BY c.created_at DESC, c.id DESC LIMIT ${} OFFSET ${}",
        values.len() - 1,
        values.len()
    );
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    Ok(MyComments { items: rows.into_iter().map(MyComment::from).collect(), total: unsigned(total) })
}
