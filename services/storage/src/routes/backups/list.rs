//! `GET /api/backups` and `GET /api/backups/:id`.

use axum::{Json, extract::State};
use contracts::storage::{Backup, BackupList};
use kit::{ApiResult, extract::Path};

use crate::{app::App, routes::operator::Operator, store::backups};

/// Backups, newest first
#[utoipa::path(get, path = "/api/backups", tag = "backups", security(("bearer" = []), ("service" = [])),
    responses((status = 200, body = BackupList)))]
pub(crate) async fn list(_: Operator, State(app): State<App>) -> ApiResult<Json<BackupList>> {
    let items = backups::list(&app.db).await?;
    let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
    Ok(Json(BackupList { items, total }))
}

/// A backup, with how far it or its restore is
#[utoipa::path(get, path = "/api/backups/{id}", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")), responses((status = 200, body = Backup)))]
pub(crate) async fn read(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Backup>> {
    Ok(Json(super::show(&app, &id).await?))
}
