//! `GET /internal/revocations`: for processes that start, and hear only of what comes after.

use axum::{Json, extract::State};
use contracts::auth::Revocations;
use kit::{ApiResult, auth::ServiceCaller};

use crate::{app::App, store::revocations};

/// Access tokens that are no longer good before their end.
#[utoipa::path(
    get, path = "/internal/revocations", tag = "internal",
    responses((status = 200, body = Revocations)),
)]
pub(in crate::routes) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Revocations>> {
    Ok(Json(revocations::recent(app.db.read(), app.clock.millis()).await?))
}
