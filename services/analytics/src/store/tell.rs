//! Totals that others are told: `post.views.counted`.

use contracts::{
    analytics::{PostViews, PostViewsPage},
    events::PostViewsCounted,
};
use kit::{
    db::{Db, sql},
    events::outbox,
};
use sea_orm::{DbErr, FromQueryResult};

use super::unsigned;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    views: i64,
}

const AT_ONCE: usize = 500;

/// Writes an event for every post whose total is another than the one last told. Says how many.
pub(crate) async fn run(db: &Db, now: i64) -> Result<u32, DbErr> {
    let mut told = 0;
    loop {
        let tx = db.begin().await?;
        // In the order of their ids, so that two who do this at once wait for each other.
        let query = "SELECT id, views FROM targets
            WHERE kind = 'post' AND views <> told_views AND status <> 'DELETED' ORDER BY id LIMIT 500";
        let rows = sql::all::<Row, _>(&tx, query, []).await?;
        let count = rows.len();
        for Row { id, views } in rows {
            let note = "UPDATE targets SET told_views = $2 WHERE kind = 'post' AND id = $1 AND told_views <> $2";
            if sql::execute(&tx, note, [id.as_str().into(), views.into()]).await? == 1 {
                let event = PostViewsCounted { post_id: id.clone(), views: unsigned(views) };
                outbox::add(&tx, &id, &event, now).await?;
                told += 1;
            }
        }
        tx.commit().await?;
        if count < AT_ONCE {
            return Ok(told);
        }
    }
}

/// Totals as they were told, by id.
pub(crate) async fn page(db: &Db, after: &str, limit: u32) -> Result<PostViewsPage, DbErr> {
    let query = "SELECT id, told_views AS views FROM targets
        WHERE kind = 'post' AND id > $1 AND status <> 'DELETED' ORDER BY id LIMIT $2";
    let rows = sql::all::<Row, _>(db.read(), query, [after.into(), i64::from(limit).into()]).await?;
    let items: Vec<_> = rows.into_iter().map(|row| PostViews { post_id: row.id, views: unsigned(row.views) }).collect();
    let full = items.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let next = items.last().filter(|_| full).map(|last| last.post_id.clone());
    Ok(PostViewsPage { items, next })
}
