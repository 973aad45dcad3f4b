//! Forgetting.

use kit::db::{Db, sql};
use sea_orm::DbErr;

/// Which days are over.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    /// Salts and seats before this day go: yesterday's still serve a request that began before midnight.
    pub(crate) salts: String,
    /// Single views and visitors before this day go.
    pub(crate) views: String,
    /// Numbers by day before this day go; totals stay.
    pub(crate) rollups: String,
    /// Guests' bug reports made before this moment are no longer tied to where they came from.
    pub(crate) guests: i64,
}

/// Forgets what is over. Call after counting: what was not counted stays.
pub(crate) async fn run(db: &Db, ends: &Ends) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    for query in ["DELETE FROM salts WHERE day < $1", "DELETE FROM network_visitors WHERE day < $1"] {
        sql::execute(&tx, query, [ends.salts.as_str().into()]).await?;
    }
    let views = "DELETE FROM views WHERE day < $1 AND batch IS NOT NULL";
    sql::execute(&tx, views, [ends.views.as_str().into()]).await?;
    sql::execute(&tx, "DELETE FROM visitors WHERE day < $1", [ends.views.as_str().into()]).await?;
    let archive = "UPDATE targets SET archived_views = archived_views + (
            SELECT COALESCE(SUM(r.views), 0) FROM rollups r
            WHERE r.kind = targets.kind AND r.target_id = targets.id AND r.dimension = 'all' AND r.day < $1
        )
        WHERE EXISTS (
            SELECT 1 FROM rollups r
            WHERE r.kind = targets.kind AND r.target_id = targets.id AND r.dimension = 'all' AND r.day < $1
        )";
    sql::execute(&tx, archive, [ends.rollups.as_str().into()]).await?;
    let numbers = "DELETE FROM rollups WHERE day < $1 AND kind <> 'site'";
    sql::execute(&tx, numbers, [ends.rollups.as_str().into()]).await?;
    let site = "DELETE FROM rollups WHERE day < $1 AND kind = 'site' AND dimension <> 'all'";
    sql::execute(&tx, site, [ends.rollups.as_str().into()]).await?;
    let guests = "UPDATE bug_reports SET guest = NULL WHERE guest IS NOT NULL AND created_at < $1";
    sql::execute(&tx, guests, [ends.guests.into()]).await?;
    tx.commit().await
}
