//! `GET /api/bug-reports?status=&category=&priority=&page=&size=`: one's own; for an admin all.

use axum::{Json, extract::State};
use contracts::{
    analytics::{BugCategory, BugPriority, BugReportList, BugStatus},
    module::Role,
    problem::Problem,
};
use kit::{ApiResult, auth::Viewer, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    store::bugs::{self, Filter},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Only those that stand there.
    #[param(inline)]
    status: Option<BugStatus>,
    /// Only those about this.
    #[param(inline)]
    category: Option<BugCategory>,
    /// Only those that hurt so much.
    #[param(inline)]
    priority: Option<BugPriority>,
    /// For an admin: only their own.
    #[serde(default)]
    mine: bool,
    /// From 1.
    #[param(minimum = 1, maximum = 1_000_000)]
    page: Option<u32>,
    /// 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// Bug reports, newest first
#[utoipa::path(get, path = "/api/bug-reports", tag = "bug reports", params(Params), security(("bearer" = [])),
    responses((status = 200, body = BugReportList)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<BugReportList>> {
    let (page, size) = (params.page.unwrap_or(1), params.size.unwrap_or(20));
    let mut problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
    if !(1..=1_000_000).contains(&page) {
        problem = problem.with_field("page", "invalid", "1 to 1,000,000.");
    }
    if !(1..=100).contains(&size) {
        problem = problem.with_field("size", "invalid", "1 to 100.");
    }
    if !problem.errors.is_empty() {
        return Err(problem.into());
    }
    let all = viewer.role() == Role::Admin && !params.mine;
    let filter = Filter {
        reporter: (!all).then(|| viewer.id().to_owned()),
        status: params.status,
        category: params.category,
        priority: params.priority,
    };
    Ok(Json(bugs::list(&app.db, &filter, page, size).await?))
}
