//! What posts were before.

use contracts::blog::{Revision, RevisionText};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
    id,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::row::{json, unsigned};

/// So many are kept of a post; older ones go.
const KEPT: i64 = 100;

/// Everything of a post that a revision keeps.
#[derive(Clone, Debug, FromQueryResult, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// Of the revision; empty for the post as it is.
    pub(crate) id: String,
    pub(crate) version: i32,
    pub(crate) title: String,
    pub(crate) excerpt: Option<String>,
    pub(crate) cover: Option<String>,
    pub(crate) category: Option<String>,
    tags: String,
    pub(crate) seo_title: Option<String>,
    pub(crate) seo_description: Option<String>,
    editor_id: Option<String>,
    editor_name: Option<String>,
    created_at: i64,
    pub(crate) content: String,
}

/// A revision in a list.
#[derive(FromQueryResult)]
struct Row {
    id: String,
    version: i32,
    title: String,
    editor_id: Option<String>,
    editor_name: Option<String>,
    created_at: i64,
    length: i32,
}

impl Snapshot {
    pub(crate) fn tags(&self) -> Vec<String> {
        json(&self.tags)
    }

    /// Whether a reader of both would see a difference.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        let said = |it: &Self| Self {
            id: String::new(),
            version: 0,
            editor_id: None,
            editor_name: None,
            created_at: 0,
            ..it.clone()
        };
        said(self) == said(other)
    }

    pub(crate) fn head(&self) -> Revision {
        Revision {
            id: self.id.clone(),
            version: unsigned(self.version),
            title: self.title.clone(),
            editor_id: self.editor_id.clone(),
            editor_name: self.editor_name.clone(),
            created_at: rfc3339(self.created_at),
            length: u32::try_from(self.content.chars().count()).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn into_text(self) -> RevisionText {
        RevisionText {
            revision: self.head(),
            tags: self.tags(),
            content: self.content,
            excerpt: self.excerpt,
            cover: self.cover,
            category: self.category,
            seo_title: self.seo_title,
            seo_description: self.seo_description,
        }
    }
}

/// The post as it is now.
pub(crate) async fn now<C: ConnectionTrait>(db: &C, post_id: &str) -> Result<Option<Snapshot>, DbErr> {
    let tags = match db.get_database_backend() {
        DbBackend::Postgres => {
            "(SELECT COALESCE(json_agg(t.name ORDER BY pt.position), '[]')::text
            FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = p.id)"
        }
        _ => {
            "(SELECT json_group_array(name) FROM (SELECT t.name FROM post_tags pt JOIN tags t ON t.id = pt.tag_id
            WHERE pt.post_id = p.id ORDER BY pt.position))"
        }
    };
    let query = format!(
        "SELECT '' AS id, p.version, p.title, p.written_excerpt AS excerpt, p.cover, c.slug AS category, {tags} AS tags,
            p.seo_title, p.seo_description, COALESCE(p.editor_id, p.author_id) AS editor_id, a.name AS editor_name,
            p.updated_at AS created_at, x.content
        FROM posts p JOIN post_texts x ON x.post_id = p.id LEFT JOIN categories c ON c.id = p.category_id
            LEFT JOIN authors a ON a.id = COALESCE(p.editor_id, p.author_id)
        WHERE p.id = $1"
    );
    sql::one(db, &query, [post_id.into()]).await
}

/// Keeps what the post was.
pub(crate) async fn keep(tx: &DatabaseTransaction, post_id: &str, before: &Snapshot) -> Result<(), DbErr> {
    let insert = "INSERT INTO revisions (id, post_id, version, title, excerpt, cover, category, tags, seo_title,
            seo_description, editor_id, created_at, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (post_id, version) DO NOTHING";
    let values = [
        id::new().into(),
        post_id.into(),
        before.version.into(),
        before.title.as_str().into(),
        before.excerpt.clone().into(),
        before.cover.clone().into(),
        before.category.clone().into(),
        before.tags.as_str().into(),
        before.seo_title.clone().into(),
        before.seo_description.clone().into(),
        before.editor_id.clone().into(),
        before.created_at.into(),
        before.content.as_str().into(),
    ];
    sql::execute(tx, insert, values).await?;
    let forget = "DELETE FROM revisions WHERE post_id = $1 AND version <= (
        SELECT version FROM revisions WHERE post_id = $1 ORDER BY version DESC LIMIT 1 OFFSET $2)";
    sql::execute(tx, forget, [post_id.into(), KEPT.into()]).await.map(|_| ())
}

/// One page of a post's revisions, newest first.
pub(crate) async fn list(db: &Db, post_id: &str, page: u32, size: u32) -> Result<Vec<Revision>, DbErr> {
    let query = "SELECT r.id, r.version, r.title, r.editor_id, a.name AS editor_name, r.created_at,
            LENGTH(r.content) AS length
        FROM revisions r LEFT JOIN authors a ON a.id = r.editor_id
        WHERE r.post_id = $1 ORDER BY r.version DESC LIMIT $2 OFFSET $3";
    let offset = i64::from(page.saturating_sub(1)) * i64::from(size);
    let rows = sql::all::<Row, _>(db.read(), query, [post_id.into(), i64::from(size).into(), offset.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Revision {
            id: row.id,
            version: unsigned(row.version),
            title: row.title,
            editor_id: row.editor_id,
            editor_name: row.editor_name,
            created_at: rfc3339(row.created_at),
            length: unsigned(row.length),
        })
        .collect())
}

/// How many revisions a post has.
pub(crate) async fn count(db: &Db, post_id: &str) -> Result<i64, DbErr> {
    sql::number(db.read(), "SELECT COUNT(*) AS n FROM revisions WHERE post_id = $1", [post_id.into()]).await
}

/// A revision of this post.
pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, post_id: &str, id: &str) -> Result<Option<Snapshot>, DbErr> {
    let query = "SELECT r.id, r.version, r.title, r.excerpt, r.cover, r.category, r.tags, r.seo_title,
            r.seo_description, r.editor_id, a.name AS editor_name, r.created_at, r.content
        FROM revisions r LEFT JOIN authors a ON a.id = r.editor_id WHERE r.post_id = $1 AND r.id = $2";
    sql::one(db, query, [post_id.into(), id.into()]).await
}
