//! `DELETE /api/drafts/:id?version=` (its author, ADMIN): for good; a draft was never anybody else's.

use axum::extract::State;
use http::StatusCode;
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The version that is meant; a stale one is a 409.
    version: Option<u32>,
}

#[utoipa::path(delete, path = "/api/drafts/{id}", tag = "drafts", params(("id" = String, Path), Params),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "It was saved elsewhere meanwhile; `current` is the draft as it is now"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<StatusCode> {
    let tx = app.db.begin().await?;
    let draft = super::find(&tx, &viewer, &id).await?;
    if let Some(yours) = params.version
        && yours != draft.summary.version
    {
        return Err(ApiError::stale(yours, draft.summary.version, &draft));
    }
    super::remove(&tx, &viewer, &draft, app.clock.millis()).await?;
    app.send(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
