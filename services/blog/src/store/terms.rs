//! Categories and tags, as they are read.

use std::collections::HashMap;

use contracts::blog::{Paged, Term, WholeTerm};
use kit::db::{Db, sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

use super::row::unsigned;

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

#[derive(FromQueryResult)]
struct Slug {
    slug: String,
}

impl Kind {
    /// What events and the table of redirects call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Tag => "tag",
        }
    }

    /// Its table, and the first part of its path on the site.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Category => "categories",
            Self::Tag => "tags",
        }
    }

    fn select(self) -> &'static str {
        match self {
            Self::Category => "SELECT id, name, slug, description, icon, color, posts, version FROM categories",
            Self::Tag => {
                "SELECT id, name, slug, NULL AS description, NULL AS icon, 0 AS color, posts, version FROM tags"
            }
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

/// A page of a kind, those with most posts first.
pub(crate) async fn page(db: &Db, kind: Kind, page: u32, size: u32) -> Result<Paged<Term>, DbErr> {
    let count = format!("SELECT COUNT(*) AS n FROM {}", kind.plural());
    let total = sql::number(db.read(), &count, []).await?;
    let query = format!("{} ORDER BY posts DESC, name, id LIMIT $1 OFFSET $2", kind.select());
    let offset = i64::from(page.saturating_sub(1)) * i64::from(size);
    let rows = sql::all::<Row, _>(db.read(), &query, [i64::from(size).into(), offset.into()]).await?;
    Ok(Paged { items: rows.into_iter().map(Term::from).collect(), total: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// The one at `slug`.
pub(crate) async fn by_slug<C: ConnectionTrait>(db: &C, kind: Kind, slug: &str) -> Result<Option<Term>, DbErr> {
    let query = format!("{} WHERE slug = $1", kind.select());
    Ok(sql::one::<Row, _>(db, &query, [slug.into()]).await?.map(Term::from))
}

/// The one with this id.
pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, kind: Kind, id: &str) -> Result<Option<Term>, DbErr> {
    let query = format!("{} WHERE id = $1", kind.select());
    Ok(sql::one::<Row, _>(db, &query, [id.into()]).await?.map(Term::from))
}

/// The slug of the one that once was at `slug`.
pub(crate) async fn moved_to(db: &Db, kind: Kind, slug: &str) -> Result<Option<String>, DbErr> {
    let query = format!(
        "SELECT t.slug FROM term_redirects r JOIN {} t ON t.id = r.term_id WHERE r.taxonomy = $1 AND r.slug = $2",
        kind.plural()
    );
    let row = sql::one::<Slug, _>(db.read(), &query, [kind.name().into(), slug.into()]).await?;
    Ok(row.map(|row| row.slug))
}

/// Id of the one that is, or once was, at `slug`.
pub(crate) async fn id_of<C: ConnectionTrait>(db: &C, kind: Kind, slug: &str) -> Result<Option<String>, DbErr> {
    let here = format!("SELECT id FROM {} WHERE slug = $1", kind.plural());
    if let Some(row) = sql::one::<Id, _>(db, &here, [slug.into()]).await? {
        return Ok(Some(row.id));
    }
    let before = "SELECT term_id AS id FROM term_redirects WHERE taxonomy = $1 AND slug = $2";
    let row = sql::one::<Id, _>(db, before, [kind.name().into(), slug.into()]).await?;
    Ok(row.map(|row| row.id))
}

/// Id of the one that is called exactly so.
pub(crate) async fn id_by_name<C: ConnectionTrait>(db: &C, kind: Kind, name: &str) -> Result<Option<String>, DbErr> {
    let query = format!("SELECT id FROM {} WHERE name = $1 ORDER BY slug LIMIT 1", kind.plural());
    Ok(sql::one::<Id, _>(db, &query, [name.into()]).await?.map(|row| row.id))
}

/// All of a kind with the slugs that lead to them, by slug.
pub(crate) async fn whole(db: &Db, kind: Kind) -> Result<Vec<WholeTerm>, DbErr> {
    #[derive(FromQueryResult)]
    struct Alias {
        slug: String,
        term_id: String,
    }
    let query = "SELECT slug, term_id FROM term_redirects WHERE taxonomy = $1 ORDER BY slug";
    let mut aliases: HashMap<String, Vec<String>> = HashMap::new();
    for row in sql::all::<Alias, _>(db.read(), query, [kind.name().into()]).await? {
        aliases.entry(row.term_id).or_default().push(row.slug);
    }
    let rows = sql::all::<Row, _>(db.read(), &format!("{} ORDER BY slug", kind.select()), []).await?;
    let whole = |row: Row| WholeTerm { aliases: aliases.remove(&row.id).unwrap_or_default(), term: row.into() };
    Ok(rows.into_iter().map(whole).collect())
}

/// How many of a kind there are.
pub(crate) async fn count<C: ConnectionTrait>(db: &C, kind: Kind) -> Result<i64, DbErr> {
    sql::number(db, &format!("SELECT COUNT(*) AS n FROM {}", kind.plural()), []).await
}

/// Ids of the tags that the post has now.
pub(crate) async fn tags_of<C: ConnectionTrait>(db: &C, post_id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT tag_id AS id FROM post_tags WHERE post_id = $1 ORDER BY position";
    ids(db, query, [post_id.into()]).await
}

/// The column `id` of a query.
pub(crate) async fn ids<C: ConnectionTrait>(
    db: &C,
    query: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<String>, DbErr> {
    Ok(sql::all::<Id, _>(db, query, values).await?.into_iter().map(|row| row.id).collect())
}
