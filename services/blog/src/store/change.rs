//! Posts as they are written.

use kit::db::sql;
use markdown::Rendered;
use sea_orm::{DatabaseTransaction, DbErr, Value};

use crate::domain::schedule::Standing;

/// Everything that a change sets.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) slug: &'a str,
    pub(crate) title: &'a str,
    pub(crate) content: &'a str,
    /// As its author wrote it.
    pub(crate) excerpt: Option<&'a str>,
    pub(crate) rendered: &'a Rendered,
    pub(crate) cover: Option<String>,
    pub(crate) category_id: Option<String>,
    pub(crate) standing: Standing,
    pub(crate) featured: bool,
    pub(crate) canonical: Option<String>,
    pub(crate) seo_title: Option<String>,
    pub(crate) seo_description: Option<String>,
    pub(crate) translation_group: Option<String>,
    pub(crate) comments_allowed: bool,
    pub(crate) editor_id: Option<&'a str>,
    pub(crate) updated_at: i64,
}

/// A new post.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    id: &str,
    author_id: &str,
    change: Change<'_>,
) -> Result<(), DbErr> {
    let query = "INSERT INTO posts (id, author_id, created_at, version, co_authors, slug, title, excerpt,
            written_excerpt, cover, category_id, status, published_at, scheduled_at, featured, canonical, seo_title,
            seo_description, translation_group, comments_allowed, editor_id, updated_at, reading_minutes, locale)
        VALUES ($1, $2, $3, 1, '[]', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21, $22)";
    let mut values = vec![id.into(), author_id.into(), change.updated_at.into()];
    let texts = change.texts(id);
    values.extend(change.into_values());
    sql::execute(tx, query, values).await?;
    let query = "INSERT INTO post_texts (post_id, toc, content, html, pipeline) VALUES ($1, $2, $3, $4, $5)";
    sql::execute(tx, query, texts).await.map(|_| ())
}

/// The post `id`, changed. Its version grows by one.
pub(crate) async fn update(tx: &DatabaseTransaction, id: &str, change: Change<'_>) -> Result<(), DbErr> {
    let query = "UPDATE posts SET version = version + 1, slug = $2, title = $3, excerpt = $4, written_excerpt = $5,
            cover = $6, category_id = $7, status = $8, published_at = $9, scheduled_at = $10, featured = $11,
            canonical = $12, seo_title = $13, seo_description = $14, translation_group = $15, comments_allowed = $16,
            editor_id = $17, updated_at = $18, reading_minutes = $19, locale = $20
        WHERE id = $1";
    let mut values = vec![id.into()];
    let texts = change.texts(id);
    values.extend(change.into_values());
    sql::execute(tx, query, values).await?;
    let query = "UPDATE post_texts SET toc = $2, content = $3, html = $4, pipeline = $5 WHERE post_id = $1";
    sql::execute(tx, query, texts).await.map(|_| ())
}

impl Change<'_> {
    /// In the order of the queries above.
    fn into_values(self) -> [Value; 19] {
        let excerpt = self.excerpt.unwrap_or(&self.rendered.excerpt);
        [
            self.slug.into(),
            self.title.into(),
            excerpt.into(),
            self.excerpt.map(str::to_owned).into(),
            self.cover.into(),
            self.category_id.into(),
            self.standing.status.as_str().into(),
            self.standing.published_at.into(),
            self.standing.scheduled_at.into(),
            self.featured.into(),
            self.canonical.into(),
            self.seo_title.into(),
            self.seo_description.into(),
            self.translation_group.into(),
            self.comments_allowed.into(),
            self.editor_id.map(str::to_owned).into(),
            self.updated_at.into(),
            i32::try_from(self.rendered.reading_minutes).unwrap_or(i32::MAX).into(),
            self.rendered.locale.into(),
        ]
    }

    fn texts(&self, id: &str) -> [Value; 5] {
        let toc = serde_json::to_string(&self.rendered.toc).unwrap_or_else(|_| "[]".to_owned());
        let pipeline = i32::try_from(markdown::VERSION).unwrap_or_default();
        [id.into(), toc.into(), self.content.into(), self.rendered.html.as_str().into(), pipeline.into()]
    }
}

/// What only imports set.
pub(crate) struct Origin<'a> {
    pub(crate) source: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) author_id: &'a str,
    pub(crate) co_authors: &'a [String],
}

/// Notes where the post `id` came from.
pub(crate) async fn set_origin(tx: &DatabaseTransaction, id: &str, origin: Origin<'_>) -> Result<(), DbErr> {
    let query = "UPDATE posts SET source = $2, source_digest = $3, author_id = $4, co_authors = $5 WHERE id = $1";
    let co_authors = serde_json::to_string(origin.co_authors).unwrap_or_else(|_| "[]".to_owned());
    let values = [id.into(), origin.source.into(), origin.digest.into(), origin.author_id.into(), co_authors.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Only the status and its times change.
pub(crate) async fn set_standing(
    tx: &DatabaseTransaction,
    id: &str,
    standing: Standing,
    slug: &str,
    now: i64,
) -> Result<(), DbErr> {
    let query = "UPDATE posts SET status = $2, published_at = $3, scheduled_at = $4, slug = $5, trashed_at = NULL,
        trashed_from = NULL, version = version + 1, updated_at = $6 WHERE id = $1";
    let Standing { status, published_at, scheduled_at } = standing;
    let values = [id.into(), status.as_str().into(), published_at.into(), scheduled_at.into(), slug.into(), now.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Moves the post to the trash.
pub(crate) async fn trash(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE posts SET trashed_from = status, status = 'TRASHED', trashed_at = $2, version = version + 1,
        updated_at = $2 WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into()]).await.map(|_| ())
}

/// Removes the post and all that hangs on it for good.
pub(crate) async fn purge(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM posts WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// Makes the post public if it is scheduled and its time has come. Whoever comes second, another
/// replica or the same one again, finds nothing to do.
pub(crate) async fn fire(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<bool, DbErr> {
    let query = "UPDATE posts SET status = 'PUBLIC', published_at = COALESCE(published_at, scheduled_at),
        scheduled_at = NULL, version = version + 1, updated_at = $2
        WHERE id = $1 AND status = 'SCHEDULED' AND scheduled_at <= $2";
    Ok(sql::execute(tx, query, [id.into(), now.into()]).await? == 1)
}

/// Gives the post another category.
pub(crate) async fn set_category(
    tx: &DatabaseTransaction,
    id: &str,
    category_id: Option<&str>,
    now: i64,
) -> Result<(), DbErr> {
    let query = "UPDATE posts SET category_id = $2, version = version + 1, updated_at = $3 WHERE id = $1";
    sql::execute(tx, query, [id.into(), category_id.map(str::to_owned).into(), now.into()]).await.map(|_| ())
}

/// The post changed in something that its row does not hold.
pub(crate) async fn touch(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE posts SET version = version + 1, updated_at = $2 WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into()]).await.map(|_| ())
}

/// Which total another service counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Views,
    Likes,
    Comments,
}

impl Count {
    /// Its column; that of the sequence is called the same with `_sequence`.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Views => "views",
            Self::Likes => "likes",
            Self::Comments => "comments",
        }
    }
}

/// The total as the event numbered `sequence` says it, unless a newer one was here. The post itself is
/// not changed by it: version and time stay.
pub(crate) async fn set_count(
    tx: &DatabaseTransaction,
    count: Count,
    post_id: &str,
    total: i64,
    sequence: i64,
) -> Result<(), DbErr> {
    let column = count.column();
    let query =
        format!("UPDATE posts SET {column} = $2, {column}_sequence = $3 WHERE id = $1 AND {column}_sequence < $3");
    sql::execute(tx, &query, [post_id.into(), total.into(), sequence.into()]).await.map(|_| ())
}

/// Ids of posts that wait for this: due at `now`, or thrown away before.
pub(crate) async fn due(db: &kit::db::Db, now: i64, limit: i64) -> Result<Vec<String>, DbErr> {
    let query = "SELECT id FROM posts WHERE status = 'SCHEDULED' AND scheduled_at <= $1 ORDER BY scheduled_at LIMIT $2";
    super::terms::ids(db.read(), query, [now.into(), limit.into()]).await
}

/// Ids of posts that were thrown away before `then`.
pub(crate) async fn thrown_away(db: &kit::db::Db, then: i64, limit: i64) -> Result<Vec<String>, DbErr> {
    let query = "SELECT id FROM posts WHERE status = 'TRASHED' AND trashed_at <= $1 ORDER BY trashed_at LIMIT $2";
    super::terms::ids(db.read(), query, [then.into(), limit.into()]).await
}

/// Ids of an author's posts that are not in the trash.
pub(crate) async fn of_author(tx: &DatabaseTransaction, author_id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT id FROM posts WHERE author_id = $1 AND status <> 'TRASHED' ORDER BY id";
    super::terms::ids(tx, query, [author_id.into()]).await
}
