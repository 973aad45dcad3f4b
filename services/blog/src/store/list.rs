//! Lists of posts.

mod scan;

use std::{fmt, time::Duration};

use contracts::blog::{Paged, PostStatus, PostSummary};
use kit::db::{Db, sql};
use sea_orm::{DbBackend, DbErr, Value};

use super::row::{FROM, SummaryRow, summary_columns, unsigned};
use crate::app::{App, TERMS};

pub(crate) use scan::Turns;

/// How long a total may be wrong that another process changed.
const TOTALS_KEPT: Duration = Duration::from_secs(10);

/// Which posts. Reads like the question: `Filter::default().status(&[Public]).tag("rust")`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Last published first, among public posts.
    #[default]
    Newest,
    /// Last published or, where that never was, last changed first.
    Recent,
    /// First published first.
    Oldest,
    /// Last changed first.
    Updated,
    /// By title.
    Title,
    /// Most views first.
    Popular,
    /// Most likes first.
    Liked,
}

impl Sort {
    fn sql(self) -> &'static str {
        match self {
            Self::Newest => "p.published_at DESC, p.id DESC",
            Self::Recent => "COALESCE(p.published_at, p.updated_at) DESC, p.id DESC",
            Self::Oldest => "p.published_at, p.id",
            Self::Updated => "p.updated_at DESC, p.id DESC",
            Self::Title => "p.title, p.id",
            Self::Popular => "p.views DESC, p.id DESC",
            Self::Liked => "p.likes DESC, p.id DESC",
        }
    }
}

impl Filter {
    fn and(mut self, condition: &str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("${}", self.values.len())));
        self
    }

    pub(crate) fn status(mut self, statuses: &[PostStatus]) -> Self {
        // Names of an enum, not what somebody typed: inlined, so that partial indexes can serve.
        let names: Vec<_> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
        let has = |status: &PostStatus| statuses.contains(status);
        let live = [PostStatus::Draft, PostStatus::Public, PostStatus::Private, PostStatus::Scheduled];
        let all_but_trash = live.iter().all(has) && !has(&PostStatus::Trashed);
        self.conditions.push(match names.as_slice() {
            [one] => format!("p.status = {one}"),
            // All but the trash. Said so, it does not tempt SQLite to collect and sort them by status.
            _ if all_but_trash => "p.status <> 'TRASHED'".to_owned(),
            many => format!("p.status IN ({})", many.join(", ")),
        });
        self
    }

    pub(crate) fn author(self, id: &str) -> Self {
        self.and("p.author_id = ?", id)
    }

    pub(crate) fn category(self, slug: &str) -> Self {
        let id = format!("p.category_id = {}", term_at("categories", "category"));
        self.and(&id, slug)
    }

    pub(crate) fn tag(self, slug: &str) -> Self {
        let ids = format!("p.id IN (SELECT pt.post_id FROM post_tags pt WHERE pt.tag_id = {})", term_at("tags", "tag"));
        self.and(&ids, slug)
    }

    pub(crate) fn text(self, words: &str) -> Self {
        words.split_whitespace().take(8).fold(self, |filter, word| {
            let pattern = format!("%{}%", escape_like(&word.to_lowercase()));
            filter.and(
                "(LOWER(p.title) LIKE ? ESCAPE '\\' OR EXISTS (
                    SELECT 1 FROM post_texts x WHERE x.post_id = p.id AND LOWER(x.content) LIKE ? ESCAPE '\\'))",
                pattern,
            )
        })
    }

    /// One page of what passes, and how many do.
    pub(crate) async fn page(&self, app: &App, sort: Sort, page: u32, size: u32) -> Result<Paged<PostSummary>, DbErr> {
        let (items, total) = tokio::try_join!(self.items(&app.db, sort, page, size), self.total(app))?;
        Ok(Paged { items, total: unsigned(total) })
    }

    async fn items(&self, db: &Db, sort: Sort, page: u32, size: u32) -> Result<Vec<PostSummary>, DbErr> {
        let (query, values) = self.items_query(db.backend(), sort, page, size);
        let rows = sql::all::<SummaryRow, _>(db.read(), &query, values).await?;
        Ok(rows.into_iter().map(SummaryRow::into_summary).collect())
    }

    fn items_query(&self, backend: DbBackend, sort: Sort, page: u32, size: u32) -> (String, Vec<Value>) {
        let mut values = self.values.clone();
        values.push(i64::from(size).into());
        values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
        // The page is found by id first, so that columns and tags are read for its posts alone.
        let query = format!(
            "SELECT {columns} {FROM} WHERE p.id IN (
                SELECT p.id FROM posts p {conditions} ORDER BY {sort} LIMIT ${limit} OFFSET ${offset}
            ) ORDER BY {sort}",
            columns = summary_columns(backend),
            conditions = self.sql(),
            sort = sort.sql(),
            limit = values.len() - 1,
            offset = values.len(),
        );
        (query, values)
    }

    /// How many pass. Counting reads every entry of an index; nearly everybody asks for the same few
    /// numbers, so they are kept until a post or a term changes, and never for long.
    async fn total(&self, app: &App) -> Result<i64, DbErr> {
        let query = self.count_query();
        let key = format!("total:{self}");
        let count = async || sql::number(app.db.read(), &query, self.values.clone()).await;
        app.cache.get_or(&key, TOTALS_KEPT, &[TERMS], count).await
    }

    fn count_query(&self) -> String {
        format!("SELECT COUNT(*) AS n FROM posts p {}", self.sql())
    }

    fn sql(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// What tells one filter from another.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.sql(), self.values)
    }
}

/// Id of the term that is, or once was, at the slug `?`.
fn term_at(table: &str, taxonomy: &str) -> String {
    format!(
        "COALESCE((SELECT id FROM {table} WHERE slug = ?),
            (SELECT term_id FROM term_redirects WHERE taxonomy = '{taxonomy}' AND slug = ?))"
    )
}

pub(super) fn escape_like(word: &str) -> String {
    word.chars().fold(String::with_capacity(word.len()), |mut text, c| {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
        text
    })
}

#[cfg(test)]
#[path = "plans.rs"]
mod plans;
