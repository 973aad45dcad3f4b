//! Posts beside others: found by the search, before and after, leading the home page.

use std::collections::HashMap;

use contracts::blog::PostSummary;
use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::row::{FROM, SummaryRow, summary_columns};
use crate::domain::leading::Weighed;

/// Those of `ids` that are public, by id.
pub(crate) async fn public_by_ids(db: &Db, ids: &[String]) -> Result<HashMap<String, PostSummary>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let places = (1..=ids.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let columns = summary_columns(db.backend());
    let query = format!("SELECT {columns} {FROM} WHERE p.id IN ({places}) AND p.status = 'PUBLIC'");
    let values = ids.iter().map(|id| Value::from(id.as_str()));
    let rows = sql::all::<SummaryRow, _>(db.read(), &query, values).await?;
    Ok(rows.into_iter().map(SummaryRow::into_summary).map(|post| (post.id.clone(), post)).collect())
}

/// Those of `ids` that are public, in the same order.
pub(crate) async fn public_in_order(db: &Db, ids: &[String]) -> Result<Vec<PostSummary>, DbErr> {
    let mut posts = public_by_ids(db, ids).await?;
    Ok(ids.iter().filter_map(|id| posts.remove(id)).collect())
}

#[derive(FromQueryResult)]
struct Placed {
    #[sea_orm(nested)]
    summary: SummaryRow,
    at: Option<i64>,
}

/// The post at `slug`, unless it is in the trash, and when it was published, in milliseconds.
pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Option<(PostSummary, Option<i64>)>, DbErr> {
    let columns = summary_columns(db.backend());
    let query = format!("SELECT {columns}, p.published_at AS at {FROM} WHERE p.slug = $1 AND p.status <> 'TRASHED'");
    let row = sql::one::<Placed, _>(db.read(), &query, [slug.into()]).await?;
    Ok(row.map(|row| (row.summary.into_summary(), row.at)))
}

/// Which way to look from a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Published before it.
    Before,
    /// Published after it.
    After,
}

/// Whose posts that are not public count as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Private<'a> {
    /// Nobody's.
    None,
    /// This author's.
    Of(&'a str),
    /// Everybody's.
    All,
}

#[derive(FromQueryResult)]
struct Place {
    id: String,
    published_at: i64,
}

/// The next post to one side of `(published_at, id)`.
pub(crate) async fn adjacent(
    db: &Db,
    side: Side,
    published_at: i64,
    id: &str,
    private: Private<'_>,
) -> Result<Option<PostSummary>, DbErr> {
    let mut nearest: Option<Place> = None;
    let public = ("p.status = 'PUBLIC'", None);
    let own = match private {
        Private::None => None,
        Private::Of(author) => Some(("p.status = 'PRIVATE' AND p.author_id = $3", Some(author))),
        Private::All => Some(("p.status = 'PRIVATE'", None)),
    };
    // One query for each status, so that each runs along an index.
    for (condition, author) in std::iter::once(public).chain(own) {
        let (beyond, order) = match side {
            Side::Before => ("<", "DESC"),
            Side::After => (">", "ASC"),
        };
        let query = format!(
            "SELECT p.id, p.published_at FROM posts p
            WHERE {condition} AND (p.published_at, p.id) {beyond} ($1, $2)
            ORDER BY p.published_at {order}, p.id {order} LIMIT 1"
        );
        let values = [published_at.into(), id.into()].into_iter().chain(author.map(Value::from));
        let found = sql::one::<Place, _>(db.read(), &query, values).await?;
        nearest = match (nearest, found) {
            (Some(one), Some(other)) => Some(nearer(one, other, side)),
            (one, other) => one.or(other),
        };
    }
    let Some(place) = nearest else { return Ok(None) };
    let query = format!("SELECT {} {FROM} WHERE p.id = $1", summary_columns(db.backend()));
    let row = sql::one::<SummaryRow, _>(db.read(), &query, [place.id.into()]).await?;
    Ok(row.map(SummaryRow::into_summary))
}

fn nearer(one: Place, other: Place, side: Side) -> Place {
    let one_is_later = (one.published_at, &one.id) > (other.published_at, &other.id);
    if one_is_later == (side == Side::Before) { one } else { other }
}

#[derive(Debug, FromQueryResult)]
struct WeighedRow {
    id: String,
    featured: bool,
    published_at: Option<i64>,
    views: i64,
    likes: i32,
    comments: i32,
}

/// Public posts that may lead: the newest of those an editor chose, of all, the most viewed and the
/// most liked.
pub(crate) async fn candidates(db: &Db, chosen: u32) -> Result<Vec<Weighed>, DbErr> {
    let columns = "id, featured, published_at, views, likes, comments";
    let kinds = [
        ("status = 'PUBLIC' AND featured", "published_at DESC, id DESC", i64::from(chosen)),
        ("status = 'PUBLIC'", "published_at DESC, id DESC", 200),
        ("status = 'PUBLIC'", "views DESC, id DESC", 100),
        ("status = 'PUBLIC'", "likes DESC, id DESC", 100),
    ];
    let mut all: Vec<WeighedRow> = Vec::new();
    for (condition, order, limit) in kinds {
        let query = format!("SELECT {columns} FROM posts WHERE {condition} ORDER BY {order} LIMIT $1");
        all.extend(sql::all::<WeighedRow, _>(db.read(), &query, [limit.into()]).await?);
    }
    all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    all.dedup_by(|one, other| one.id == other.id);
    let weighed = |row: WeighedRow| Weighed {
        id: row.id,
        featured: row.featured,
        published_at: row.published_at.unwrap_or_default(),
        views: row.views,
        likes: row.likes.into(),
        comments: row.comments.into(),
    };
    Ok(all.into_iter().map(weighed).collect())
}

#[derive(FromQueryResult)]
struct Term {
    name: String,
    slug: String,
}

/// Names and slugs of terms with public posts whose name begins like this, those with most first.
pub(crate) async fn terms_beginning(
    db: &Db,
    kind: super::terms::Kind,
    start: &str,
    limit: u32,
) -> Result<Vec<(String, String)>, DbErr> {
    let query = format!(
        "SELECT name, slug FROM {} WHERE posts > 0 AND (LOWER(name) LIKE $1 ESCAPE '\\' OR slug LIKE $1 ESCAPE '\\')
        ORDER BY posts DESC, name LIMIT $2",
        kind.plural()
    );
    let pattern = format!("{}%", super::list::escape_like(&start.to_lowercase()));
    let rows = sql::all::<Term, _>(db.read(), &query, [pattern.into(), i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.slug)).collect())
}
