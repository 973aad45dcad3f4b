//! `PUT /api/bug-reports/:id/response` (ADMIN): where it stands, and what the reporter is told.

use axum::{Json, extract::State};
use contracts::{
    analytics::{BugReport, BugResponseInput},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};

use crate::{app::App, domain::bug, store::bugs};

/// Answers a bug report
#[utoipa::path(put, path = "/api/bug-reports/{id}/response", tag = "bug reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")), request_body = BugResponseInput,
    responses((status = 200, body = BugReport),
        (status = 409, description = "Answered in the meantime (`current` is the report as it is now)")))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(input): Body<BugResponseInput>,
) -> ApiResult<Json<BugReport>> {
    viewer.require(Role::Admin)?;
    let input = bug::check_response(input)?;
    let not_found = || Problem::not_found("bug report");
    let tx = app.db.begin().await?;
    let noted = bugs::respond(&tx, &id, &input, app.clock.millis()).await?;
    let report = bugs::find(&tx, &id).await?.ok_or_else(not_found)?;
    if !noted {
        return Err(ApiError::stale(input.version.unwrap_or_default(), report.version, &report));
    }
    tx.commit().await?;
    Ok(Json(report))
}
