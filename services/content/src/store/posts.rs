//! Copies of posts, and what is counted for each.

use contracts::{blog::PostStatus, content::PostTotals, events::PostFacts};
use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::{places, unsigned};

/// A post as it is known here.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) author_id: String,
    pub(crate) slug: String,
    pub(crate) title: String,
    status: String,
    pub(crate) comments: i32,
    pub(crate) likes: i32,
}

/// The status of a purged post.
const DELETED: &str = "DELETED";

const COLUMNS: &str = "SELECT id, author_id, slug, title, status, comments, likes FROM posts";

impl Post {
    /// Its status; none when it was purged.
    pub(crate) fn status(&self) -> Option<PostStatus> {
        PostStatus::parse(&self.status)
    }

    /// Whether it is neither purged nor in the trash.
    pub(crate) fn is_there(&self) -> bool {
        self.status().is_some_and(|status| status != PostStatus::Trashed)
    }

    /// Whether the copy says what the owner says.
    pub(crate) fn says(&self, facts: &PostFacts) -> bool {
        self.author_id == facts.author_id
            && self.slug == facts.slug
            && self.title == facts.title
            && self.status == facts.status.as_str()
    }
}

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Post>, DbErr> {
    sql::one(db, &format!("{COLUMNS} WHERE id = $1"), [id.into()]).await
}

/// The post, locked: what is counted for it changes for one after the other.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: &str) -> Result<Option<Post>, DbErr> {
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    sql::one(tx, &format!("{COLUMNS} WHERE id = $1{lock}"), [id.into()]).await
}

/// Posts that are not purged, after `after`, by id.
pub(crate) async fn page<C: ConnectionTrait>(db: &C, after: &str, limit: i64) -> Result<Vec<Post>, DbErr> {
    let query = format!("{COLUMNS} WHERE id > $1 AND status <> 'DELETED' ORDER BY id LIMIT $2");
    sql::all(db, &query, [after.into(), limit.into()]).await
}

/// What the blog service says of the post; `sequence` is that of the event that said it, 0 for an
/// answer. A copy that knows something newer stays.
pub(crate) async fn learn<C: ConnectionTrait>(db: &C, facts: &PostFacts, sequence: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO posts (id, author_id, slug, title, status, sequence) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET author_id = excluded.author_id, slug = excluded.slug, title = excluded.title,
            status = excluded.status, sequence = excluded.sequence
        WHERE posts.sequence < excluded.sequence";
    write(db, query, facts, sequence).await
}

/// What the blog service says of the post now, whatever was known.
pub(crate) async fn correct<C: ConnectionTrait>(db: &C, facts: &PostFacts) -> Result<(), DbErr> {
    let query = "INSERT INTO posts (id, author_id, slug, title, status, sequence) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET author_id = excluded.author_id, slug = excluded.slug, title = excluded.title,
            status = excluded.status";
    write(db, query, facts, 0).await
}

async fn write<C: ConnectionTrait>(db: &C, query: &str, facts: &PostFacts, sequence: i64) -> Result<(), DbErr> {
    let values = [
        facts.post_id.as_str().into(),
        facts.author_id.as_str().into(),
        facts.slug.as_str().into(),
        facts.title.as_str().into(),
        facts.status.as_str().into(),
        sequence.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// The post is gone, and all that belongs to it.
pub(crate) async fn purge(tx: &DatabaseTransaction, id: &str, sequence: i64) -> Result<(), DbErr> {
    let mark = "INSERT INTO posts (id, author_id, slug, title, status, sequence) VALUES ($1, '', '', '', $2, $3)
        ON CONFLICT (id) DO UPDATE SET author_id = '', slug = '', title = '', status = excluded.status, comments = 0,
            likes = 0, sequence = excluded.sequence
        WHERE posts.sequence <= excluded.sequence";
    if sql::execute(tx, mark, [id.into(), DELETED.into(), sequence.into()]).await? == 0 {
        return Ok(());
    }
    for table in ["comments", "likes", "bookmarks"] {
        sql::execute(tx, &format!("DELETE FROM {table} WHERE post_id = $1"), [id.into()]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Count {
    comments: i32,
}

/// Counts the comments that everybody may see and keeps the number. The post is locked.
pub(crate) async fn recount(tx: &DatabaseTransaction, id: &str) -> Result<u32, DbErr> {
    let query = "UPDATE posts SET comments = (
            SELECT COUNT(*) FROM comments WHERE post_id = $1 AND state = 'VISIBLE' AND NOT is_private
        ) WHERE id = $1 RETURNING comments";
    Ok(sql::one::<Count, _>(tx, query, [id.into()]).await?.map_or(0, |count| unsigned(count.comments)))
}

/// Adds to the likes of a locked post.
pub(crate) async fn add_likes(tx: &DatabaseTransaction, id: &str, likes: i32) -> Result<(), DbErr> {
    sql::execute(tx, "UPDATE posts SET likes = likes + $2 WHERE id = $1", [id.into(), likes.into()]).await.map(|_| ())
}

/// Counts everything of a locked post anew; whether something was wrong.
pub(crate) async fn recount_all(tx: &DatabaseTransaction, id: &str) -> Result<bool, DbErr> {
    let query = "UPDATE posts SET comments = c.comments, likes = c.likes FROM (
            SELECT (SELECT COUNT(*) FROM comments WHERE post_id = $1 AND state = 'VISIBLE' AND NOT is_private) AS comments,
                (SELECT COUNT(*) FROM likes WHERE post_id = $1) AS likes
        ) AS c WHERE posts.id = $1 AND (posts.comments <> c.comments OR posts.likes <> c.likes)";
    Ok(sql::execute(tx, query, [id.into()]).await? > 0)
}

#[derive(FromQueryResult)]
struct TotalsRow {
    id: String,
    comments: i32,
    likes: i32,
}

impl From<TotalsRow> for PostTotals {
    fn from(row: TotalsRow) -> Self {
        Self { post_id: row.id, comments: unsigned(row.comments), likes: unsigned(row.likes) }
    }
}

/// Totals of posts that are not purged, after `after`, by id.
pub(crate) async fn totals<C: ConnectionTrait>(db: &C, after: &str, limit: i64) -> Result<Vec<PostTotals>, DbErr> {
    let query = "SELECT id, comments, likes FROM posts WHERE id > $1 AND status <> 'DELETED' ORDER BY id LIMIT $2";
    let rows = sql::all::<TotalsRow, _>(db, query, [after.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(PostTotals::from).collect())
}

/// Totals of these posts, where they are known.
pub(crate) async fn totals_of<C: ConnectionTrait>(db: &C, ids: &[String]) -> Result<Vec<PostTotals>, DbErr> {
    let query = format!(
        "SELECT id, comments, likes FROM posts WHERE status <> 'DELETED' AND id IN ({}) ORDER BY id",
        places(1, ids.len())
    );
    let rows = sql::all::<TotalsRow, _>(db, &query, ids.iter().map(|id| id.as_str().into())).await?;
    Ok(rows.into_iter().map(PostTotals::from).collect())
}
