//! The dashboard's numbers, and what happens right now.

use contracts::analytics::{ActivePage, PostCount};
use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::{reports::Scope, small, unsigned};

/// Sums over posts.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub(crate) struct Sums {
    pub(crate) posts: i64,
    pub(crate) public: i64,
    pub(crate) comments: i64,
    pub(crate) likes: i64,
    pub(crate) views: i64,
}

#[derive(FromQueryResult)]
struct Top {
    id: String,
    slug: String,
    title: String,
    views: i64,
    comments: i32,
    likes: i32,
}

#[derive(FromQueryResult)]
struct Minute {
    minute: i64,
    views: i64,
}

#[derive(FromQueryResult)]
struct Active {
    url: String,
    title: String,
    visitors: i64,
}

/// Condition on `targets t` with `$1`.
fn own(scope: &Scope) -> (&'static str, Value) {
    match scope {
        Scope::Author(id) => ("t.author_id = $1", id.as_str().into()),
        Scope::Target(id) => ("t.id = $1", id.as_str().into()),
        Scope::Site => ("t.id <> $1", "".into()),
    }
}

/// Sums over the posts of `scope` that exist.
pub(crate) async fn sums(db: &Db, scope: &Scope) -> Result<Sums, DbErr> {
    let (chosen, value) = own(scope);
    let query = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS posts,
            CAST(COALESCE(SUM(CASE WHEN t.status = 'PUBLIC' THEN 1 ELSE 0 END), 0) AS BIGINT) AS public,
            CAST(COALESCE(SUM(t.comments), 0) AS BIGINT) AS comments,
            CAST(COALESCE(SUM(t.likes), 0) AS BIGINT) AS likes,
            CAST(COALESCE(SUM(t.views), 0) AS BIGINT) AS views
        FROM targets t WHERE t.kind = 'post' AND t.status NOT IN ('DELETED', 'TRASHED', 'STALE') AND {chosen}"
    );
    Ok(sql::one(db.read(), &query, [value]).await?.unwrap_or_default())
}

/// The sum of all views of the site, those of purged posts and pages too; of an author only those of
/// what exists (see [`sums`]).
pub(crate) async fn site_views(db: &Db) -> Result<i64, DbErr> {
    let query = "SELECT CAST(COALESCE(SUM(views), 0) AS BIGINT) AS n FROM rollups
        WHERE kind = 'site' AND target_id = '' AND dimension = 'all'";
    sql::number(db.read(), query, []).await
}

/// The sum of the visitors of all days.
pub(crate) async fn visitors(db: &Db, scope: &str) -> Result<i64, DbErr> {
    let query = "SELECT CAST(COALESCE(SUM(visitors), 0) AS BIGINT) AS n FROM visitor_days WHERE scope = $1";
    sql::number(db.read(), query, [scope.into()]).await
}

/// The most viewed posts.
pub(crate) async fn top(db: &Db, scope: &Scope) -> Result<Vec<PostCount>, DbErr> {
    let (query, value) = top_query(scope);
    let rows = sql::all::<Top, _>(db.read(), &query, [value]).await?;
    Ok(rows
        .into_iter()
        .map(|row| PostCount {
            post_id: row.id,
            slug: row.slug,
            title: row.title,
            views: unsigned(row.views),
            comments: small(row.comments.into()),
            likes: small(row.likes.into()),
        })
        .collect())
}

fn top_query(scope: &Scope) -> (String, Value) {
    let (chosen, value) = own(scope);
    let query = format!(
        "SELECT t.id, t.slug, t.title, t.views, t.comments, t.likes FROM targets t
        WHERE t.kind = 'post' AND t.status NOT IN ('DELETED', 'TRASHED', 'STALE') AND {chosen}
        ORDER BY t.views DESC, t.id DESC LIMIT 10"
    );
    (query, value)
}

fn active_query(scope: &Scope) -> (String, Value) {
    let (chosen, value) = viewed(scope);
    (format!("SELECT COUNT(DISTINCT v.visitor) AS n FROM views v WHERE v.seen_at >= $2 AND {chosen}"), value)
}

/// Different visitors since `since`.
pub(crate) async fn active(db: &Db, scope: &Scope, since: i64) -> Result<u32, DbErr> {
    let (query, value) = active_query(scope);
    sql::number(db.read(), &query, [value, since.into()]).await.map(small)
}

/// Views of each minute since the minute `first` (minutes since the epoch).
pub(crate) async fn minutes(db: &Db, scope: &Scope, first: i64, count: usize) -> Result<Vec<u32>, DbErr> {
    let (chosen, value) = viewed(scope);
    let query = format!(
        "SELECT v.at / 60000 AS minute, COUNT(*) AS views FROM views v
        WHERE v.at >= $2 AND {chosen} GROUP BY v.at / 60000"
    );
    let rows = sql::all::<Minute, _>(db.read(), &query, [value, (first * 60_000).into()]).await?;
    let mut minutes = vec![0; count];
    for row in rows {
        let place = usize::try_from(row.minute - first).ok().and_then(|index| minutes.get_mut(index));
        if let Some(place) = place {
            *place = small(row.views);
        }
    }
    Ok(minutes)
}

/// What visitors since `since` look at.
pub(crate) async fn active_pages(db: &Db, scope: &Scope, since: i64) -> Result<Vec<ActivePage>, DbErr> {
    let (chosen, value) = viewed(scope);
    let query = format!(
        "SELECT t.url, t.title, COUNT(*) AS visitors FROM views v
        JOIN targets t ON t.kind = v.kind AND t.id = v.target_id
        WHERE v.seen_at >= $2 AND t.status <> 'DELETED' AND {chosen}
        GROUP BY t.url, t.title ORDER BY visitors DESC, t.title LIMIT 10"
    );
    let rows = sql::all::<Active, _>(db.read(), &query, [value, since.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| ActivePage { url: row.url, title: row.title, visitors: small(row.visitors) })
        .collect())
}

/// Condition on `views v` with `$1`.
fn viewed(scope: &Scope) -> (&'static str, Value) {
    match scope {
        Scope::Author(id) => (
            "v.kind = 'post' AND v.target_id IN (SELECT id FROM targets WHERE kind = 'post' AND author_id = $1)",
            id.as_str().into(),
        ),
        Scope::Target(id) => ("v.target_id = $1", id.as_str().into()),
        Scope::Site => ("v.target_id <> $1", "".into()),
    }
}

#[cfg(test)]
#[path = "plans.rs"]
mod plans;
