//! `DELETE /api/backups/:id`

use axum::extract::State;
use contracts::{
    problem::Problem,
    storage::{BackupStatus, RestoreStatus},
};
use http::StatusCode;
use kit::{ApiError, ApiResult, extract::Path};
use object_store::ObjectStoreExt;

use crate::{app::App, backup::archive, routes::operator::Operator, store::backups};

/// Removes a backup
#[utoipa::path(delete, path = "/api/backups/{id}", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "It is being made or restored")))]
pub(crate) async fn handle(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    let backup = super::show(&app, &id).await?;
    let restoring = backup
        .restore
        .as_ref()
        .is_some_and(|restore| !matches!(restore.status, RestoreStatus::Done | RestoreStatus::Undone));
    if backup.status == BackupStatus::Running || restoring {
        let problem = Problem::new(409, "busy", "A backup or restore is under way");
        return Err(problem.with_detail("Wait until it is done.").into());
    }
    match app.archives.delete(&archive::path(&backup.id)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(error) => return Err(ApiError::unavailable(error)),
    }
    let tx = app.db.begin().await?;
    backups::delete(&tx, &backup.id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
