//! `GET /internal/redirects?path=`: where an old URL lives now.

use axum::{Json, extract::State};
use contracts::{blog::Redirect, problem::Problem};
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, store::redirects};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Path on this site.
    path: String,
}

#[utoipa::path(get, path = "/internal/redirects", tag = "internal", params(Params),
    responses(
        (status = 200, description = "Where it lives now", body = Redirect),
        (status = 404, description = "It was never known"),
    ))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Redirect>> {
    let target = redirects::target(&app.db, &redirects::normal(&params.path)).await?;
    let slug = target.ok_or_else(|| Problem::not_found("old address"))?;
    Ok(Json(Redirect { location: format!("/posts/{slug}") }))
}
