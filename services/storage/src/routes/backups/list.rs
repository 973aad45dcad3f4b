//! `GET /api/backups` and `GET /api/backups/:id`.

use axum::{Json, extract::State};
use contracts::storage::{Backup, BackupList};
use kit::{
    ApiResult,
    extract::{Path, Query},
};

use crate::{
    app::App,
    routes::{images::list::Paging, operator::Operator},
    store::backups,
};

/// Backups, newest first
#[utoipa::path(get, path = "/api/backups", tag = "backups", params(Paging), security(("bearer" = []), ("service" = [])),
    responses((status = 200, body = BackupList)))]
pub(crate) async fn list(
    _: Operator,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<BackupList>> {
    let (page, size) = paging.read()?;
    Ok(Json(backups::list(&app.db, page, size).await?))
}

/// A backup, with how far it or its restore is
#[utoipa::path(get, path = "/api/backups/{id}", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")), responses((status = 200, body = Backup)))]
pub(crate) async fn read(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Backup>> {
    Ok(Json(super::show(&app, &id).await?))
}
