//! `POST /api/backups`: a new backup, made in the background.

use axum::{Json, extract::State};
use contracts::storage::Backup;
use http::StatusCode;
use kit::{ApiResult, id};

use super::busy;
use crate::{app::App, routes::operator::Operator, store::backups};

/// Starts a backup
#[utoipa::path(post, path = "/api/backups", tag = "backups", security(("bearer" = []), ("service" = [])),
    responses((status = 202, body = Backup), (status = 409, description = "One is under way")))]
pub(crate) async fn handle(_: Operator, State(app): State<App>) -> ApiResult<(StatusCode, Json<Backup>)> {
    let id = id::new();
    let tx = app.db.begin().await?;
    if !backups::is_idle(&tx).await? {
        return Err(busy().into());
    }
    backups::start(&tx, &id, app.clock.millis()).await?;
    tx.commit().await?;
    app.to_move.notify_one();
    Ok((StatusCode::ACCEPTED, Json(super::show(&app, &id).await?)))
}
