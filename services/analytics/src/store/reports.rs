//! Reports by range.

use contracts::analytics::ReportRow;
use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::unsigned;

/// Of what a report is.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// Everything.
    Site,
    /// Posts of one author.
    Author(String),
    /// One post or page.
    Target(String),
}

/// From a day to a day, both included.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A report has at most so many rows that are not of time.
const MOST_ROWS: i64 = 500;

#[derive(FromQueryResult)]
pub(crate) struct Count {
    pub(crate) key: String,
    pub(crate) views: i64,
}

#[derive(FromQueryResult)]
struct PostRow {
    id: String,
    url: String,
    title: String,
    views: i64,
}

impl Scope {
    /// Condition and value that choose the rows of `rollups r`; `$4` is the value.
    fn sql(&self) -> (&'static str, Value) {
        match self {
            Self::Site => ("r.kind = 'site' AND r.target_id = $4", "".into()),
            Self::Author(id) => (
                "r.kind = 'post' AND r.target_id IN (SELECT id FROM targets WHERE kind = 'post' AND author_id = $4)",
                id.as_str().into(),
            ),
            Self::Target(id) => ("r.kind IN ('post', 'page') AND r.target_id = $4", id.as_str().into()),
        }
    }
}

/// Views by day; days without are not there.
pub(crate) async fn days(db: &Db, scope: &Scope, range: &Range) -> Result<Vec<Count>, DbErr> {
    let (query, value) = days_query(scope);
    sql::all(db.read(), &query, ["all".into(), range.from.as_str().into(), range.to.as_str().into(), value]).await
}

pub(crate) fn days_query(scope: &Scope) -> (String, Value) {
    let (chosen, value) = scope.sql();
    let query = format!(
        "SELECT r.day AS key, CAST(SUM(r.views) AS BIGINT) AS views FROM rollups r
        WHERE r.dimension = $1 AND r.day BETWEEN $2 AND $3 AND {chosen} GROUP BY r.day ORDER BY r.day"
    );
    (query, value)
}

/// Visitors by day; days without are not there. Of one post they are as many as its views.
pub(crate) async fn visitors(db: &Db, scope: &Scope, range: &Range) -> Result<Vec<Count>, DbErr> {
    let scope = match scope {
        Scope::Site => "",
        Scope::Author(id) => id,
        Scope::Target(_) => return days(db, scope, range).await,
    };
    let query = "SELECT day AS key, visitors AS views FROM visitor_days
        WHERE scope = $1 AND day BETWEEN $2 AND $3 ORDER BY day";
    sql::all(db.read(), query, [scope.into(), range.from.as_str().into(), range.to.as_str().into()]).await
}

/// Views by referrer, country or device, and how many there are in all.
pub(crate) async fn by_dimension(
    db: &Db,
    dimension: &str,
    scope: &Scope,
    range: &Range,
) -> Result<Vec<ReportRow>, DbErr> {
    let (chosen, value) = scope.sql();
    let query = format!(
        "SELECT r.value AS key, CAST(SUM(r.views) AS BIGINT) AS views FROM rollups r
        WHERE r.dimension = $1 AND r.day BETWEEN $2 AND $3 AND {chosen}
        GROUP BY r.value ORDER BY views DESC, key LIMIT {MOST_ROWS}"
    );
    let values = [dimension.into(), range.from.as_str().into(), range.to.as_str().into(), value];
    let rows = sql::all::<Count, _>(db.read(), &query, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| ReportRow {
            label: row.key.clone(),
            key: row.key,
            views: unsigned(row.views),
            ..ReportRow::default()
        })
        .collect())
}

/// Views by post and page.
pub(crate) async fn by_target(db: &Db, scope: &Scope, range: &Range) -> Result<Vec<ReportRow>, DbErr> {
    let (chosen, value) = match scope {
        // The site's own row is of no target.
        Scope::Site => ("r.kind <> 'site' AND r.target_id <> $4", "".into()),
        other => other.sql(),
    };
    let query = format!(
        "SELECT t.id, t.url, t.title, s.views FROM (
            SELECT r.kind, r.target_id, CAST(SUM(r.views) AS BIGINT) AS views FROM rollups r
            WHERE r.dimension = $1 AND r.day BETWEEN $2 AND $3 AND {chosen}
            GROUP BY r.kind, r.target_id ORDER BY views DESC, r.target_id LIMIT {MOST_ROWS}
        ) s JOIN targets t ON t.kind = s.kind AND t.id = s.target_id ORDER BY s.views DESC, t.id"
    );
    let values = ["all".into(), range.from.as_str().into(), range.to.as_str().into(), value];
    let rows = sql::all::<PostRow, _>(db.read(), &query, values).await?;
    Ok(rows.into_iter().map(PostRow::into_row).collect())
}

impl PostRow {
    fn into_row(self) -> ReportRow {
        let url = Some(self.url).filter(|url| !url.is_empty());
        let label = if self.title.is_empty() { self.id.clone() } else { self.title };
        ReportRow { key: self.id, label, url, views: unsigned(self.views), visitors: None }
    }
}
