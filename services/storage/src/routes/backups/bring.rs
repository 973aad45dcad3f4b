//! `PUT /api/backups`: an archive from elsewhere, so that it can be restored here.

use axum::{
    Json,
    extract::{Request, State},
};
use contracts::{problem::Problem, storage::Backup};
use futures_util::StreamExt;
use http::StatusCode;
use kit::{ApiError, ApiResult, id, openapi::Binary};
use tokio::io::AsyncWriteExt;

use super::damaged;
use crate::{app::App, backup::archive, routes::operator::Operator, store::backups};

/// Takes an archive that was downloaded elsewhere
#[utoipa::path(put, path = "/api/backups", tag = "backups", security(("bearer" = []), ("service" = [])),
    request_body(content = Binary, content_type = "application/gzip"),
    responses((status = 201, body = Backup)))]
pub(crate) async fn handle(
    _: Operator,
    State(app): State<App>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Backup>)> {
    let folder = tempfile::tempdir().map_err(ApiError::internal)?;
    let file = folder.path().join("backup.tar.gz");
    let mut target = tokio::fs::File::create(&file).await.map_err(ApiError::internal)?;
    let mut chunks = request.into_body().into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(400, "unreadable_body", "The body could not be read"))?;
        target.write_all(&chunk).await.map_err(ApiError::internal)?;
    }
    target.flush().await.map_err(ApiError::internal)?;
    let checked = file.clone();
    let read = tokio::task::spawn_blocking(move || archive::read(&checked, None, |_, _| Ok(())));
    let found = read.await.map_err(ApiError::internal)?.map_err(|error| damaged(&error))?;
    let id = id::new();
    archive::store(&app.archives, &id, &file).await.map_err(ApiError::unavailable)?;
    let tx = app.db.begin().await?;
    backups::bring(&tx, &id, &found, app.clock.millis()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(super::show(&app, &id).await?)))
}
