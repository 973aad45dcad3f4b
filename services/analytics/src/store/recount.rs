//! Recounting what is kept twice.

use std::collections::BTreeMap;

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

use super::{small, unsigned};

#[derive(FromQueryResult)]
struct Row {
    id: String,
    comments: i32,
    likes: i32,
}

/// Sets the totals of posts and pages to the sums of their days. Says how many there are and how many
/// were wrong.
pub(crate) async fn totals(db: &Db) -> Result<(u64, u64), DbErr> {
    let tx = db.begin().await?;
    // Nobody counts meanwhile.
    sql::execute(&tx, "UPDATE rounds SET batch = batch + 1 WHERE id = 1", []).await?;
    let checked = sql::number(&tx, "SELECT COUNT(*) AS n FROM targets WHERE status <> 'DELETED'", []).await?;
    let sum = "archived_views + COALESCE((SELECT SUM(r.views) FROM rollups r
        WHERE r.kind = targets.kind AND r.target_id = targets.id AND r.dimension = 'all'), 0)";
    let repair = format!("UPDATE targets SET views = {sum} WHERE status <> 'DELETED' AND views <> {sum}");
    let drift = sql::execute(&tx, &repair, []).await?;
    tx.commit().await?;
    Ok((unsigned(checked), drift))
}

/// Sets comments and likes of posts to `theirs` (absent: none). Says how many there are and how many
/// were wrong.
pub(crate) async fn comments_and_likes(db: &Db, theirs: &BTreeMap<String, (u32, u32)>) -> Result<(u64, u64), DbErr> {
    let (mut checked, mut drift) = (0, 0);
    let mut after = String::new();
    loop {
        let query = "SELECT id, comments, likes FROM targets
            WHERE kind = 'post' AND id > $1 AND status <> 'DELETED' ORDER BY id LIMIT 500";
        let rows = sql::all::<Row, _>(db.read(), query, [after.as_str().into()]).await?;
        let Some(last) = rows.last().map(|row| row.id.clone()) else { return Ok((checked, drift)) };
        for Row { id, comments, likes } in rows {
            checked += 1;
            let (right, liked) = theirs.get(&id).copied().unwrap_or_default();
            if (small(comments.into()), small(likes.into())) != (right, liked) {
                let repair = "UPDATE targets SET comments = $2, likes = $3 WHERE kind = 'post' AND id = $1";
                let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
                sql::execute(db.write(), repair, [id.into(), number(right).into(), number(liked).into()]).await?;
                drift += 1;
            }
        }
        after = last;
    }
}
