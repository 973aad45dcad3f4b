//! Pages: one at a time.

use contracts::page::{PageKind, PageStatus, PageTemplate};
use kit::{db::sql, id};
use markdown::Rendered;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Value};

use super::row::{COLUMNS, FROM, PageRow};
use crate::domain::{names, slug::numbered};

/// What a change must know about the page that is there.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Current {
    pub(crate) id: String,
    pub(crate) slug: String,
    kind: String,
    status: String,
    status_before: Option<String>,
    template: String,
    pub(crate) pinned: bool,
    pub(crate) version: i32,
    pub(crate) published_at: Option<i64>,
    pub(crate) source_digest: Option<String>,
    images: String,
}

impl Current {
    pub(crate) fn kind(&self) -> PageKind {
        // The table's CHECKs admit nothing else.
        names::kind(&self.kind).unwrap_or_default()
    }

    pub(crate) fn status(&self) -> PageStatus {
        names::status(&self.status).unwrap_or_default()
    }

    /// What it was before it was moved to the trash.
    pub(crate) fn status_before(&self) -> PageStatus {
        self.status_before.as_deref().and_then(names::status).unwrap_or_default()
    }

    pub(crate) fn template(&self) -> PageTemplate {
        names::template(&self.template)
    }

    pub(crate) fn is_trashed(&self) -> bool {
        self.status() == PageStatus::Trashed
    }

    pub(crate) fn images(&self) -> Vec<String> {
        serde_json::from_str(&self.images).unwrap_or_default()
    }

    /// Where it lives.
    pub(crate) fn path(&self) -> String {
        names::path(self.kind(), &self.slug)
    }
}

/// Everything that a change sets.
pub(crate) struct Change<'a> {
    pub(crate) slug: &'a str,
    pub(crate) title: &'a str,
    pub(crate) content: &'a str,
    pub(crate) kind: PageKind,
    pub(crate) status: PageStatus,
    pub(crate) badge: Option<&'a str>,
    pub(crate) pinned: bool,
    pub(crate) template: PageTemplate,
    pub(crate) rendered: &'a Rendered,
    pub(crate) published_at: Option<i64>,
    pub(crate) updated_at: i64,
}

impl Change<'_> {
    /// In the order of the queries below.
    fn values(&self) -> Vec<Value> {
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_else(|_| "[]".to_owned());
        vec![
            self.slug.into(),
            self.title.into(),
            names::kind_name(self.kind).into(),
            names::status_name(self.status).into(),
            self.badge.map(str::to_owned).into(),
            self.pinned.into(),
            names::template_name(self.template).into(),
            self.rendered.excerpt.as_str().into(),
            self.rendered.locale.into(),
            self.published_at.into(),
            self.updated_at.into(),
            json(serde_json::to_string(&self.rendered.images)).into(),
            json(serde_json::to_string(&self.rendered.toc)).into(),
            self.content.into(),
            self.rendered.html.as_str().into(),
        ]
    }
}

const CURRENT: &str = "SELECT id, slug, kind, status, status_before, template, pinned, version, published_at,
    source_digest, images FROM pages";

/// The page at the slug or with the id `name`. One in the trash only by its id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<PageRow>, DbErr> {
    let (condition, value) = match id::parse(name) {
        Some(id) => ("p.id = $1", id),
        None => ("p.slug = $1 AND p.status <> 'TRASHED'", name.to_owned()),
    };
    let query = format!("SELECT {COLUMNS}, p.toc, p.content, p.html {FROM} WHERE {condition}");
    sql::one(db, &query, [value.into()]).await
}

/// The page, locked for the change that follows.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: &str) -> Result<Option<Current>, DbErr> {
    locked(tx, "id = $1", id).await
}

/// The page that an import calls `source`, trashed or not, locked for the change that follows.
pub(crate) async fn lock_by_source(tx: &DatabaseTransaction, source: &str) -> Result<Option<Current>, DbErr> {
    locked(tx, "source = $1", source).await
}

async fn locked(tx: &DatabaseTransaction, condition: &str, value: &str) -> Result<Option<Current>, DbErr> {
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    sql::one(tx, &format!("{CURRENT} WHERE {condition}{lock}"), [value.into()]).await
}

/// The page that an import calls `source`, trashed or not.
pub(crate) async fn by_source<C: ConnectionTrait>(db: &C, source: &str) -> Result<Option<Current>, DbErr> {
    sql::one(db, &format!("{CURRENT} WHERE source = $1"), [source.into()]).await
}

/// `slug`, or the first way to number it that no other page than `except` has.
pub(crate) async fn free_slug(tx: &DatabaseTransaction, slug: &str, except: &str) -> Result<String, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM pages WHERE slug = $1 AND status <> 'TRASHED' AND id <> $2";
    let mut number = 1;
    loop {
        let candidate = numbered(slug, number);
        if sql::number(tx, query, [candidate.as_str().into(), except.into()]).await? == 0 {
            return Ok(candidate);
        }
        number += 1;
    }
}

/// A new page.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    id: &str,
    author_id: &str,
    change: &Change<'_>,
) -> Result<(), DbErr> {
    let query =
        "INSERT INTO pages (id, author_id, created_at, version, slug, title, kind, status, badge, pinned, template,
            excerpt, locale, published_at, updated_at, images, toc, content, html)
        VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let mut values: Vec<Value> = vec![id.into(), author_id.into(), change.updated_at.into()];
    values.extend(change.values());
    sql::execute(tx, query, values).await.map(|_| ())
}

/// The page `id`, changed. Its version grows by one.
pub(crate) async fn update(tx: &DatabaseTransaction, id: &str, change: &Change<'_>) -> Result<(), DbErr> {
    let query = "UPDATE pages SET version = version + 1, slug = $2, title = $3, kind = $4, status = $5, badge = $6,
            pinned = $7, template = $8, excerpt = $9, locale = $10, published_at = $11, updated_at = $12, images = $13,
            toc = $14, content = $15, html = $16
        WHERE id = $1";
    let mut values: Vec<Value> = vec![id.into()];
    values.extend(change.values());
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Notes what an import calls the page, what it brought, and who wrote it.
pub(crate) async fn set_origin(
    tx: &DatabaseTransaction,
    id: &str,
    source: &str,
    digest: &str,
    author_id: &str,
) -> Result<(), DbErr> {
    let query = "UPDATE pages SET source = $2, source_digest = $3, author_id = $4 WHERE id = $1";
    sql::execute(tx, query, [id.into(), source.into(), digest.into(), author_id.into()]).await.map(|_| ())
}

/// To the trash.
pub(crate) async fn trash(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE pages SET status_before = status, status = 'TRASHED', trashed_at = $2, version = version + 1
        WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into()]).await.map(|_| ())
}

/// Out of the trash, to an address that is free.
pub(crate) async fn restore(tx: &DatabaseTransaction, page: &Current, slug: &str) -> Result<(), DbErr> {
    let query =
        "UPDATE pages SET status = $2, status_before = NULL, trashed_at = NULL, slug = $3, version = version + 1
        WHERE id = $1";
    let values = [page.id.as_str().into(), names::status_name(page.status_before()).into(), slug.into()];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Gone for good.
pub(crate) async fn purge(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM pages WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// Pages that have been in the trash since before `since`.
pub(crate) async fn due<C: ConnectionTrait>(db: &C, since: i64) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: String,
    }
    let query = "SELECT id FROM pages WHERE status = 'TRASHED' AND trashed_at < $1";
    Ok(sql::all::<Id, _>(db, query, [since.into()]).await?.into_iter().map(|row| row.id).collect())
}
