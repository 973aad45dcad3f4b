//! `POST /internal/maintenance`

use axum::{Json, extract::State};
use contracts::auth::Maintained;
use kit::{ApiError, ApiResult, auth::ServiceCaller};

use crate::{app::App, maintenance};

/// Does now what the background task does every minute.
#[utoipa::path(
    post, path = "/internal/maintenance", tag = "internal",
    responses((status = 200, body = Maintained)),
)]
pub(in crate::routes) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Maintained>> {
    Ok(Json(maintenance::step(&app).await.map_err(ApiError::internal)?))
}
