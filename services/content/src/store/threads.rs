//! The comments of a post, page by page.

use kit::db::{Db, sql};
use sea_orm::{DbErr, Value};

use super::{
    places,
    row::{CommentRow, select},
    unsigned,
};
use crate::domain::eyes::Eyes;

/// In which order roots come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    #[default]
    Oldest,
    Newest,
    Liked,
}

impl Sort {
    fn sql(self) -> &'static str {
        match self {
            Self::Oldest => "c.created_at, c.id",
            Self::Newest => "c.created_at DESC, c.id DESC",
            Self::Liked => "c.likes DESC, c.created_at, c.id",
        }
    }
}

/// A query and its values.
type Query = (String, Vec<Value>);

/// The roots of one page that are shown to `eyes` (or have something under them that is), then all
/// that is under them; and how many roots there are.
pub(crate) async fn page(
    db: &Db,
    post_id: &str,
    eyes: &Eyes,
    sort: Sort,
    page: u32,
    size: u32,
) -> Result<(Vec<CommentRow>, u32), DbErr> {
    let ((count, counted), (roots, values)) = queries(post_id, eyes, sort, page, size);
    let total = sql::number(db.read(), &count, counted);
    let (total, mut rows) = tokio::try_join!(total, sql::all::<CommentRow, _>(db.read(), &roots, values))?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    if !ids.is_empty() {
        let (query, values) = below(&ids, &eyes.actor);
        rows.extend(sql::all(db.read(), &query, values).await?);
    }
    Ok((rows, unsigned(total)))
}

/// How many roots there are, and those of one page.
fn queries(post_id: &str, eyes: &Eyes, sort: Sort, page: u32, size: u32) -> (Query, Query) {
    let mut values: Vec<Value> = vec![post_id.into()];
    let (root, answer) = (eyes.condition("c", &mut values), eyes.condition("r", &mut values));
    let condition = format!(
        "c.post_id = $1 AND c.parent_id IS NULL AND ({root} OR EXISTS (
            SELECT 1 FROM comments r WHERE r.root_id = c.id AND r.parent_id IS NOT NULL AND {answer}
        ))"
    );
    let count = (format!("SELECT COUNT(*) AS n FROM comments c WHERE {condition}"), values.clone());
    values.push(eyes.actor.as_str().into());
    let columns = select(values.len());
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let roots = format!(
        "{columns} WHERE {condition} ORDER BY {} LIMIT ${} OFFSET ${}",
        sort.sql(),
        values.len() - 1,
        values.len()
    );
    (count, (roots, values))
}

/// All answers under these roots.
fn below(roots: &[String], actor: &str) -> Query {
    let query = format!("{} WHERE c.root_id IN ({}) AND c.parent_id IS NOT NULL", select(1), places(2, roots.len()));
    let values = std::iter::once(actor.into()).chain(roots.iter().map(|id| id.as_str().into()));
    (query, values.collect())
}

#[cfg(test)]
#[path = "plans.rs"]
mod plans;
