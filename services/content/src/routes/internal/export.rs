//! `GET /internal/comments?post=`: the comments of a post with their sources, for an export.

use axum::{Json, extract::State};
use contracts::content::WholeComments;
use kit::{ApiResult, auth::ServiceCaller, extract::Query, id};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, routes::paging::refused, store::whole};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Id of the post.
    post: String,
}

#[utoipa::path(
    get, path = "/internal/comments", tag = "internal", operation_id = "internal_comments",
    description = "All comments of a post in whatever state, their sources included.", params(Params),
    responses((status = 200, body = WholeComments)),
)]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<WholeComments>> {
    let post = id::parse(&params.post).ok_or_else(|| refused("post", "The id of a post.".to_owned()))?;
    Ok(Json(WholeComments { items: whole::of_post(app.db.read(), &post).await? }))
}
