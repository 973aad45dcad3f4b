//! Posts: one at a time.

use std::sync::LazyLock;

use contracts::blog::{PostRef, PostStatus};
use kit::db::{Db, sql};
use sea_orm::{DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::row::{FROM, PostRow, TEXTS, summary_columns, text_columns};
use crate::domain::{schedule::Standing, slug::numbered};

/// What a change must know about the post that is there.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Current {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) author_id: String,
    pub(crate) category_id: Option<String>,
    status: String,
    trashed_from: Option<String>,
    pub(crate) version: i32,
    published_at: Option<i64>,
    scheduled_at: Option<i64>,
    trashed_at: Option<i64>,
    pub(crate) source_digest: Option<String>,
    pub(crate) featured: bool,
    pub(crate) cover: Option<String>,
    pub(crate) canonical: Option<String>,
    pub(crate) seo_title: Option<String>,
    pub(crate) seo_description: Option<String>,
    pub(crate) translation_group: Option<String>,
    pub(crate) comments_allowed: bool,
}

impl Current {
    pub(crate) fn status(&self) -> PostStatus {
        // The table's CHECK admits nothing else.
        PostStatus::parse(&self.status).unwrap_or_default()
    }

    /// What it was before it was thrown away.
    pub(crate) fn trashed_from(&self) -> Option<PostStatus> {
        self.trashed_from.as_deref().and_then(PostStatus::parse)
    }

    /// Whether it is in the trash since `then` or longer.
    pub(crate) fn trashed_before(&self, then: i64) -> bool {
        self.status() == PostStatus::Trashed && self.trashed_at.is_some_and(|at| at <= then)
    }

    pub(crate) fn standing(&self) -> Standing {
        Standing { status: self.status(), published_at: self.published_at, scheduled_at: self.scheduled_at }
    }
}

const CURRENT: &str = "SELECT id, slug, author_id, category_id, status, trashed_from, version, published_at,
    scheduled_at, trashed_at, source_digest, featured, cover, canonical, seo_title, seo_description, translation_group,
    comments_allowed FROM posts ";

/// The post at `slug`, unless it is in the trash.
pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Option<PostRow>, DbErr> {
    static SQLITE: LazyLock<String> = LazyLock::new(|| whole(DbBackend::Sqlite, BY_SLUG));
    static POSTGRES: LazyLock<String> = LazyLock::new(|| whole(DbBackend::Postgres, BY_SLUG));
    let query: &str = if db.backend() == DbBackend::Postgres { &POSTGRES } else { &SQLITE };
    sql::one(db.read(), query, [slug.into()]).await
}

/// The post with this id, in the trash or not.
pub(crate) async fn by_id(db: &Db, id: &str) -> Result<Option<PostRow>, DbErr> {
    sql::one(db.read(), &whole(db.backend(), "p.id = $1"), [id.into()]).await
}

/// How a post is read by its address.
pub(crate) const BY_SLUG: &str = "p.slug = $1 AND p.status <> 'TRASHED'";

/// The query for whole posts.
pub(crate) fn whole(backend: DbBackend, condition: &str) -> String {
    let (summary, texts) = (summary_columns(backend), text_columns(backend));
    format!("SELECT {summary}, {texts} {FROM} {TEXTS} WHERE {condition}")
}

/// The post at `slug`, to be changed. All changes run one after the other.
pub(crate) async fn current_by_slug(tx: &DatabaseTransaction, slug: &str) -> Result<Option<Current>, DbErr> {
    current(tx, "WHERE slug = $1 AND status <> 'TRASHED'", [slug.into()]).await
}

/// The post that was last thrown away at `slug`, of this author or of all.
pub(crate) async fn current_in_trash(
    tx: &DatabaseTransaction,
    slug: &str,
    author: Option<&str>,
) -> Result<Option<Current>, DbErr> {
    let newest = "ORDER BY trashed_at DESC, id DESC LIMIT 1";
    match author {
        Some(author) => {
            let condition = format!("WHERE slug = $1 AND status = 'TRASHED' AND author_id = $2 {newest}");
            current(tx, &condition, [slug.into(), author.into()]).await
        }
        None => current(tx, &format!("WHERE slug = $1 AND status = 'TRASHED' {newest}"), [slug.into()]).await,
    }
}

/// The post with this id, in the trash or not, to be changed.
pub(crate) async fn current_by_id(tx: &DatabaseTransaction, id: &str) -> Result<Option<Current>, DbErr> {
    current(tx, "WHERE id = $1", [id.into()]).await
}

/// The post that an import calls `source`, trashed or not, to be changed.
pub(crate) async fn current_by_source(tx: &DatabaseTransaction, source: &str) -> Result<Option<Current>, DbErr> {
    current(tx, "WHERE source = $1", [source.into()]).await
}

/// The post that an import calls `source`, trashed or not.
pub(crate) async fn by_source(db: &Db, source: &str) -> Result<Option<Current>, DbErr> {
    sql::one(db.read(), &format!("{CURRENT} WHERE source = $1"), [source.into()]).await
}

async fn current<const N: usize>(
    tx: &DatabaseTransaction,
    condition: &str,
    values: [sea_orm::Value; N],
) -> Result<Option<Current>, DbErr> {
    sql::one(tx, &format!("{CURRENT}{condition}"), values).await
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

#[derive(FromQueryResult)]
struct RefRow {
    id: String,
    slug: String,
    title: String,
    author_id: String,
    status: String,
    comments_allowed: bool,
}

/// What other services need of a post, and whether readers may comment.
pub(crate) async fn reference(db: &Db, id: &str) -> Result<Option<(PostRef, bool)>, DbErr> {
    let query = "SELECT id, slug, title, author_id, status, comments_allowed FROM posts WHERE id = $1";
    Ok(sql::one::<RefRow, _>(db.read(), query, [id.into()]).await?.map(|row| {
        let RefRow { id, slug, title, author_id, status, comments_allowed } = row;
        let status = PostStatus::parse(&status).unwrap_or_default();
        (PostRef { id, slug, title, author_id, status }, comments_allowed)
    }))
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
