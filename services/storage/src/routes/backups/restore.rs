//! `POST /api/backups/:id/restore`: all services as they were, in the background.

use axum::{Json, extract::State};
use contracts::storage::Backup;
use http::StatusCode;
use kit::{ApiResult, extract::Path, id};

use super::{busy, ready};
use crate::{
    app::App,
    routes::operator::Operator,
    store::{backups, sagas},
};

/// Brings a backup back
#[utoipa::path(post, path = "/api/backups/{id}/restore", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")),
    responses((status = 202, body = Backup), (status = 409, description = "One is under way, or it is not whole")))]
pub(crate) async fn handle(
    _: Operator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, Json<Backup>)> {
    let tx = app.db.begin().await?;
    let is_idle = backups::is_idle(&tx).await?;
    // Read in the turn: nobody deletes it before it is noted that it is being restored.
    let backup = ready(&tx, &id).await?;
    if !is_idle {
        return Err(busy().into());
    }
    sagas::start(&tx, &id::new(), &backup.id, app.clock.millis()).await?;
    tx.commit().await?;
    app.to_move.notify_one();
    Ok((StatusCode::ACCEPTED, Json(super::show(&app, &backup.id).await?)))
}
