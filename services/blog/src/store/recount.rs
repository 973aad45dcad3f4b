//! What is compared with its owners.

use std::collections::HashMap;

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

use super::change::Count;

/// Totals by post. Who is not in it has none.
pub(crate) type Totals = HashMap<String, i64>;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    total: i64,
}

/// A copy of an account.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Author {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) avatar: Option<String>,
}

/// How many posts there are, and those whose total is not the right one.
pub(crate) async fn wrong(db: &Db, count: Count, right: &Totals) -> Result<(u64, Vec<(String, i64)>), DbErr> {
    let query = format!("SELECT id, CAST({} AS BIGINT) AS total FROM posts ORDER BY id", count.column());
    let rows = sql::all::<Row, _>(db.read(), &query, []).await?;
    let checked = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let wrong = rows.into_iter().filter_map(|row| {
        let total = right.get(&row.id).copied().unwrap_or_default();
        (total != row.total).then_some((row.id, total))
    });
    Ok((checked, wrong.collect()))
}

/// Sets a total. The sequence beside it stays: an event that is still under way is newer.
pub(crate) async fn set(db: &Db, count: Count, post_id: &str, total: i64) -> Result<u64, DbErr> {
    let query = format!("UPDATE posts SET {} = $2 WHERE id = $1", count.column());
    sql::execute(db.write(), &query, [post_id.into(), total.into()]).await
}

/// So many authors after the one called `after` who have not deleted their account.
pub(crate) async fn authors(db: &Db, after: &str, limit: usize) -> Result<Vec<Author>, DbErr> {
    let query = "SELECT id, name, avatar FROM authors WHERE id > $1 AND NOT deleted ORDER BY id LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    sql::all(db.read(), query, [after.into(), limit.into()]).await
}
