//! `GET /api/backups/:id/download`: the archive.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use http::header;
use kit::{ApiError, ApiResult, extract::Path, openapi::Binary};
use object_store::ObjectStoreExt;

use super::{not_found, ready};
use crate::{app::App, backup::archive, routes::operator::Operator};

/// The archive of a backup
#[utoipa::path(get, path = "/api/backups/{id}/download", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")),
    responses((status = 200, description = "`.tar.gz`", content_type = "application/gzip", body = Binary),
        (status = 409, description = "It is not whole")))]
pub(crate) async fn handle(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<Response> {
    let backup = ready(app.db.write(), &id).await?;
    let object = match app.archives.get(&archive::path(&backup.id)).await {
        Ok(object) => object,
        Err(object_store::Error::NotFound { .. }) => return Err(not_found().into()),
        Err(error) => return Err(ApiError::unavailable(error)),
    };
    let head = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (header::CONTENT_LENGTH, object.meta.size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"maru-{}.tar.gz\"", backup.id)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from_stream(object.into_stream().map_err(std::io::Error::other))).into_response())
}
