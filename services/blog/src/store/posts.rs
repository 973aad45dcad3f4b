//! Posts: one at a time.

use std::sync::LazyLock;

use contracts::blog::{PostInput, PostStatus};
use kit::db::{Db, sql};
use markdown::Rendered;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::row::{FROM, PostRow, TEXTS, summary_columns, text_columns};
use crate::domain::slug::numbered;

/// What a change must know about the post that is there.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Current {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) author_id: String,
    pub(crate) category_id: Option<String>,
    status: String,
    pub(crate) version: i32,
    pub(crate) published_at: Option<i64>,
    pub(crate) source_digest: Option<String>,
    pub(crate) featured: bool,
    pub(crate) cover: Option<String>,
}

impl Current {
    pub(crate) fn status(&self) -> PostStatus {
        // The table's CHECK admits nothing else.
        PostStatus::parse(&self.status).unwrap_or_default()
    }
}

/// Everything that a change sets.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) slug: String,
    pub(crate) input: PostInput,
    pub(crate) rendered: Rendered,
    pub(crate) cover: Option<String>,
    pub(crate) category_id: Option<String>,
    pub(crate) status: PostStatus,
    pub(crate) featured: bool,
    pub(crate) published_at: Option<i64>,
    pub(crate) updated_at: i64,
}

const CURRENT: &str = "SELECT id, slug, author_id, category_id, status, version, published_at, source_digest, featured,
    cover FROM posts ";

/// The post at `slug`, unless it is in the trash.
pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Option<PostRow>, DbErr> {
    static SQLITE: LazyLock<String> = LazyLock::new(|| query(DbBackend::Sqlite));
    static POSTGRES: LazyLock<String> = LazyLock::new(|| query(DbBackend::Postgres));
    fn query(backend: DbBackend) -> String {
        format!(
            "SELECT {}, {} {FROM} {TEXTS} WHERE p.slug = $1 AND p.status <> 'TRASHED'",
            summary_columns(backend),
            text_columns(backend),
        )
    }
    let query: &str = if db.backend() == DbBackend::Postgres { &POSTGRES } else { &SQLITE };
    sql::one(db.read(), query, [slug.into()]).await
}

/// The post at `slug`, locked for the change that follows.
pub(crate) async fn lock_by_slug(tx: &DatabaseTransaction, slug: &str) -> Result<Option<Current>, DbErr> {
    lock(tx, "WHERE slug = $1 AND status <> 'TRASHED'", slug).await
}

/// The post that an import calls `source`, trashed or not, locked for the change that follows.
pub(crate) async fn lock_by_source(tx: &DatabaseTransaction, source: &str) -> Result<Option<Current>, DbErr> {
    lock(tx, "WHERE source = $1", source).await
}

/// The post that an import calls `source`, trashed or not.
pub(crate) async fn by_source(db: &Db, source: &str) -> Result<Option<Current>, DbErr> {
    sql::one(db.read(), &format!("{CURRENT} WHERE source = $1"), [source.into()]).await
}

async fn lock(tx: &DatabaseTransaction, condition: &str, value: &str) -> Result<Option<Current>, DbErr> {
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    sql::one(tx, &format!("{CURRENT}{condition}{lock}"), [value.into()]).await
}

/// Whether another post than `except` lives at `slug`.
pub(crate) async fn is_taken(tx: &DatabaseTransaction, slug: &str, except: &str) -> Result<bool, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM posts WHERE slug = $1 AND status <> 'TRASHED' AND id <> $2";
    Ok(sql::number(tx, query, [slug.into(), except.into()]).await? > 0)
}

/// `slug`, or the first free way to number it.
pub(crate) async fn free_slug(tx: &DatabaseTransaction, slug: &str, except: &str) -> Result<String, DbErr> {
    let mut number = 1;
    loop {
        let candidate = numbered(slug, number);
        if !is_taken(tx, &candidate, except).await? {
            return Ok(candidate);
        }
        number += 1;
    }
}

/// A new post.
pub(crate) async fn insert(tx: &DatabaseTransaction, id: &str, author_id: &str, change: Change) -> Result<(), DbErr> {
    let query = "INSERT INTO posts (id, author_id, created_at, version, co_authors, slug, title, excerpt,
            written_excerpt, cover, category_id, status, featured, reading_minutes, locale, published_at, updated_at)
        VALUES ($1, $2, $3, 1, '[]', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let mut values = vec![id.into(), author_id.into(), change.updated_at.into()];
    let texts = change.texts(id);
    values.extend(change.into_values());
    sql::execute(tx, query, values).await?;
    let query = "INSERT INTO post_texts (post_id, toc, content, html) VALUES ($1, $2, $3, $4)";
    sql::execute(tx, query, texts).await.map(|_| ())
}

/// The post `id`, changed. Its version grows by one.
pub(crate) async fn update(tx: &DatabaseTransaction, id: &str, change: Change) -> Result<(), DbErr> {
    let query = "UPDATE posts SET version = version + 1, slug = $2, title = $3, excerpt = $4, written_excerpt = $5,
            cover = $6, category_id = $7, status = $8, featured = $9, reading_minutes = $10, locale = $11,
            published_at = $12, updated_at = $13
        WHERE id = $1";
    let mut values = vec![id.into()];
    let texts = change.texts(id);
    values.extend(change.into_values());
    sql::execute(tx, query, values).await?;
    let query = "UPDATE post_texts SET toc = $2, content = $3, html = $4 WHERE post_id = $1";
    sql::execute(tx, query, texts).await.map(|_| ())
}

impl Change {
    /// In the order of the queries above.
    fn into_values(self) -> Vec<sea_orm::Value> {
        let excerpt = self.input.excerpt.clone().unwrap_or(self.rendered.excerpt);
        vec![
            self.slug.into(),
            self.input.title.into(),
            excerpt.into(),
            self.input.excerpt.into(),
            self.cover.into(),
            self.category_id.into(),
            self.status.as_str().into(),
            self.featured.into(),
            i32::try_from(self.rendered.reading_minutes).unwrap_or(i32::MAX).into(),
            self.rendered.locale.into(),
            self.published_at.into(),
            self.updated_at.into(),
        ]
    }

    fn texts(&self, id: &str) -> [sea_orm::Value; 4] {
        let toc = serde_json::to_string(&self.rendered.toc).unwrap_or_else(|_| "[]".to_owned());
        [id.into(), toc.into(), self.input.content.as_str().into(), self.rendered.html.as_str().into()]
    }
}

/// What only imports set.
pub(crate) struct Origin<'a> {
    pub(crate) source: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) author_id: &'a str,
    pub(crate) co_authors: &'a [String],
    pub(crate) canonical: Option<&'a str>,
}

/// Notes where the post `id` came from.
pub(crate) async fn set_origin(tx: &DatabaseTransaction, id: &str, origin: Origin<'_>) -> Result<(), DbErr> {
    let query = "UPDATE posts SET source = $2, source_digest = $3, author_id = $4, co_authors = $5, canonical = $6
        WHERE id = $1";
    let co_authors = serde_json::to_string(origin.co_authors).unwrap_or_else(|_| "[]".to_owned());
    let values = [
        id.into(),
        origin.source.into(),
        origin.digest.into(),
        origin.author_id.into(),
        co_authors.into(),
        origin.canonical.map(str::to_owned).into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Moves the post to the trash.
pub(crate) async fn trash(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE posts SET status = 'TRASHED', trashed_at = $2, trashed_from = status,
        version = version + 1, updated_at = $2 WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into()]).await.map(|_| ())
}

/// How many posts have this status, of this author or of all.
pub(crate) async fn count(db: &Db, status: PostStatus, author: Option<&str>) -> Result<i64, DbErr> {
    match author {
        Some(author) => {
            let query = "SELECT COUNT(*) AS n FROM posts WHERE status = $1 AND author_id = $2";
            sql::number(db.read(), query, [status.as_str().into(), author.into()]).await
        }
        None => {
            let query = "SELECT COUNT(*) AS n FROM posts WHERE status = $1";
            sql::number(db.read(), query, [status.as_str().into()]).await
        }
    }
}
