//! For other services and the operator.

pub(super) mod images;

use axum::{Json, extract::State};
use contracts::{analytics::PostViewsPage, problem::Problem, reconcile::Report};
use http::StatusCode;
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{app::App, jobs, store::tell};

const MOST: u32 = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Id of the last one seen.
    #[serde(default)]
    after: String,
    /// 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl Paging {
    /// How many, or that this makes no sense.
    fn limit(&self) -> Result<u32, Problem> {
        let limit = self.limit.unwrap_or(200);
        if (1..=MOST).contains(&limit) {
            return Ok(limit);
        }
        Err(Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(
            "limit",
            "invalid",
            "1 to 500.",
        ))
    }
}

/// How many posts' totals were told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Told {
    told: u32,
}

/// Totals of posts as they were told
#[utoipa::path(get, path = "/internal/views", tag = "internal", params(Paging),
    responses((status = 200, body = PostViewsPage)))]
pub(super) async fn views(
    _: ServiceCaller,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<PostViewsPage>> {
    Ok(Json(tell::page(&app.db, &paging.after, paging.limit()?).await?))
}

/// Counts and tells totals now rather than within five minutes
#[utoipa::path(post, path = "/internal/views/tell", tag = "internal", responses((status = 200, body = Told)))]
pub(super) async fn tell(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Told>> {
    Ok(Json(Told { told: jobs::tell_totals(&app).await? }))
}

/// Forgets what is over now rather than within the hour
#[utoipa::path(post, path = "/internal/views/forget", tag = "internal",
    responses((status = 204, description = "What is over is forgotten")))]
pub(super) async fn forget(_: ServiceCaller, State(app): State<App>) -> ApiResult<StatusCode> {
    jobs::forget(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Compares with the owners what events brought, and repairs it
#[utoipa::path(post, path = "/internal/reconcile", tag = "internal", responses((status = 200, body = Report)))]
pub(super) async fn reconcile(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Report>> {
    Ok(Json(crate::reconcile::run(&app).await?))
}
