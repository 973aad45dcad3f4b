//! `POST /internal/search/rebuild`: indexes everything anew.

use axum::{Json, extract::State};
use contracts::search::SearchRebuild;
use http::StatusCode;
use kit::{ApiResult, auth::ServiceCaller};

use crate::{app::App, store::feeds};

#[utoipa::path(post, path = "/internal/search/rebuild", tag = "internal",
    responses((status = 202, description = "It began", body = SearchRebuild)))]
pub(crate) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<(StatusCode, Json<SearchRebuild>)> {
    let (queued, _) = feeds::public_state(&app.db).await?;
    app.search()?.rebuild();
    Ok((StatusCode::ACCEPTED, Json(SearchRebuild { queued })))
}
