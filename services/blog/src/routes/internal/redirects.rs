//! `GET /internal/redirects?path=`: where an old URL lives now.

use axum::{Json, extract::State};
use contracts::{blog::Redirect, problem::Problem};
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;

use crate::{app::App, store::redirects};

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    path: String,
}

pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Redirect>> {
    let target = redirects::target(&app.db, &redirects::normal(&params.path)).await?;
    let slug = target.ok_or_else(|| Problem::not_found("old address"))?;
    Ok(Json(Redirect { location: format!("/posts/{slug}") }))
}
