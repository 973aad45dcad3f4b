//! Posts beside others: found by the search, before and after, leading the home page.

use std::collections::HashMap;

use contracts::blog::{PostStatus, PostSummary};
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

/// The post at `slug`, unless it is in the trash.
pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Option<PostSummary>, DbErr> {
    let columns = summary_columns(db.backend());
    let query = format!("SELECT {columns} {FROM} WHERE p.slug = $1 AND p.status <> 'TRASHED'");
    let row = sql::one::<SummaryRow, _>(db.read(), &query, [slug.into()]).await?;
    Ok(row.map(SummaryRow::into_summary))
}

/// Where a post stands in the order of publication, and who may know.
#[derive(FromQueryResult)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) author_id: String,
    status: String,
    published_at: Option<i64>,
}

impl Place {
    pub(crate) fn status(&self) -> PostStatus {
        PostStatus::parse(&self.status).unwrap_or_default()
    }
}

/// The place of the post at `slug`, unless it is in the trash.
pub(crate) async fn place(db: &Db, slug: &str) -> Result<Option<Place>, DbErr> {
    let query = "SELECT id, author_id, status, published_at FROM posts WHERE slug = $1 AND status <> 'TRASHED'";
    sql::one(db.read(), query, [slug.into()]).await
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

/// The posts that were published before and after that one. What was never published stands nowhere in the order.
pub(crate) async fn adjacent(
    db: &Db,
    place: &Place,
    private: Private<'_>,
) -> Result<(Option<PostSummary>, Option<PostSummary>), DbErr> {
    let Some(published_at) = place.published_at else { return Ok((None, None)) };
    let public = "n.status = 'PUBLIC'";
    let (own, author) = match private {
        Private::None => (None, None),
        Private::Of(author) => (Some("n.status = 'PRIVATE' AND n.author_id = $3"), Some(author)),
        Private::All => (Some("n.status = 'PRIVATE'"), None),
    };
    // One for each status, so that each runs along an index.
    let nearest: Vec<String> = std::iter::once(public)
        .chain(own)
        .flat_map(|condition| [(condition, "<", "DESC"), (condition, ">", "ASC")])
        .map(|(condition, beyond, order)| {
            format!(
                "(SELECT n.id FROM posts n WHERE {condition} AND (n.published_at, n.id) {beyond} ($1, $2)
                ORDER BY n.published_at {order}, n.id {order} LIMIT 1)"
            )
        })
        .collect();
    let query = format!(
        "SELECT {}, p.published_at AS at {FROM} WHERE p.id IN ({})",
        summary_columns(db.backend()),
        nearest.join(", ")
    );
    let values = [published_at.into(), place.id.as_str().into()].into_iter().chain(author.map(Value::from));
    let mut found: Vec<(Option<i64>, PostSummary)> = sql::all::<Placed, _>(db.read(), &query, values)
        .await?
        .into_iter()
        .map(|row| (row.at, row.summary.into_summary()))
        .collect();
    found.sort_unstable_by(|(one_at, one), (other_at, other)| (one_at, &one.id).cmp(&(other_at, &other.id)));
    let here = (Some(published_at), &place.id);
    let middle = found.partition_point(|(at, post)| (*at, &post.id) < here);
    let next = (middle < found.len()).then(|| found.swap_remove(middle).1);
    let previous = middle.checked_sub(1).map(|before| found.swap_remove(before).1);
    Ok((previous, next))
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
