//! `POST /internal/reconcile`: recounting what events brought, and files against rows.

use axum::{Json, extract::State};
use contracts::reconcile::Report;
use kit::{ApiResult, auth::ServiceCaller};

use crate::app::App;

/// Compares with the owners what events brought, and files with rows, and repairs it
#[utoipa::path(post, path = "/internal/reconcile", tag = "internal", responses((status = 200, body = Report)))]
pub(crate) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Report>> {
    Ok(Json(crate::reconcile::run(&app).await?))
}
