//! Removing images, with their files.

use kit::{ApiError, ApiResult, db::sql};
use sea_orm::{DbErr, FromQueryResult};

use super::{objects, variants};
use crate::app::App;

#[derive(FromQueryResult)]
struct Found {
    name: String,
    stem: String,
    size: i32,
}

/// Removes an image and its smaller ones, unless something uses it. Says how many bytes that were;
/// `None` when it stays.
pub(crate) async fn remove(app: &App, stem: &str, unused_before: i64) -> ApiResult<Option<u64>> {
    let tx = app.db.begin().await?;
    let query = "DELETE FROM images WHERE stem = $1 AND unused_since IS NOT NULL AND unused_since < $2
        AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.stem = images.stem) RETURNING name, stem, size";
    let Some(found) = sql::one::<Found, _>(&tx, query, [stem.into(), unused_before.into()]).await? else {
        return Ok(None);
    };
    let names = variants::names(&tx, stem).await?;
    sql::execute(&tx, "DELETE FROM variants WHERE stem = $1", [stem.into()]).await?;
    // The rows first: a row never points to nothing. A file that stays behind is found by reconciling.
    tx.commit().await?;
    let mut bytes = u64::try_from(found.size).unwrap_or_default();
    for name in names.iter().chain([&found.name]) {
        if name != &found.name {
            bytes += objects::size(&app.images, name).await.ok().flatten().unwrap_or_default();
        }
        objects::delete(&app.images, name).await.map_err(ApiError::unavailable)?;
    }
    Ok(Some(bytes))
}

/// Stems of images that nothing has used since `before`.
pub(crate) async fn stems(app: &App, before: i64) -> Result<Vec<String>, DbErr> {
    let query = "SELECT name, stem, size FROM images WHERE unused_since IS NOT NULL AND unused_since < $1
        ORDER BY unused_since LIMIT 10000";
    let rows = sql::all::<Found, _>(app.db.read(), query, [before.into()]).await?;
    Ok(rows.into_iter().map(|row| row.stem).collect())
}
