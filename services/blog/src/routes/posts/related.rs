//! `GET /api/posts/:slug/related?size=`: public posts that share tags, category or words.

use axum::{Json, extract::State};
use contracts::search::Related;
use kit::{
    ApiResult,
    auth::OptionalViewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::adjacent::visible;
use crate::{app::App, routes::page::refused, store::beside};

const DEFAULT_SIZE: u32 = 5;
const MAX_SIZE: u32 = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1 to 20; 5 when absent.
    #[param(minimum = 1, maximum = 20)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/posts/{slug}/related", tag = "posts", params(("slug" = String, Path), Params),
    security((), ("bearer" = [])),
    responses((status = 200, description = "The nearest first", body = Related)))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Related>> {
    let size = params.size.unwrap_or(DEFAULT_SIZE);
    if !(1..=MAX_SIZE).contains(&size) {
        return Err(refused("size", format!("From 1 to {MAX_SIZE}.")).into());
    }
    let (post, _) = visible(&app, viewer.as_ref(), &slug).await?;
    let ids = app.search()?.related(post, usize::try_from(size).unwrap_or_default()).await?;
    Ok(Json(Related { items: beside::public_in_order(&app.db, &ids).await? }))
}
