//! `GET /api/comments/mine` (USER)

use axum::{Json, extract::State};
use contracts::content::MyComments;
use kit::{ApiResult, auth::Viewer, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, routes::paging::within, store::mine};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
    /// Those in the trash instead.
    trashed: Option<bool>,
}

#[utoipa::path(
    get, path = "/api/comments/mine", tag = "comments", operation_id = "comments_mine",
    description = "The caller's own comments, newest first.",
    params(Params), security(("bearer" = [])), responses((status = 200, body = MyComments)),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<MyComments>> {
    let (page, size) = within(params.page, params.size)?;
    Ok(Json(mine::page(&app.db, &viewer, params.trashed.unwrap_or_default(), page, size).await?))
}
