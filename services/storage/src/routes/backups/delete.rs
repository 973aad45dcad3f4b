//! `DELETE /api/backups/:id`

use axum::extract::State;
use contracts::storage::{BackupStatus, RestoreStatus};
use http::StatusCode;
use kit::{ApiError, ApiResult, extract::Path, id};
use object_store::ObjectStoreExt;
use sea_orm::DatabaseTransaction;

use super::{busy, not_found};
use crate::{app::App, backup::archive, routes::operator::Operator, store::backups};

/// Removes a backup
#[utoipa::path(delete, path = "/api/backups/{id}", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "It is being made or restored")))]
pub(crate) async fn handle(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    let id = id::parse(&id).ok_or_else(not_found)?;
    let tx = app.db.begin().await?;
    // In the turn of whoever starts a restore: of two at once the second sees what the first did.
    backups::take_turn(&tx).await?;
    let backup = backups::show(&tx, &id).await?.ok_or_else(not_found)?;
    let restoring = backup
        .restore
        .as_ref()
        .is_some_and(|restore| !matches!(restore.status, RestoreStatus::Done | RestoreStatus::Undone));
    if backup.status == BackupStatus::Running || restoring {
        return Err(busy().into());
    }
    backups::delete(&tx, &id).await?;
    // Once the row is gone nobody finds the archive any more to delete it.
    app.to_the_end(forget(app.clone(), tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn forget(app: App, tx: DatabaseTransaction, id: String) -> ApiResult<()> {
    // The row first: a backup that is listed has its archive.
    tx.commit().await?;
    match app.archives.delete(&archive::path(&id)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => {
            tracing::error!(backup = %id, "the archive of a removed backup stays behind: delete it where backups lie");
            Err(ApiError::unavailable(error))
        }
    }
}
