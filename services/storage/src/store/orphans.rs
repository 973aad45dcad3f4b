//! Removing images, with their files.

use std::time::Duration;

use kit::{ApiError, ApiResult, db::sql};
use sea_orm::{DbErr, FromQueryResult};
use tokio::time::error::Elapsed;

use super::{images, locks, objects, variants};
use crate::{app::App, domain::name};

/// How long a deletion may take: meanwhile others wait for its transaction, on SQLite all that write, who give up after
/// ten seconds.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(FromQueryResult)]
struct Found {
    name: String,
    stem: String,
    size: i32,
}

/// Why files were not deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FilesError {
    #[error("the database")]
    Database(#[from] DbErr),
    #[error("the place of the images")]
    Place(#[from] object_store::Error),
    #[error("the place of the images takes too long")]
    Late(#[from] Elapsed),
}

impl From<FilesError> for ApiError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Database(error) => error.into(),
            FilesError::Place(_) | FilesError::Late(_) => Self::unavailable(error),
        }
    }
}

/// Removes an image and its smaller ones, unless something uses it. Says how many bytes that were;
/// `None` when it stays.
pub(crate) async fn remove(app: &App, stem: &str, unused_before: i64) -> ApiResult<Option<u64>> {
    let tx = app.db.begin().await?;
    locks::hold(&tx, stem).await?;
    let query = "DELETE FROM images WHERE stem = $1 AND unused_since IS NOT NULL AND unused_since < $2
        AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.stem = images.stem) RETURNING name, stem, size";
    let Some(found) = sql::one::<Found, _>(&tx, query, [stem.into(), unused_before.into()]).await? else {
        return Ok(None);
    };
    let mut names = variants::names(&tx, stem).await?;
    sql::execute(&tx, "DELETE FROM variants WHERE stem = $1", [stem.into()]).await?;
    // The rows first: a row never points to nothing. A file that stays behind is found by reconciling.
    tx.commit().await?;
    let mut bytes = u64::try_from(found.size).unwrap_or_default();
    for name in &names {
        bytes += objects::size(&app.images, name).await.ok().flatten().unwrap_or_default();
    }
    names.push(found.name);
    delete_files(app, stem, &names).await?;
    Ok(Some(bytes))
}

/// Deletes files of an image that has no row (any more). If it has one again, because the same was sent meanwhile, they
/// are that one's. Whoever adds it while they are deleted waits, and then looks for its file.
pub(crate) async fn delete_files(app: &App, stem: &str, names: &[String]) -> Result<(), FilesError> {
    let tx = app.db.begin().await?;
    locks::hold(&tx, stem).await?;
    if images::by_stem(&tx, stem).await?.is_none() {
        delete_soon(app, names).await?;
    }
    Ok(tx.commit().await?)
}

/// Deletes files, or gives up. What then stays is found by reconciling.
async fn delete_soon(app: &App, names: &[impl AsRef<str>]) -> Result<(), FilesError> {
    let deleting = async {
        for name in names {
            objects::delete(&app.images, name.as_ref()).await?;
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, deleting).await?
}

/// Deletes a file unless a row names it (by now); says whether none does.
pub(crate) async fn delete_extra(app: &App, file: &str) -> Result<bool, FilesError> {
    let tx = app.db.begin().await?;
    locks::hold(&tx, name::stem(file)).await?;
    let query = "SELECT (SELECT COUNT(*) FROM images WHERE name = $1)
        + (SELECT COUNT(*) FROM variants WHERE name = $1) AS n";
    let is_extra = sql::number(&tx, query, [file.into()]).await? == 0;
    if is_extra {
        delete_soon(app, &[file]).await?;
    }
    tx.commit().await?;
    Ok(is_extra)
}

/// Stems of images that nothing has used since `before`.
pub(crate) async fn stems(app: &App, before: i64) -> Result<Vec<String>, DbErr> {
    let query = "SELECT name, stem, size FROM images WHERE unused_since IS NOT NULL AND unused_since < $1
        ORDER BY unused_since LIMIT 10000";
    let rows = sql::all::<Found, _>(app.db.read(), query, [before.into()]).await?;
    Ok(rows.into_iter().map(|row| row.stem).collect())
}
