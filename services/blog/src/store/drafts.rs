//! Working copies.

pub(crate) mod all;

use contracts::blog::{Draft, DraftInput, DraftSummary};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};

use super::row::{json, unsigned};

#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: String,
    title: String,
    author_id: String,
    author_name: String,
    post_id: Option<String>,
    post_slug: Option<String>,
    post_version: Option<i32>,
    created_at: i64,
    updated_at: i64,
    version: i32,
}

#[derive(Clone, Debug, FromQueryResult)]
struct WholeRow {
    #[sea_orm(nested)]
    row: Row,
    slug: Option<String>,
    excerpt: Option<String>,
    cover: Option<String>,
    category: Option<String>,
    tags: String,
    locale: Option<String>,
    canonical: Option<String>,
    seo_title: Option<String>,
    seo_description: Option<String>,
    translation_group: Option<String>,
    comments_allowed: Option<bool>,
    content: String,
}

const COLUMNS: &str = "d.id, d.title, d.author_id, a.name AS author_name, d.post_id, p.slug AS post_slug,
    d.post_version, d.created_at, d.updated_at, d.version";
const WHOLE: &str = "d.slug, d.excerpt, d.cover, d.category, d.tags, d.locale, d.canonical, d.seo_title,
    d.seo_description, d.translation_group, d.comments_allowed, d.content";
const FROM: &str = "FROM drafts d JOIN authors a ON a.id = d.author_id LEFT JOIN posts p ON p.id = d.post_id";

impl From<Row> for DraftSummary {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            author_id: row.author_id,
            author_name: row.author_name,
            post_id: row.post_id,
            post_slug: row.post_slug,
            post_version: row.post_version.map(unsigned),
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
            version: unsigned(row.version),
        }
    }
}

impl From<WholeRow> for Draft {
    fn from(row: WholeRow) -> Self {
        Self {
            summary: row.row.into(),
            content: row.content,
            slug: row.slug,
            excerpt: row.excerpt,
            cover: row.cover,
            category: row.category,
            tags: json(&row.tags),
            locale: row.locale,
            canonical: row.canonical,
            seo_title: row.seo_title,
            seo_description: row.seo_description,
            translation_group: row.translation_group,
            comments_allowed: row.comments_allowed,
        }
    }
}

/// One page of drafts, last changed first: of an author or of all, of a post or of any.
pub(crate) async fn list(
    db: &Db,
    author: Option<&str>,
    post_id: Option<&str>,
    page: u32,
    size: u32,
) -> Result<(Vec<DraftSummary>, i64), DbErr> {
    let mut conditions = String::from("WHERE TRUE");
    let mut values: Vec<Value> = Vec::new();
    for (column, value) in [("d.author_id", author), ("d.post_id", post_id)] {
        if let Some(value) = value {
            values.push(value.into());
            conditions.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let count = format!("SELECT COUNT(*) AS n FROM drafts d {conditions}");
    let total = sql::number(db.read(), &count, values.clone()).await?;
    let n = values.len();
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let query = format!(
        "SELECT {COLUMNS} {FROM} {conditions} ORDER BY d.updated_at DESC, d.id DESC LIMIT ${} OFFSET ${}",
        n + 1,
        n + 2
    );
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    Ok((rows.into_iter().map(DraftSummary::from).collect(), total))
}

/// The draft with this id.
pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Draft>, DbErr> {
    let query = format!("SELECT {COLUMNS}, {WHOLE} {FROM} WHERE d.id = $1");
    Ok(sql::one::<WholeRow, _>(db, &query, [id.into()]).await?.map(Draft::from))
}

/// The draft in which this author changes the post.
pub(crate) async fn of_post<C: ConnectionTrait>(
    db: &C,
    post_id: &str,
    author_id: &str,
) -> Result<Option<Draft>, DbErr> {
    let query = format!("SELECT {COLUMNS}, {WHOLE} {FROM} WHERE d.post_id = $1 AND d.author_id = $2");
    Ok(sql::one::<WholeRow, _>(db, &query, [post_id.into(), author_id.into()]).await?.map(Draft::from))
}

/// A new draft. False when this author has one of the same post already.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    id: &str,
    author_id: &str,
    post: Option<(&str, u32)>,
    input: &DraftInput,
    now: i64,
) -> Result<bool, DbErr> {
    let query = "INSERT INTO drafts (id, author_id, post_id, post_version, created_at, version, title, slug, excerpt,
            cover, category, tags, locale, canonical, seo_title, seo_description, translation_group,
            comments_allowed, updated_at, content)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        ON CONFLICT DO NOTHING";
    let (post_id, post_version) = post.unzip();
    let mut values = vec![
        id.into(),
        author_id.into(),
        post_id.map(str::to_owned).into(),
        post_version.map(|version| i32::try_from(version).unwrap_or(i32::MAX)).into(),
        now.into(),
    ];
    values.extend(columns(input, now));
    Ok(sql::execute(tx, query, values).await? == 1)
}

/// The draft as it is now, if it is still at `version`.
pub(crate) async fn save<C: ConnectionTrait>(
    db: &C,
    id: &str,
    version: u32,
    input: &DraftInput,
    now: i64,
) -> Result<bool, DbErr> {
    let query = "UPDATE drafts SET version = version + 1, title = $3, slug = $4, excerpt = $5, cover = $6,
            category = $7, tags = $8, locale = $9, canonical = $10, seo_title = $11, seo_description = $12,
            translation_group = $13, comments_allowed = $14, updated_at = $15, content = $16
        WHERE id = $1 AND version = $2";
    let mut values = vec![id.into(), i32::try_from(version).unwrap_or(i32::MAX).into()];
    values.extend(columns(input, now));
    Ok(sql::execute(db, query, values).await? == 1)
}

/// In the order of the queries above.
fn columns(input: &DraftInput, now: i64) -> [Value; 14] {
    let tags = serde_json::to_string(&input.tags).unwrap_or_else(|_| "[]".to_owned());
    [
        input.title.as_str().into(),
        input.slug.clone().into(),
        input.excerpt.clone().into(),
        input.cover.clone().into(),
        input.category.clone().into(),
        tags.into(),
        input.locale.clone().into(),
        input.canonical.clone().into(),
        input.seo_title.clone().into(),
        input.seo_description.clone().into(),
        input.translation_group.clone().into(),
        input.comments_allowed.into(),
        now.into(),
        input.content.as_str().into(),
    ]
}

/// Removes the draft, if it is still at `version`: what was saved since it was read is not to go unread.
pub(crate) async fn delete_at<C: ConnectionTrait>(db: &C, id: &str, version: u32) -> Result<bool, DbErr> {
    let values = [id.into(), i32::try_from(version).unwrap_or(i32::MAX).into()];
    Ok(sql::execute(db, "DELETE FROM drafts WHERE id = $1 AND version = $2", values).await? == 1)
}

/// Removes the draft, whatever it says by now.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM drafts WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// Whose drafts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    /// That change this post.
    Post(&'a str),
    /// That this author writes.
    Author(&'a str),
}

/// Their ids.
pub(crate) async fn ids(tx: &DatabaseTransaction, whose: Whose<'_>) -> Result<Vec<String>, DbErr> {
    let (query, id) = match whose {
        Whose::Post(id) => ("SELECT id FROM drafts WHERE post_id = $1 ORDER BY id", id),
        Whose::Author(id) => ("SELECT id FROM drafts WHERE author_id = $1 ORDER BY id", id),
    };
    super::terms::ids(tx, query, [id.into()]).await
}
