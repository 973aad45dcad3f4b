//! Lists of pages.

use contracts::page::{PageKind, PageList, PageStatus, SitemapPage};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::{
    row::{COLUMNS, FROM, SummaryRow},
    unsigned,
};
use crate::domain::names;

/// Which pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter<'a> {
    pub(crate) kind: Option<PageKind>,
    /// In any of these states.
    pub(crate) statuses: &'a [PageStatus],
    pub(crate) q: Option<&'a str>,
}

impl Filter<'_> {
    /// One page of what passes: pinned first, then what was published last.
    pub(crate) async fn page(&self, db: &Db, page: u32, size: u32) -> Result<PageList, DbErr> {
        let (condition, mut values) = self.condition();
        let count = format!("SELECT COUNT(*) AS n FROM pages p WHERE {condition}");
        let total = sql::number(db.read(), &count, values.clone()).await?;
        values.push(i64::from(size).into());
        values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
        let query = format!(
            "SELECT {COLUMNS} {FROM} WHERE {condition}
            ORDER BY p.pinned DESC, COALESCE(p.published_at, p.updated_at) DESC, p.id DESC LIMIT ${} OFFSET ${}",
            values.len() - 1,
            values.len()
        );
        let rows = sql::all::<SummaryRow, _>(db.read(), &query, values).await?;
        Ok(PageList { items: rows.into_iter().map(Into::into).collect(), total: unsigned(total) })
    }

    fn condition(&self) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = Vec::new();
        let names: Vec<String> =
            self.statuses.iter().map(|status| format!("'{}'", names::status_name(*status))).collect();
        let mut condition = format!("p.status IN ({})", names.join(", "));
        if let Some(kind) = self.kind {
            condition.push_str(&format!(" AND p.kind = '{}'", names::kind_name(kind)));
        }
        for word in self.q.unwrap_or_default().split_whitespace().take(8) {
            values.push(like(word).into());
            condition.push_str(&format!(
                " AND (LOWER(p.title) LIKE ${n} ESCAPE '\\' OR LOWER(p.content) LIKE ${n} ESCAPE '\\')",
                n = values.len()
            ));
        }
        (condition, values)
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `word` anywhere.
fn like(word: &str) -> String {
    let escaped = word.to_lowercase().chars().fold(String::with_capacity(word.len()), |mut text, c| {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
        text
    });
    format!("%{escaped}%")
}

#[derive(FromQueryResult)]
struct PlaceRow {
    id: String,
    slug: String,
    kind: String,
    locale: String,
    updated_at: i64,
}

/// Where pages live, after `after`, by id: published ones, or with `all` also drafts.
pub(crate) async fn places(db: &Db, after: &str, limit: i64, all: bool) -> Result<Vec<SitemapPage>, DbErr> {
    let status = if all { "status <> 'TRASHED'" } else { "status = 'PUBLISHED'" };
    let query =
        format!("SELECT id, slug, kind, locale, updated_at FROM pages WHERE {status} AND id > $1 ORDER BY id LIMIT $2");
    let rows = sql::all::<PlaceRow, _>(db.read(), &query, [after.into(), limit.into()]).await?;
    let place = |row: PlaceRow| SitemapPage {
        path: names::path(names::kind(&row.kind).unwrap_or_default(), &row.slug),
        id: row.id,
        locale: row.locale,
        updated_at: rfc3339(row.updated_at),
    };
    Ok(rows.into_iter().map(place).collect())
}
