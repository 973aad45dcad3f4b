//! Everybody's drafts, one after the other.

use contracts::blog::Draft;
use kit::db::{Db, sql};
use sea_orm::DbErr;

use super::{COLUMNS, FROM, WHOLE, WholeRow};

/// So many drafts after the one called `after`, by id.
pub(crate) async fn page(db: &Db, after: &str, limit: u32) -> Result<Vec<Draft>, DbErr> {
    let query = format!("SELECT {COLUMNS}, {WHOLE} {FROM} WHERE d.id > $1 ORDER BY d.id LIMIT $2");
    let rows = sql::all::<WholeRow, _>(db.read(), &query, [after.into(), i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(Draft::from).collect())
}
