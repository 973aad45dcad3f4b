//! Counting: single views become numbers by day, so that a report reads few rows however many views
//! there were.

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Round {
    batch: i64,
}

/// Adds views that were not counted yet to all numbers, in one transaction. Killed at any point, a
/// view is counted once.
pub(crate) async fn run(db: &Db) -> Result<u64, DbErr> {
    if sql::number(db.read(), "SELECT COUNT(*) AS n FROM (SELECT 1 FROM views WHERE batch IS NULL LIMIT 1) w", [])
        .await?
        == 0
    {
        return Ok(0);
    }
    let tx = db.begin().await?;
    // The row stays locked until the commit: one counts at a time.
    let next = "UPDATE rounds SET batch = batch + 1 WHERE id = 1 RETURNING batch";
    let round = sql::one::<Round, _>(&tx, next, []).await?;
    let batch = round.ok_or_else(|| DbErr::RecordNotFound("the round of counting".to_owned()))?.batch;
    let counted = sql::execute(&tx, "UPDATE views SET batch = $1 WHERE batch IS NULL", [batch.into()]).await?;
    if counted > 0 {
        // What was purged meanwhile counts for the site alone.
        let live = "EXISTS (SELECT 1 FROM targets t
            WHERE t.kind = views.kind AND t.id = views.target_id AND t.status <> 'DELETED')";
        for (dimension, column) in
            [("all", "''"), ("referrer", "referrer"), ("country", "country"), ("device", "device")]
        {
            for (kind, target, group, which) in
                [("'site'", "''", "day", "TRUE"), ("kind", "target_id", "day, kind, target_id", live)]
            {
                // With a constant for 'all' there is nothing to group by.
                let group = if column == "''" { group.to_owned() } else { format!("{group}, {column}") };
                let add = format!(
                    "INSERT INTO rollups (dimension, day, kind, target_id, value, views)
                    SELECT '{dimension}', day, {kind}, {target}, {column}, COUNT(*) FROM views
                    WHERE batch = $1 AND {which} GROUP BY {group}
                    ON CONFLICT (kind, target_id, dimension, day, value)
                    DO UPDATE SET views = rollups.views + excluded.views"
                );
                sql::execute(&tx, &add, [batch.into()]).await?;
            }
        }
        let totals = "UPDATE targets SET views = views + (
                SELECT COUNT(*) FROM views v WHERE v.batch = $1 AND v.kind = targets.kind AND v.target_id = targets.id
            )
            WHERE status <> 'DELETED' AND EXISTS (
                SELECT 1 FROM views v WHERE v.batch = $1 AND v.kind = targets.kind AND v.target_id = targets.id
            )";
        sql::execute(&tx, totals, [batch.into()]).await?;
        // Set, not added: who came twice came once.
        let visitors = "INSERT INTO visitor_days (scope, day, visitors)
            SELECT scope, day, COUNT(*) FROM visitors
            WHERE day IN (SELECT DISTINCT day FROM views WHERE batch = $1) GROUP BY scope, day
            ON CONFLICT (scope, day) DO UPDATE SET visitors = excluded.visitors";
        sql::execute(&tx, visitors, [batch.into()]).await?;
        let gone = "DELETE FROM views WHERE batch = $1 AND EXISTS (SELECT 1 FROM targets t
            WHERE t.kind = views.kind AND t.id = views.target_id AND t.status = 'DELETED')";
        sql::execute(&tx, gone, [batch.into()]).await?;
    }
    tx.commit().await?;
    Ok(counted)
}
