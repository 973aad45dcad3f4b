//! What feeds and the map of the site list.

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::row::unsigned;
use crate::feeds::{Item, sitemap::Place};

/// Whose posts.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    All,
    /// Id of a category.
    Category(String),
    /// Id of a tag.
    Tag(String),
    /// Id of an author.
    Author(String),
}

/// What tells one state of a feed from another.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Stamp {
    pub(crate) id: String,
    pub(crate) updated_at: i64,
    /// Everything else that shows.
    pub(crate) state: String,
}

#[derive(FromQueryResult)]
struct ItemRow {
    id: String,
    slug: String,
    title: String,
    excerpt: String,
    html: String,
    author_id: String,
    author_name: String,
    cover: Option<String>,
    category_name: Option<String>,
    locale: String,
    published_at: Option<i64>,
    updated_at: i64,
}

#[derive(FromQueryResult)]
struct TagRow {
    post_id: String,
    name: String,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    slug: String,
    updated_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Newest {
    newest: Option<i64>,
}

/// The newest public posts, newest first.
pub(crate) async fn newest(db: &Db, scope: &Scope, limit: u32) -> Result<Vec<Stamp>, DbErr> {
    let (condition, value): (&str, Option<Value>) = match scope {
        Scope::All => ("", None),
        Scope::Category(id) => ("AND p.category_id = $2", Some(id.as_str().into())),
        Scope::Tag(id) => {
            ("AND p.id IN (SELECT pt.post_id FROM post_tags pt WHERE pt.tag_id = $2)", Some(id.as_str().into()))
        }
        Scope::Author(id) => ("AND p.author_id = $2", Some(id.as_str().into())),
    };
    let query = format!(
        "SELECT p.id, p.updated_at, CAST(p.version AS TEXT) || '/' || CAST(x.pipeline AS TEXT) || '/' || a.name AS state
        FROM posts p
        JOIN authors a ON a.id = p.author_id JOIN post_texts x ON x.post_id = p.id
        WHERE p.status = 'PUBLIC' {condition} ORDER BY p.published_at DESC, p.id DESC LIMIT $1"
    );
    sql::all(db.read(), &query, [i64::from(limit).into()].into_iter().chain(value)).await
}

/// These posts with their texts, those that are public, in the same order.
pub(crate) async fn items(db: &Db, stamps: &[Stamp]) -> Result<Vec<Item>, DbErr> {
    if stamps.is_empty() {
        return Ok(Vec::new());
    }
    let places = (1..=stamps.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let ids = || stamps.iter().map(|stamp| Value::from(stamp.id.as_str()));
    let query = format!(
        "SELECT p.id, p.slug, p.title, p.excerpt, x.html, p.author_id, a.name AS author_name, p.cover,
            c.name AS category_name, p.locale, p.published_at, p.updated_at
        FROM posts p JOIN post_texts x ON x.post_id = p.id JOIN authors a ON a.id = p.author_id
        LEFT JOIN categories c ON c.id = p.category_id WHERE p.id IN ({places}) AND p.status = 'PUBLIC'
        ORDER BY p.published_at DESC, p.id DESC"
    );
    let rows = sql::all::<ItemRow, _>(db.read(), &query, ids()).await?;
    let query = format!(
        "SELECT pt.post_id, t.name FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id IN ({places})
        ORDER BY pt.post_id, pt.position"
    );
    let tags = sql::all::<TagRow, _>(db.read(), &query, ids()).await?;
    let tags_of = |id: &str| tags.iter().filter(|tag| tag.post_id == id).map(|tag| tag.name.clone()).collect();
    let item = |row: ItemRow| Item {
        tags: tags_of(&row.id),
        id: row.id,
        slug: row.slug,
        title: row.title,
        excerpt: row.excerpt,
        html: row.html,
        author: row.author_name,
        author_id: row.author_id,
        cover: row.cover,
        category: row.category_name,
        locale: row.locale,
        published: row.published_at.unwrap_or(row.updated_at),
        updated: row.updated_at,
    };
    Ok(rows.into_iter().map(item).collect())
}

/// What the author is called; none for somebody who never wrote here.
pub(crate) async fn author_name(db: &Db, id: &str) -> Result<Option<String>, DbErr> {
    let row = sql::one::<Name, _>(db.read(), "SELECT name FROM authors WHERE id = $1", [id.into()]).await?;
    Ok(row.map(|row| row.name))
}

/// How many public posts there are, and when one of them changed last.
pub(crate) async fn public_state(db: &Db) -> Result<(u32, Option<i64>), DbErr> {
    let count = sql::number(db.read(), "SELECT COUNT(*) AS n FROM posts WHERE status = 'PUBLIC'", []).await?;
    let query = "SELECT MAX(updated_at) AS newest FROM posts WHERE status = 'PUBLIC'";
    let newest = sql::one::<Newest, _>(db.read(), query, []).await?.and_then(|row| row.newest);
    Ok((unsigned(count), newest))
}

/// Public posts, oldest first: their places do not move when one is added.
pub(crate) async fn post_places(db: &Db, limit: usize, offset: usize) -> Result<Vec<Place>, DbErr> {
    let query =
        "SELECT slug, updated_at FROM posts WHERE status = 'PUBLIC' ORDER BY published_at, id LIMIT $1 OFFSET $2";
    let number = |number: usize| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let rows = sql::all::<PlaceRow, _>(db.read(), query, [number(limit), number(offset)]).await?;
    Ok(rows.into_iter().map(|row| place("posts", row)).collect())
}

/// Categories and tags that have public posts, with the time when one of these changed last.
pub(crate) async fn term_places(db: &Db) -> Result<Vec<Place>, DbErr> {
    let categories = "SELECT c.slug, (SELECT MAX(p.updated_at) FROM posts p
            WHERE p.category_id = c.id AND p.status = 'PUBLIC') AS updated_at
        FROM categories c WHERE c.posts > 0 ORDER BY c.slug";
    let tags = "SELECT t.slug, (SELECT MAX(p.updated_at) FROM post_tags pt JOIN posts p ON p.id = pt.post_id
            WHERE pt.tag_id = t.id AND p.status = 'PUBLIC') AS updated_at
        FROM tags t WHERE t.posts > 0 ORDER BY t.slug";
    let mut places = Vec::new();
    for (kind, query) in [("categories", categories), ("tags", tags)] {
        let rows = sql::all::<PlaceRow, _>(db.read(), query, []).await?;
        places.extend(rows.into_iter().map(|row| place(kind, row)));
    }
    Ok(places)
}

fn place(kind: &str, row: PlaceRow) -> Place {
    Place { path: format!("/{kind}/{}", row.slug), updated: row.updated_at }
}
