//! A page as it is read: joined with its author.

use contracts::page::{Page, PageSummary};
use kit::clock::rfc3339;
use sea_orm::FromQueryResult;

use super::unsigned;
use crate::domain::names;

/// The columns of [`SummaryRow`].
pub(super) const COLUMNS: &str = "p.id, p.slug, p.title, p.kind, p.status, p.badge, p.pinned, p.template, p.excerpt,
    p.author_id, a.name AS author_name, a.avatar AS author_avatar, p.locale, p.published_at, p.created_at, p.updated_at,
    p.version";

/// Where the columns come from.
pub(super) const FROM: &str = "FROM pages p JOIN authors a ON a.id = p.author_id";

/// A page in a list.
#[derive(Debug, FromQueryResult)]
pub(crate) struct SummaryRow {
    id: String,
    slug: String,
    title: String,
    kind: String,
    status: String,
    badge: Option<String>,
    pinned: bool,
    template: String,
    excerpt: String,
    author_id: String,
    author_name: String,
    author_avatar: Option<String>,
    locale: String,
    published_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i32,
}

impl From<SummaryRow> for PageSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            // The table's CHECKs admit nothing else.
            kind: names::kind(&row.kind).unwrap_or_default(),
            status: names::status(&row.status).unwrap_or_default(),
            badge: row.badge,
            pinned: row.pinned,
            template: names::template(&row.template),
            excerpt: row.excerpt,
            author_id: row.author_id,
            author_name: row.author_name,
            author_avatar: row.author_avatar,
            locale: row.locale,
            published_at: row.published_at.map(rfc3339),
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
            version: unsigned(row.version),
        }
    }
}

/// A whole page.
#[derive(Debug, FromQueryResult)]
pub(crate) struct PageRow {
    #[sea_orm(nested)]
    summary: SummaryRow,
    toc: String,
    content: String,
    html: String,
}

impl PageRow {
    /// The page, with its source when `for_editing`.
    pub(crate) fn into_page(self, for_editing: bool) -> Page {
        Page {
            summary: self.summary.into(),
            html: self.html,
            // JSON that we wrote ourselves.
            toc: serde_json::from_str(&self.toc).unwrap_or_default(),
            content: for_editing.then_some(self.content),
        }
    }
}
