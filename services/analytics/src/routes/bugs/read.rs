//! `GET /api/bug-reports/:id`: one's own; for an admin any.

use axum::{Json, extract::State};
use contracts::{analytics::BugReport, module::Role, problem::Problem};
use kit::{ApiResult, auth::Viewer, extract::Path};

use crate::{app::App, store::bugs};

/// A bug report
#[utoipa::path(get, path = "/api/bug-reports/{id}", tag = "bug reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, body = BugReport)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> ApiResult<Json<BugReport>> {
    let found = bugs::find(app.db.read(), &id).await?;
    let seen = |report: &BugReport| viewer.role() == Role::Admin || report.reporter_id.as_deref() == Some(viewer.id());
    // Somebody else's is not there: nothing tells that it exists.
    Ok(Json(found.filter(seen).ok_or_else(|| Problem::not_found("bug report"))?))
}
