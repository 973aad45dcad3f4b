//! Categories and tags.

use std::collections::BTreeSet;

use contracts::blog::Term;
use kit::{
    db::{Db, sql},
    id,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::row::unsigned;
use crate::domain::slug::slugify;

/// Colours in the palette.
const COLORS: i64 = 12;

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Category,
    Tag,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    name: String,
    slug: String,
    description: Option<String>,
    icon: Option<String>,
    color: i32,
    posts: i32,
    version: i32,
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

impl Kind {
    fn select(self) -> &'static str {
        match self {
            Self::Category => "SELECT id, name, slug, description, icon, color, posts, version FROM categories",
            Self::Tag => "SELECT id, name, slug, NULL AS description, NULL AS icon, 0 AS color, posts, version FROM tags",
        }
    }
}

impl From<Row> for Term {
    fn from(row: Row) -> Self {
        let Row { id, name, slug, description, icon, color, posts, version } = row;
        let (color, posts, version) = (unsigned(color), unsigned(posts), unsigned(version));
        Self { id, name, slug, description, icon, color, posts, version }
    }
}

/// All of a kind, those with most posts first.
pub(crate) async fn all(db: &Db, kind: Kind, limit: u32) -> Result<Vec<Term>, DbErr> {
    let query = format!("{} ORDER BY posts DESC, name LIMIT $1", kind.select());
    let rows = sql::all::<Row, _>(db.read(), &query, [i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(Term::from).collect())
}

/// The one at `slug`.
pub(crate) async fn by_slug(db: &Db, kind: Kind, slug: &str) -> Result<Option<Term>, DbErr> {
    let query = format!("{} WHERE slug = $1", kind.select());
    Ok(sql::one::<Row, _>(db.read(), &query, [slug.into()]).await?.map(Term::from))
}

/// How many of a kind there are.
pub(crate) async fn count(db: &Db, kind: Kind) -> Result<i64, DbErr> {
    let query = match kind {
        Kind::Category => "SELECT COUNT(*) AS n FROM categories",
        Kind::Tag => "SELECT COUNT(*) AS n FROM tags",
    };
    sql::number(db.read(), query, []).await
}

/// Id of the category at `slug`.
pub(crate) async fn category_id(tx: &DatabaseTransaction, slug: &str) -> Result<Option<String>, DbErr> {
    Ok(sql::one::<Id, _>(tx, "SELECT id FROM categories WHERE slug = $1", [slug.into()]).await?.map(|row| row.id))
}

/// Id of the category of that name, made when it does not exist.
pub(crate) async fn ensure_category(tx: &DatabaseTransaction, name: &str) -> Result<Option<String>, DbErr> {
    let slug = slugify(name);
    if slug.is_empty() {
        return Ok(None);
    }
    let color = sql::number(tx, "SELECT COUNT(*) AS n FROM categories", []).await? % COLORS;
    let insert = "INSERT INTO categories (id, name, slug, color) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING";
    let color = i32::try_from(color).unwrap_or_default();
    sql::execute(tx, insert, [id::new().into(), name.into(), slug.as_str().into(), color.into()]).await?;
    category_id(tx, &slug).await
}

/// Says of the category `id` what nobody has said yet, and colours it when it has no post so far.
pub(crate) async fn describe_category(
    tx: &DatabaseTransaction,
    id: &str,
    description: Option<&str>,
    color: Option<i32>,
) -> Result<(), DbErr> {
    if let Some(description) = description {
        let query = "UPDATE categories SET description = $1 WHERE id = $2 AND description IS NULL";
        sql::execute(tx, query, [description.into(), id.into()]).await?;
    }
    if let Some(color) = color {
        let query = "UPDATE categories SET color = $1 WHERE id = $2 AND posts = 0";
        sql::execute(tx, query, [color.into(), id.into()]).await?;
    }
    Ok(())
}

async fn ensure_tag(tx: &DatabaseTransaction, name: &str) -> Result<Option<String>, DbErr> {
    let slug = slugify(name);
    let insert = "INSERT INTO tags (id, name, slug) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING";
    sql::execute(tx, insert, [id::new().into(), name.into(), slug.as_str().into()]).await?;
    Ok(sql::one::<Id, _>(tx, "SELECT id FROM tags WHERE slug = $1", [slug.into()]).await?.map(|row| row.id))
}

/// Ids of the tags that the post has now.
pub(crate) async fn tags_of(tx: &DatabaseTransaction, post_id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT tag_id AS id FROM post_tags WHERE post_id = $1";
    Ok(sql::all::<Id, _>(tx, query, [post_id.into()]).await?.into_iter().map(|row| row.id).collect())
}

/// Gives the post exactly these tags, by name; unknown ones are made. Answers their ids.
pub(crate) async fn set_tags(tx: &DatabaseTransaction, post_id: &str, names: &[String]) -> Result<Vec<String>, DbErr> {
    sql::execute(tx, "DELETE FROM post_tags WHERE post_id = $1", [post_id.into()]).await?;
    let mut ids = Vec::with_capacity(names.len());
    for (position, name) in (0_i32..).zip(names) {
        let Some(tag) = ensure_tag(tx, name).await? else { continue };
        let insert = "INSERT INTO post_tags (post_id, tag_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        sql::execute(tx, insert, [post_id.into(), tag.as_str().into(), position.into()]).await?;
        ids.push(tag);
    }
    Ok(ids)
}

/// Counts the public posts of these tags and categories anew, at the end of a change. Counting
/// rather than adding: it cannot drift.
pub(crate) async fn recount(
    tx: &DatabaseTransaction,
    tags: impl IntoIterator<Item = String>,
    categories: impl IntoIterator<Item = String>,
) -> Result<(), DbErr> {
    // Sorted, so that two changes lock the rows in the same order.
    for id in tags.into_iter().collect::<BTreeSet<_>>() {
        lock(tx, "SELECT id FROM tags WHERE id = $1 FOR UPDATE", &id).await?;
        let query = "UPDATE tags SET posts = (SELECT COUNT(*) FROM post_tags pt JOIN posts p ON p.id = pt.post_id
            WHERE pt.tag_id = tags.id AND p.status = 'PUBLIC') WHERE id = $1";
        sql::execute(tx, query, [id.into()]).await?;
    }
    for id in categories.into_iter().collect::<BTreeSet<_>>() {
        lock(tx, "SELECT id FROM categories WHERE id = $1 FOR UPDATE", &id).await?;
        let query = "UPDATE categories SET posts = (SELECT COUNT(*) FROM posts p
            WHERE p.category_id = categories.id AND p.status = 'PUBLIC') WHERE id = $1";
        sql::execute(tx, query, [id.into()]).await?;
    }
    Ok(())
}

/// On PostgreSQL another change of the same term may be under way; its count must be seen.
async fn lock(tx: &DatabaseTransaction, query: &str, id: &str) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        sql::one::<Id, _>(tx, query, [id.into()]).await?;
    }
    Ok(())
}
